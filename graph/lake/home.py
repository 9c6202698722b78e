"""Where everything of one installation lives on disk."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class LakeHome:
    """The folders below one home (`--lake`, else DUANLIAN_HOME, else ./var)."""

    root: Path

    @property
    def originals(self) -> Path:
        """Source files as received, by sha256, read-only."""
        return self.root / "originals"

    @property
    def batches(self) -> Path:
        """Normalised, immutable rows: batches/<template>/<sha256>.parquet."""
        return self.root / "lake" / "batches"

    @property
    def tables(self) -> Path:
        """Canonical tables; `manifest.json` names the folder in force."""
        return self.root / "lake" / "tables"

    @property
    def settling(self) -> Path:
        """What settling keeps so that few new rows cost little; made anew when it is missing."""
        return self.root / "lake" / "settling"

    @property
    def lookups(self) -> Path:
        """Files for quick look-ups, made of the tables when first needed; may be deleted at any time."""
        return self.root / "lake" / "lookups"

    @property
    def ledger(self) -> Path:
        """Files, batches, row accounts, loads, rejects (SQLite)."""
        return self.root / "ledger.sqlite"

    @property
    def quarantine(self) -> Path:
        """Rejected rows and files with reason codes."""
        return self.root / "quarantine"

    @property
    def findings(self) -> Path:
        """Detection results."""
        return self.root / "findings"

    @property
    def models(self) -> Path:
        """A model learned from the user's labels, with the card of what it was made from."""
        return self.root / "models"

    @property
    def vault(self) -> Path:
        """Encrypted informant data; nothing else reads it."""
        return self.root / "vault"

    @property
    def neo4j(self) -> Path:
        """The local Neo4j's home, a projection that may be deleted at any time."""
        return self.root / "neo4j"


def lake_home(path: Path | None = None) -> LakeHome:
    """The home at `path`, else at DUANLIAN_HOME, else ./var; nothing is created here."""
    return LakeHome((path or Path(os.environ.get("DUANLIAN_HOME", "var"))).resolve())
