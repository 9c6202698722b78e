"""`njit` for all compiled loops; their machine code is kept under a name that tells all of its sources.

Numba looks at the one file a function stands in. A kernel that calls another file's, or holds a constant of
it, would run on with the old code after an update, and with it say old sums.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import config, njit

__all__ = ["forget_older", "machine_code_folder", "njit", "uncounted"]

F = TypeVar("F", bound=Callable[..., Any])

_CHECKOUT = Path(__file__).resolve().parents[1]
_PACKAGES = ("graph", "funds", "detect")
_IMPORT = re.compile(rb"^from ((?:graph|funds|detect)[\w.]*) import", re.MULTILINE)
_MARKS = (b"import njit", b"import uncounted")


def machine_code_folder(checkout: Path = _CHECKOUT) -> Path:
    """Where machine code made of the present sources lies, under `NUMBA_CACHE_DIR`, else `.cache/numba`."""
    stamp = hashlib.sha256()
    for source in sorted(set(_sources(checkout))):
        stamp.update(str(source.relative_to(checkout)).encode() + b"\0" + source.read_bytes() + b"\0")
    kept = Path(os.environ.get("NUMBA_CACHE_DIR") or checkout / ".cache" / "numba")
    return kept / f"loops-{stamp.hexdigest()[:16]}"


def forget_older(checkout: Path = _CHECKOUT) -> None:
    """Remove machine code of other sources; a process that still runs them compiles anew."""
    present = machine_code_folder(checkout)
    for older in present.parent.glob("loops-*"):
        if older != present:
            shutil.rmtree(older, ignore_errors=True)


def _sources(checkout: Path) -> Iterator[Path]:
    """Files with compiled loops, and those whose names they import: constants become part of the code."""
    for package in _PACKAGES:
        for source in (checkout / package).rglob("*.py"):
            text = source.read_bytes()
            if any(mark in text for mark in _MARKS):
                yield source
                for name in _IMPORT.findall(text):
                    module = checkout.joinpath(*name.decode().split("."))
                    yield from (p for p in (module.with_suffix(".py"), module / "__init__.py") if p.is_file())


def uncounted(function: F) -> F:
    """Compile a loop that makes no array: references to those it is given are not counted.

    Numba counts them at every call between loops, which took half the time of a trace.
    """
    options: dict[str, Any] = {"cache": True, "error_model": "numpy", "_nrt": False}
    return cast(F, njit(**options)(function))


config.CACHE_DIR = str(machine_code_folder())  # type: ignore[attr-defined]  # numba makes its settings at run time
