"""The environment of the accelerators that Panacea is compared with."""
