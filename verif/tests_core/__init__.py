"""Tests of the AQS-GEMM core that run inside the simulator."""
