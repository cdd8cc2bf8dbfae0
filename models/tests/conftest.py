"""One BLAS thread for each test process, before numpy starts.

The tests run in one process per core; BLAS threads of several processes that wait for each other
on the same cores made them ten times slower.
"""

import os

__all__: list[str] = []

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
