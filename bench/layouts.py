"""Loads every template in every way of writing it, beside the plain file: `python -m bench.layouts`.

Recognised: the file is loaded by the same template. Mapped: columns of the plain file that the variant's file
has under the same field. Digest: the graph equals that of the plain files.
"""

import argparse
import csv
import io
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import yaml

from bench.clock import machine, run
from bench.layout_variants import VARIANTS, Plain, Variant, as_csv
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import open_tables
from ingest.clean.sides import AMOUNT, DIRECTION
from ingest.ledger import LOADED, Ledger
from ingest.load import LoadOptions, load_files
from ingest.settle import settle
from ingest.template import Template, template, templates

MAPPED_AT_LEAST = 0.95
_AMLSIM = {
    "amlsim_nodes": (["nodeid", "isFraud", "init_balance", "fraudStep"], 4),
    "amlsim_transactions": (["sourceNodeId", "targetNodeId", "value", "time"], 4),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one variant of all files; mapped and expected are columns."""

    variant: str
    files: int
    recognised: int
    mapped: int
    expected: int
    rows: int
    rejected: int
    same_rows: bool
    same_digest: bool

    @property
    def kept(self) -> bool:
        """Whether the promise holds: all recognised, 95 % mapped, the same graph."""
        enough = self.mapped >= MAPPED_AT_LEAST * self.expected
        return self.recognised == self.files and enough and self.same_rows and self.same_digest


def main() -> int:
    """Print one line a variant; 1 when one misses."""
    given = _parser().parse_args()
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder) / "data"
        run(
            "-m",
            "simulate",
            "--out",
            str(world),
            "--accounts",
            "1000",
            "--seed",
            str(given.seed),
            "--days",
            "20",
        )
        found = measure(
            plain_tables(world, given.rows), Path(folder) / "work", given.variants or list(VARIANTS)
        )
    if given.json:
        print(json.dumps([{**_as_dict(one), "kept": one.kept} for one in found], ensure_ascii=False))
    else:
        print(machine())
        print(as_table(found))
    return 0 if all(one.kept for one in found) else 1


def plain_tables(world: Path, most_rows: int) -> dict[str, Plain]:
    """One table a template: the first file of each kind in a simulated world, and a small AMLSim network."""
    found: dict[str, Plain] = {}
    for name in templates():
        if name in _AMLSIM:
            header, width = _AMLSIM[name]
            body = [[str((row * (at + 3)) % 40) for at in range(width)] for row in range(1, 60)]
            found[name] = Plain(template(name), header, [[r[0], str(int(r[1]) % 2), *r[2:]] for r in body])
        else:
            data = sorted(world.glob(f"{name}_*.csv"))[0].read_bytes()
            text = data.decode("utf-8-sig") if _is_utf8(data) else data.decode("gb18030")
            rows = list(csv.reader(io.StringIO(text)))
            found[name] = Plain(template(name), rows[0], _without_wide_commas(rows[1 : most_rows + 1]))
    moves = found["amlsim_transactions"]
    found["amlsim_transactions"] = Plain(
        moves.kind, moves.header, [[f"{i}", f"{i + 1}", "2.50", "1"] for i in range(40)]
    )
    found["amlsim_nodes"] = Plain(
        found["amlsim_nodes"].kind,
        found["amlsim_nodes"].header,
        [[f"{i}", "0", "5.50", "-1"] for i in range(40)],
    )
    return found


def measure(tables: Mapping[str, Plain], work: Path, variants: Sequence[str]) -> list[Outcome]:
    """The outcome of each variant, in the order named. work: a folder for files and lakes, removed after."""
    work.mkdir(parents=True, exist_ok=True)
    plain = Variant(".csv", lambda p: as_csv(p.header, p.rows).encode())
    free = {name: table for name, table in tables.items() if not table.kind.order_counts}
    before = {False: _load(tables, plain, work / "plain", None)}
    if any(VARIANTS[name].adds_rows for name in variants):
        before[True] = _load(free, plain, work / "free", work / "plain" / "home")
    outcomes = []
    for name in variants:
        adds_rows = VARIANTS[name].adds_rows
        some = free if adds_rows else tables
        after = _load(some, VARIANTS[name], work / "variant", work / "plain" / "home")
        outcomes.append(_compare(name, before[adds_rows], after))
        shutil.rmtree(work / "variant")
    return outcomes


@dataclass(frozen=True, slots=True)
class _Loaded:
    """By template: fields mapped and the row account; with it the graph's digest."""

    fields: Mapping[str, frozenset[str]]
    rows: Mapping[str, tuple[int, int]]
    digest: str


def _load(tables: Mapping[str, Plain], variant: Variant, place: Path, keys_from: Path | None) -> _Loaded:
    home = lake_home(place / "home")
    (place / "files").mkdir(parents=True)
    if keys_from is not None and (keys_from / "vault").is_dir():
        # Tip numbers are keyed by the vault: only with one key can two lakes have one digest.
        shutil.copytree(keys_from / "vault", home.vault)
    if variant.aliases is not None:
        _declare(home, {name: variant.aliases(plain) for name, plain in tables.items()})
    paths = []
    for name, plain in tables.items():
        paths.append(place / "files" / f"{name}{variant.ending}")
        paths[-1].write_bytes(variant.write(plain))
    records = load_files(home, paths, LoadOptions()).records
    settle(home)
    ledger = Ledger(home)
    fields: dict[str, frozenset[str]] = {}
    rows: dict[str, tuple[int, int]] = {}
    for name, record in zip(tables, records, strict=True):
        if record.state == LOADED and record.template == name:
            columns = {f for sheet in ledger.sheets(record.sha256) for f in sheet.columns}
            fields[name] = frozenset(columns | _told(template(name), columns))
            rows[name] = (record.loaded + record.duplicates, record.rejected)
    ledger.close()
    return _Loaded(fields, rows, open_tables(home).digest.digest)


def _told(kind: Template, columns: Set[str]) -> set[str]:
    """What two columns of sides say together."""
    sides = {field for field, column in kind.columns.items() if column.side}
    return {AMOUNT, DIRECTION} if sides and sides <= columns else set()


def _declare(home: LakeHome, aliases: Mapping[str, Mapping[str, list[str]]]) -> None:
    folder = home.root / "templates"
    folder.mkdir(parents=True)
    body = {name: {"columns": dict(fields)} for name, fields in aliases.items()}
    (folder / "aliases.yml").write_text(yaml.safe_dump(body, allow_unicode=True), encoding="utf-8")


def _compare(variant: str, before: _Loaded, after: _Loaded) -> Outcome:
    return Outcome(
        variant,
        len(before.fields),
        len(after.fields),
        sum(len(before.fields[name] & fields) for name, fields in after.fields.items()),
        sum(len(fields) for fields in before.fields.values()),
        sum(loaded for loaded, _ in after.rows.values()),
        sum(rejected for _, rejected in after.rows.values()),
        after.rows == before.rows,
        after.digest == before.digest,
    )


def as_table(found: Sequence[Outcome]) -> str:
    """The outcomes as a Markdown table."""
    lines = [
        "| variant | files | recognised | columns mapped | rows | rejected | same graph | kept |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in found:
        share = one.mapped / max(one.expected, 1)
        lines.append(
            f"| {one.variant} | {one.files} | {one.recognised} | {one.mapped} of {one.expected} ({share:.1%})"
            f" | {one.rows} | {one.rejected} | {'yes' if one.same_digest and one.same_rows else 'NO'}"
            f" | {'yes' if one.kept else 'NO'} |"
        )
    return "\n".join(lines)


def _as_dict(one: Outcome) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _without_wide_commas(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Text with a full-width comma can't be written with that comma between fields, which knows no quotes."""
    return [[text.replace("，", " ") for text in row] for row in rows]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.layouts", description=__doc__)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--rows", type=int, default=300, help="rows taken of each table")
    parser.add_argument("--variants", nargs="+", choices=list(VARIANTS), metavar="NAME")
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
