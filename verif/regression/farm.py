"""Where jobs run: processes of this machine, a Dask scheduler, or a cluster's queue."""

import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import dask
import yaml
from distributed import Client, LocalCluster, as_completed
from distributed.utils import TimeoutError as DaskTimeoutError

from models.errors import PanaceaError
from verif.build_spec import ROOT

__all__ = ["PROFILES", "open_farm", "queue_cluster", "stream"]

PROFILES = Path(__file__).parent / "profiles.yaml"

RETRIES = 2
"""How many workers of ours a job may lose and is still tried again."""

_SLOW_DISK = "Creating scratch directories"
"""How a warning begins that workers print on a busy machine, and that helps nobody."""

CONNECT_SECONDS = 20
WORKER_SECONDS = 60

_NO_INTERRUPT = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
"""Run by our own workers: Ctrl-C reaches them too, but it is the client that ends them."""

Key = TypeVar("Key")


@contextmanager
def open_farm(*, jobs: int, scheduler: str = "", profile: str = "") -> Iterator[Client]:
    """A client with workers behind it.

    Args:
        jobs: workers to start; without meaning for a given scheduler.
        scheduler: address of a running Dask scheduler.
        profile: a section of `profiles.yaml`: workers are jobs of that queue.

    Raises:
        PanaceaError: the scheduler cannot be reached or has no workers; no such profile.
    """
    if scheduler and profile:
        raise PanaceaError("scheduler, profile: only one of them can be given")
    # Workers that come and go are the scheduler's everyday life, and ours; nobody wants its log.
    options = {
        "logging.distributed": "critical",
        "distributed.scheduler.allowed-failures": RETRIES,
        "distributed.scheduler.worker-saturation": 1.0,  # no job waits at a worker that is busy
        "distributed.nanny.pre-spawn-environ.PYTHONWARNINGS": f"ignore:{_SLOW_DISK}",
        "distributed.worker.preload": [_NO_INTERRUPT],
    }
    with dask.config.set(options), warnings.catch_warnings():
        warnings.filterwarnings("ignore", _SLOW_DISK)
        if scheduler:
            with _connected(scheduler) as client:
                yield client
        elif profile:
            with queue_cluster(profile) as cluster, Client(cluster) as client:
                cluster.scale(jobs=jobs)
                yield client
        else:
            local = LocalCluster(
                n_workers=jobs,
                threads_per_worker=1,
                processes=True,
                memory_limit=0,  # what counts is the simulation's, which each run limits itself
                dashboard_address=":0",
                silence_logs=logging.CRITICAL,
            )
            with local as cluster, Client(cluster) as client:
                yield client


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        client = Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise PanaceaError(f"scheduler: {address!r} cannot be reached: {error}") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=WORKER_SECONDS)
        except DaskTimeoutError as error:
            raise PanaceaError(f"scheduler: {address!r} has no workers") from error
        yield client


def queue_cluster(profile: str) -> Any:
    """The dask-jobqueue cluster of a section of `profiles.yaml`, without workers yet.

    Raises:
        PanaceaError: there is no such section.
    """
    profiles = yaml.safe_load(PROFILES.read_text(encoding="utf-8"))
    if profile not in profiles:
        raise PanaceaError(f"profile: {profile!r} is not one of {', '.join(profiles)}")
    import dask_jobqueue  # slow to import, and only needed here

    settings = profiles[profile]
    cluster = getattr(dask_jobqueue, settings.pop("cluster"))
    return cluster(
        python=str(ROOT / ".venv" / "bin" / "python"),
        job_script_prologue=[f"cd {ROOT}", f"export PYTHONPATH={ROOT}"],
        **settings,
    )


def stream(
    client: Client,
    function: Callable[..., Any],
    calls: Mapping[Key, tuple[tuple, dict[str, Any]]],
    seconds: Mapping[Key, float] | None = None,
) -> Iterator[tuple[Key, Any]]:
    """Call a function on the workers; yields key and result, or exception, of each call as it ends.

    A call whose worker goes away is made again, until it has lost so many that the exception is
    KilledWorker. A result that is lost with its worker is computed again.

    Args:
        client: of the farm.
        function: what to call.
        calls: its arguments, by key.
        seconds: how long calls are expected to take: the longest begin first.

    Raises:
        PanaceaError: the scheduler is gone.
    """
    expected = seconds or {}
    futures = {
        client.submit(function, *args, **named, pure=False, priority=expected.get(key, 0.0)): key
        for key, (args, named) in calls.items()
    }
    try:
        for future in as_completed(futures):
            if future.status == "cancelled":
                raise PanaceaError("scheduler: the connection to it is lost")
            yield futures[future], future.exception() or future.result()
            future.release()
    finally:
        client.cancel([future for future in futures if not future.done()])
