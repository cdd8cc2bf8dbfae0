"""Models of the accelerators that Panacea is compared with."""
