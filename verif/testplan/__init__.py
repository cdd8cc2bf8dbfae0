"""The testplan: what is to be shown of every block, and which tests and coverpoints show it."""
