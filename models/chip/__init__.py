"""The chip as software sees it: requests, programs, and what they compute."""
