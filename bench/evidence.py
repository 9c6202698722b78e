"""Worlds as evidence: the signs on every account of a simulated world beside its truth, kept on disk."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bench.clock import CHECKOUT
from bench.worlds import made_world
from detect.facts import Facts
from detect.rule import QUERIES, load_rules
from detect.run import run_rules
from detect.signs import account_signs
from graph.lake.home import lake_home
from graph.lake.tables import open_tables

NOISES = ("LOW", "MID", "HIGH")
_STAGES = ("graph", "simulate", "ingest", "funds", "detect/detectors")


@dataclass(frozen=True, slots=True)
class World:
    """One world's evidence. signs: as `detect.signs.account_signs`, of accounts of the truth only.

    mules: account -> whether the truth says it was lent to or worked for a ring, of every account.
    """

    seed: int
    noise: str
    signs: pl.DataFrame
    mules: dict[str, bool]


def world(seed: int, noise: str, accounts: int, keep: Path) -> World:
    """The evidence of one world: kept below `keep` when it was made by the same rules and code, else made."""
    folder = keep / f"{accounts}_{noise}_{seed}_{code_state()}"
    if not (folder / "truth.parquet").exists():
        folder.mkdir(parents=True, exist_ok=True)
        _make(seed, noise, accounts, folder)
    truth = pl.read_parquet(folder / "truth.parquet")
    known = truth["account"].implode()
    signs = pl.read_parquet(folder / "signs.parquet").filter(pl.col("account").is_in(known))
    return World(seed, noise, signs, dict(truth.iter_rows()))


def _make(seed: int, noise: str, accounts: int, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        made = made_world(Path(place), accounts, seed, noise)
        tables = open_tables(lake_home(made.lake))
        facts = Facts(tables)
        found = run_rules(tables, load_rules(), facts=facts)
        account_signs(found.findings, facts).write_parquet(folder / "signs.parquet")
        truth = pl.read_csv(made.truth / "accounts.csv", infer_schema=False)
    # Last, so that a folder broken off is made anew.
    truth.select("account", pl.col("is_mule") == "1").sort("account").write_parquet(folder / "truth.parquet")


def code_state() -> str:
    """Short name of the rules and code that evidence depends on; weights do not count."""
    files = [path for path in QUERIES.rglob("*.yml") if path.parent.name != "weights"]
    files += [path for stage in _STAGES for path in (CHECKOUT / stage).rglob("*.py")]
    named = ("excuses", "facts", "money", "run", "signs", "sql_hits")
    files += [CHECKOUT / "detect" / f"{name}.py" for name in named]
    files += (CHECKOUT / "detect").glob("exceptions*.py")
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sorted(files))).hexdigest()[:8]
