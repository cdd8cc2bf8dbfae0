"""The sign-off: whether the stages V1, V2 and V3 hold, judged from a regression's results alone."""
