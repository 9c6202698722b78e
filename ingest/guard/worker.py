"""The child process: puts up its fences first, then loads the parser and serves files until its parent goes.

Started by `process.py` with the arguments CHANNEL SCRATCH PARENT LANDLOCK SECCOMP; not for people.
"""

import gc
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import graph  # noqa: F401  found now, because the checkout's folder can't be searched behind the fence
from ingest.guard.fences import confine
from ingest.guard.wire import Wire

_OBJECTS = 100_000
"""New objects after which Python looks for cycles among them."""


def main(arguments: Sequence[str]) -> None:
    """Confine the process, then serve."""
    channel, scratch, parent, landlock, seccomp = arguments
    confine(Path(scratch), int(parent), int(landlock), bool(int(seccomp)))
    # Importing makes a million objects that stay; to look through them time and again costs a third as much.
    gc.set_threshold(_OBJECTS)
    # Compiled kernels would load its linear algebra, which none of them uses, in a quarter of a second.
    sys.modules["scipy"] = None  # type: ignore[assignment]
    from ingest.guard.serve import serve  # behind the fences: this import starts threads

    serve(Wire(socket.socket(fileno=int(channel))), Path(scratch))


if __name__ == "__main__":
    main(sys.argv[1:])
    # Nothing is left to save, and tearing down the libraries' threads only costs time.
    os._exit(0)
