"""The lake's tables as Neo4j got them last, kept as hard links so that the next sync knows what changed."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from graph.lake.digest import GraphDigest, graph_digest
from graph.lake.seal import read_sealed, write_sealed
from graph.lake.tables import LakeTables
from graph.schema.catalog import stored_tables

_FACTS = "tables.json"


def batch_name(tables: LakeTables) -> str:
    """The name of a state of the lake: by content and custody, as the lake names its folder."""
    return f"{tables.digest.digest[:20]}-{tables.digest.custody[:12]}"


@dataclass(frozen=True, slots=True)
class SyncedStates:
    """The kept states of one server, one folder each."""

    root: Path

    def keep(self, tables: LakeTables) -> LakeTables:
        """A copy of `tables` that stays when the lake moves on."""
        folder = self.root / batch_name(tables)
        if not (folder / _FACTS).exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700, parents=True)
            for source in sorted(tables.folder.glob("*.parquet")) if tables.folder else ():
                _link(source, folder / source.name)
            facts = {"rows": tables.rows, "digest": tables.digest.as_dict(), "files": dict(tables.files)}
            write_sealed(folder / _FACTS, facts)
        return LakeTables(folder, tables.rows, tables.digest, tables.made_of, tables.files)

    def find(self, batch: str) -> LakeTables | None:
        """The kept state called `batch`; None when it is not there any more, whole."""
        folder = self.root / batch
        try:
            facts = read_sealed(folder / _FACTS)
        except (OSError, ValueError):
            return None
        if facts is None:
            return None
        digest, files = GraphDigest.from_dict(facts["digest"]), facts.get("files", {})
        kept = LakeTables(folder, facts["rows"], digest, files=files)
        return kept if kept.intact else None

    def forget_all_but(self, batch: str) -> None:
        """Remove every kept state but one."""
        for folder in self.root.iterdir() if self.root.is_dir() else ():
            if folder.name != batch:
                shutil.rmtree(folder, ignore_errors=True)


def empty_tables() -> LakeTables:
    """The state of a lake that holds nothing."""
    return LakeTables(None, dict.fromkeys(stored_tables(), 0), graph_digest({}))


def _link(source: Path, place: Path) -> None:
    try:
        os.link(source, place)
    except OSError:  # another file system
        shutil.copyfile(source, place)
