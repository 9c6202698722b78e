"""Machine code of the parser's kernels: compiled once outside the guard, and copied for each child.

A child may write nothing that outlives it, so it can't keep what it compiles, and compiling takes longer than
most files. The copy lies where the child can write; no other process ever reads it.
"""

import hashlib
import logging
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

logger = logging.getLogger(__name__)
_CHECKOUT = Path(__file__).resolve().parents[2]
_SOURCES = _CHECKOUT / "ingest" / "plain"
_LONGEST_S = 600
LARGE_BYTES = 8 << 20
"""Files from this size on are worth compiling the kernels, which takes about half a minute once."""


def prepare() -> bool:
    """Compile ahead, so that no load has to; whether the machine code is there."""
    return _place().is_dir() or _compile(_place())


def give_kernels(folder: Path, size: int) -> None:
    """Copy the kernels' machine code to `folder`, for a child about to parse a file of `size` bytes.

    It is compiled first when the file is large; without it the child works as exactly and more slowly.
    """
    if folder.exists():
        return
    place = _place()
    if not place.is_dir() and not (size >= LARGE_BYTES and _compile(place)):
        return
    shutil.copytree(place, folder)


def _compile(place: Path) -> bool:
    """Have a process of its own compile into `place`; whether it is there now."""
    logger.info("compiling the parser's kernels, once")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent, prefix="new-") as folder:
            fresh = Path(folder) / "kernels"
            environment = os.environ | {"NUMBA_CACHE_DIR": str(fresh), "PYTHONPATH": str(_CHECKOUT)}
            command = [sys.executable, "-m", "ingest.plain.compiled"]
            subprocess.run(
                command, check=True, env=environment, cwd=_CHECKOUT, timeout=_LONGEST_S, capture_output=True
            )
            fresh.rename(place)
            for older in place.parent.iterdir():
                if older != place and not older.name.startswith("new-"):
                    shutil.rmtree(older, ignore_errors=True)
    except (OSError, subprocess.SubprocessError) as error:
        if not place.is_dir():  # else another process was quicker
            logger.warning("the parser's kernels can't be compiled: %s", type(error).__name__)
    return place.is_dir()


@cache
def _place() -> Path:
    """Where the machine code for these sources, this numba and this processor lies."""
    stamp = hashlib.sha256(f"{version('numba')} {platform.python_version()} {_processor()}".encode())
    for source in sorted(_SOURCES.glob("*.py")):
        status = source.stat()
        stamp.update(f"{source} {status.st_mtime_ns} {status.st_size}".encode())
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or _CHECKOUT / ".cache" / "numba")
    return folder / "parser" / stamp.hexdigest()[:16]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return " ".join(sorted({line for line in lines if line.startswith(("flags", "model name"))}))


if __name__ == "__main__":
    prepare()
