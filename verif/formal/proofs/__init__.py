"""The proofs, by what they are about."""
