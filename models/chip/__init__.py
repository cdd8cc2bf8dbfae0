"""The chip around the core: descriptors, compiler, functional model, bound."""
