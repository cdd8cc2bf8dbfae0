"""Coverage: of code and of functions, their merging and their waivers."""
