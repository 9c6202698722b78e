"""The lake's tables as Neo4j got them last, kept as hard links so that the next sync knows what changed."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from graph.lake.seal import read_sealed, write_sealed
from graph.lake.tables import LakeTables, manifest_of, read_manifest, tables_of

_FACTS = "tables.json"


@dataclass(frozen=True, slots=True)
class SyncedStates:
    """The kept states of one server, one folder each."""

    root: Path

    def keep(self, tables: LakeTables) -> LakeTables:
        """A copy of `tables` that stays when the lake moves on; one kept before may lie in other layers."""
        kept = self.find(tables.state)
        if kept is not None:
            return kept
        folder = self.root / tables.state
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
        for source, part in zip(tables.folders, tables.parts, strict=True):
            (folder / part.folder).mkdir()
            for name in part.files:
                _link(source / name, folder / part.folder / name)
        write_sealed(folder / _FACTS, manifest_of(tables))
        return tables_of(folder, tables.sums, tables.parts, tables.made_of)

    def find(self, batch: str) -> LakeTables | None:
        """The kept state called `batch`; None when it is not there any more, whole."""
        folder = self.root / batch
        try:
            facts = read_sealed(folder / _FACTS)
            kept = None if facts is None else read_manifest(folder, facts)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return kept if kept is not None and kept.intact else None

    def forget_all_but(self, batch: str) -> None:
        """Remove every kept state but one."""
        for folder in self.root.iterdir() if self.root.is_dir() else ():
            if folder.name != batch:
                shutil.rmtree(folder, ignore_errors=True)


def _link(source: Path, place: Path) -> None:
    try:
        os.link(source, place)
    except OSError:  # another file system
        shutil.copyfile(source, place)
