"""One writer at a time: a lock file that says who holds it (GUARANTEES 2)."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from graph.durable import disk
from graph.errors import InputError
from graph.lake.home import LakeHome


@contextmanager
def writing(home: LakeHome) -> Iterator[None]:
    """Hold the home's write lock; InputError names the process that holds it already.

    The system lets go of it when its process ends, however it ends: a dead holder's lock is taken over.
    """
    home.root.mkdir(parents=True, exist_ok=True)
    path = home.root / "ingest.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            raise InputError(
                f"Process {holder} is loading into {home.root.name}; wait for it to end and run this again.",
                code="LOCKED",
                holder=holder,
            ) from error
        with disk(path):
            os.ftruncate(descriptor, 0)
            os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        os.close(descriptor)
