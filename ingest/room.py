"""Stops loading while the disk still has room: a full disk is better met before a file than inside one."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from graph.errors import StorageFailed
from graph.lake.home import LakeHome
from ingest.ledger import BatchRecord, batch_path
from ingest.limits import MEGABYTE

FREE_SHARE = 0.05


class Room:
    """How much must stay free: twice the largest batch or file to come, and a twentieth of the disk."""

    def __init__(self, home: LakeHome, batches: Sequence[BatchRecord]) -> None:
        self._home = home
        self._largest = max((_size(batch_path(home, batch)) for batch in batches), default=0)

    def check(self, path: Path) -> None:
        """StorageFailed (LOW_SPACE) when loading `path` could fill the disk."""
        self._largest = max(self._largest, _size(path))
        disk = shutil.disk_usage(self._home.root)
        needed = max(2 * self._largest, int(disk.total * FREE_SHARE))
        if disk.free < needed:
            raise StorageFailed(
                f"The disk of {self._home.root.name} has {disk.free // MEGABYTE} MB free and loading needs"
                f" {needed // MEGABYTE} MB; free space and run the same command again: what was loaded before"
                " is kept.",
                code="LOW_SPACE",
            )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
