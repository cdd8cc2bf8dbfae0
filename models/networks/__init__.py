"""Real networks whose fully connected layers the accelerator runs."""
