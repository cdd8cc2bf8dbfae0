"""The register map: generated files, and an AXI4-Lite agent for the generated register model."""
