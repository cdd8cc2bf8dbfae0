"""Word-level symbolic simulation: control is given, data are symbols, sums are polynomials."""
