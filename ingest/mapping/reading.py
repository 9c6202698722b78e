"""Reads an unknown file for the mapping: in the guarded child and with the limits of loading."""

import tempfile
from pathlib import Path

from graph.lake.home import LakeHome
from ingest.guard.parser import GuardedParser
from ingest.layouts import Layouts
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.readers.grid import refuse
from ingest.reasons import Reason
from ingest.unknown import UnknownTable


def look_at(
    home: LakeHome,
    path: Path,
    name: str,
    layouts: Layouts,
    sheet: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> UnknownTable:
    """The first rows of the file at `path`, called `name`; see `ingest.unknown`. The file stays as it is.

    UnreadableSource with its reason code when it can't be read, also when it ended the child.
    """
    if not path.is_file():
        raise refuse(Reason.NOT_A_FILE, name)
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise refuse(Reason.TOO_LARGE, name)
    if not size:
        raise refuse(Reason.EMPTY_FILE, name)
    # Cells are personal data: they pass through the home where there is one, and are gone afterwards.
    place = home.root if home.root.is_dir() else None
    with (
        tempfile.TemporaryDirectory(dir=place, prefix=".map-") as folder,
        GuardedParser(Path(folder), limits) as parser,
    ):
        return parser.look(path.resolve(), name, layouts, sheet)
