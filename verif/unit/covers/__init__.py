"""The functional coverage of the unit benches: for `bench_NAME`, `COVERS` of the module `NAME`."""
