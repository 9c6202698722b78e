"""Keeps what Polars puts on disk when memory is short inside the home: it holds personal data."""

import os
import shutil
import time
from pathlib import Path

from graph.durable import make_folder
from graph.lake.home import LakeHome

_FOLDER = "spill"
_NAMES = ("POLARS_OOC_SPILL_DIR", "POLARS_TEMP_DIR")
_LEFT_S = 24 * 3600


def spill_into(home: LakeHome) -> None:
    """Have this process's Polars write below `<home>/spill` (mode 0700) instead of the system's own folder.

    A home that does not exist yet stays so: there is nothing to spill. What a process that was killed left
    there a day ago is removed. Polars asks for the folder when it first needs it, so this comes before that.
    """
    if not home.root.is_dir():
        return
    folder = home.root / _FOLDER
    make_folder(folder, 0o700)
    folder.chmod(0o700)
    for name in _NAMES:
        os.environ[name] = str(folder)
    for left in folder.iterdir():
        if left.name.isdecimal() and _is_left(left):
            shutil.rmtree(left, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    """Whether nobody writes there any more; a process of another container is not seen, hence the day."""
    if Path(f"/proc/{folder.name}").exists():
        return False
    try:
        return time.time() - folder.stat().st_mtime > _LEFT_S
    except OSError:
        return False
