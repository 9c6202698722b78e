"""Quality and cost of entity resolution on registers with known doubles: `python -m bench.resolve`."""

import argparse
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from bench.clock import machine
from graph.lake.home import lake_home
from graph.lake.tables import open_tables
from ingest.load import LoadOptions, load_files
from ingest.resolve.models import THRESHOLD
from ingest.resolve.proposals import proposals
from ingest.settle import settle
from simulate.names import CITY_NAMES, GIVEN, STREETS
from simulate.people import People
from simulate.people import settle as settle_people
from simulate.settings import Settings

HEADER = ["姓名", "证件号码", "性别", "出生日期", "手机号", "住址"]
Row = dict[str, str]
# What another register does to a person it knows already: share of its rows.
KINDS = {
    "no id, phone and address as before": 0.20,
    "no id, address spelt another way": 0.15,
    "no id, new phone, same address": 0.10,
    "no id, moved, same phone": 0.10,
    "no id, name sounds the same": 0.10,
    "no id, one character of the name wrong": 0.05,
    "id with one digit wrong": 0.10,
    "id with two digits swapped": 0.10,
    "no id, no birthday": 0.05,
    "no id, moved, new phone": 0.05,
}
# People who are somebody else and look alike: how many for each double.
TRAPS = {
    "same name only": 0.3,
    "same name and birthday only": 0.3,
    "spouse: same phone and address, other name": 0.2,
    "sibling: same phone and address, name one character apart": 0.1,
    "namesake in the same house": 0.03,
}
_SOUNDS_ALIKE = dict(
    zip(
        "张杨魏何吴文敏静丽军强勇艳杰涛明超秀霞平刚英玉红梅辉斌宇健俊晨阳嘉欣悦思雨涵浩波",
        "章阳卫和伍雯闵境莉君墙永燕洁桃铭钞绣侠萍钢瑛郁洪媒晖彬羽建峻辰洋佳新跃丝语含皓播",
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Truth:
    """Row number in the second register -> valid id number of the person ("" for a trap), and its kind."""

    owner: dict[int, str]
    kind: dict[int, str]


def main() -> None:
    """Print one table: pairs by kind, precision and recall, pairs by name alone, CPU seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--doubles", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=101)
    given = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        print(as_table(measure(Path(folder), given.persons, given.doubles, given.seed)))


def measure(place: Path, persons: int, doubles: int, seed: int) -> dict[str, float | str | dict[str, str]]:
    """Write two registers, load them, propose, compare with the truth."""
    truth = write_registers(place, persons, doubles, seed)
    home = lake_home(place / "lake")
    result = load_files(home, [place / "first.csv", place / "second.csv"], LoadOptions("person_register"))
    settle(home)
    second = next(record.sha256 for record in result.records if record.file == "second.csv")
    tables = open_tables(home)
    key_of = _keys(tables.frame("Person"), second, truth)
    started = time.process_time()
    found = proposals(home, ("Person",), tables).frame
    cpu = time.process_time() - started
    pairs = {frozenset(pair) for pair in found.select("key_a", "key_b").iter_rows()}
    true = _true_pairs(truth, key_of)
    hit = Counter(truth.kind[row] for row, pair in true.items() if pair in pairs)
    every = Counter(truth.kind[row] for row in true)
    wrong = pairs - set(true.values())
    trap_rows = {key_of[row]: kind for row, kind in truth.kind.items() if kind in TRAPS and row in key_of}
    fooled = Counter(trap_rows[key] for pair in wrong for key in sorted(pair) if key in trap_rows)
    return {
        "persons": persons,
        "records in the second register": len(truth.kind),
        "threshold (log2 odds)": THRESHOLD,
        "true pairs": len(true),
        "proposed": len(pairs),
        "precision": round(1 - len(wrong) / len(pairs), 4) if pairs else 1.0,
        "recall": round(sum(hit.values()) / len(true), 4),
        "recall where anything but name and birthday agrees": round(
            sum(n for k, n in hit.items() if k in _KNOWABLE)
            / sum(n for k, n in every.items() if k in _KNOWABLE),
            4,
        ),
        "pairs proposed by name, or name and birthday, alone": sum(fooled[k] for k in list(TRAPS)[:2]),
        "pairs of two different valid ids": sum(_two_ids(pair) for pair in pairs),
        "CPU seconds": round(cpu, 1),
        "peak MiB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "found by kind": {kind: f"{hit[kind]} of {every[kind]}" for kind in KINDS},
        "traps proposed": {
            kind: f"{fooled[kind]} of {sum(k == kind for k in truth.kind.values())}" for kind in TRAPS
        },
    }


_KNOWABLE = frozenset(KINDS) - {"no id, moved, new phone"}


def as_table(measured: dict[str, float | str | dict[str, str]]) -> str:
    """The measures as a Markdown table."""
    lines = ["| measure | value |", "|---|---|"]
    for name, value in measured.items():
        parts = value if isinstance(value, dict) else {"": value}
        lines += [f"| {name}{': ' if part else ''}{part} | {one} |" for part, one in parts.items()]
    return "\n".join(lines)


def write_registers(place: Path, persons: int, doubles: int, seed: int) -> Truth:
    """`first.csv`: everybody with a valid id; `second.csv`: doubles and traps in a random order."""
    people = settle_people(Settings(seed=seed), persons, 0, np.zeros(40, dtype=np.int64))
    rng = np.random.default_rng([seed, 4])
    first = [_row(people, person) for person in range(persons)]
    kinds = rng.choice(len(KINDS), doubles, p=list(KINDS.values()))
    owners = rng.permutation(persons)[:doubles]
    rows = [(_changed(list(KINDS)[k], first[p], rng), first[p]["证件号码"], list(KINDS)[k])
            for p, k in zip(owners.tolist(), kinds.tolist(), strict=True)]  # fmt: skip
    for kind, share in TRAPS.items():
        models = rng.integers(0, persons, int(share * doubles)).tolist()
        others = rng.integers(0, persons, len(models)).tolist()
        rows += [
            (_lookalike(kind, first[p], first[q], rng), "", kind) for p, q in zip(models, others, strict=True)
        ]
    order = rng.permutation(len(rows)).tolist()
    _write(place / "first.csv", first)
    _write(place / "second.csv", [rows[i][0] for i in order])
    numbered = [(number, rows[i]) for number, i in enumerate(order, start=1)]
    return Truth({n: row[1] for n, row in numbered}, {n: row[2] for n, row in numbered})


def _row(people: People, person: int) -> Row:
    number, house = people.ids[person], int(people.household[person])
    street = CITY_NAMES[house % 12] + STREETS[house * 7 % len(STREETS)]
    return {
        "姓名": people.names[person],
        "证件号码": number,
        "性别": "男" if people.male[person] else "女",
        "出生日期": f"{number[6:10]}-{number[10:12]}-{number[12:14]}",
        "手机号": str(people.phone[person]),
        "住址": f"{street}{house // 40 + 1}号{house // 8 % 20 + 1}栋{house % 30 + 1}室",
    }


def _changed(kind: str, row: Row, rng: np.random.Generator) -> Row:
    """The same person as another register writes them down."""
    made = dict(row) | {"证件号码": ""}
    if "spelt another way" in kind:
        ways: Sequence[Callable[[str], str]] = (
            lambda t: t.replace("栋", "幢"),
            lambda t: t.replace("栋", "号楼").replace("室", "房"),
            lambda t: t.replace("号", "号 ").replace("栋", "座，"),
            lambda t: t.replace("号", "-").replace("栋", "-").replace("室", ""),
        )
        made |= {"住址": ways[rng.integers(len(ways))](row["住址"]), "手机号": ""}
    if "new phone" in kind:
        made["手机号"] = _phone(rng)
    if "moved" in kind:
        made["住址"] = _address(rng)
    if "sounds the same" in kind:
        made["姓名"] = "".join(_SOUNDS_ALIKE.get(sign, sign) for sign in row["姓名"])
    if "one character" in kind:
        made["姓名"] = _other_character(row["姓名"], rng)
    if "digit wrong" in kind:
        place = int(rng.integers(6, 18))
        number = row["证件号码"]
        digit = str((int(number[place], 16) if number[place] != "X" else 0) + 1)[-1]
        made |= {"证件号码": number[:place] + digit + number[place + 1 :], "手机号": "", "住址": ""}
    if "swapped" in kind:
        made |= {"证件号码": _swapped(row["证件号码"], rng), "手机号": ""}
    if "no birthday" in kind:
        made["出生日期"] = ""
    return made


def _swapped(number: str, rng: np.random.Generator) -> str:
    places = [i for i in range(6, 16) if number[i] != number[i + 1]]
    place = places[rng.integers(len(places))] if places else 0
    return number[:place] + number[place + 1] + number[place] + number[place + 2 :]


def _lookalike(kind: str, row: Row, other: Row, rng: np.random.Generator) -> Row:
    """Somebody else, without an id, who shares what the kind says."""
    made = {"姓名": row["姓名"], "证件号码": "", "性别": row["性别"], "出生日期": other["出生日期"],
            "手机号": _phone(rng), "住址": _address(rng)}  # fmt: skip
    if "birthday" in kind:
        made["出生日期"] = row["出生日期"]
    if "phone and address" in kind:
        made |= {"手机号": row["手机号"], "住址": row["住址"]}
    if "spouse" in kind:
        made |= {"姓名": other["姓名"], "性别": "女" if row["性别"] == "男" else "男"}
    if "sibling" in kind:
        made["姓名"] = _other_character(row["姓名"], rng)
    if "house" in kind:
        made["住址"] = row["住址"]
    return made


def _other_character(name: str, rng: np.random.Generator) -> str:
    return name[:-1] + next(sign for sign in rng.permutation(list(GIVEN)).tolist() if sign != name[-1])


def _phone(rng: np.random.Generator) -> str:
    return f"154{rng.integers(10**8):08d}"


def _address(rng: np.random.Generator) -> str:
    city, street = CITY_NAMES[rng.integers(12)], STREETS[rng.integers(len(STREETS))]
    return f"{city}{street}{rng.integers(400, 900)}号{rng.integers(1, 30)}栋{rng.integers(1, 40)}室"


def _write(path: Path, rows: Sequence[Row]) -> None:
    pl.DataFrame(list(rows), schema=dict.fromkeys(HEADER, pl.String)).write_csv(path)


def _keys(people: pl.DataFrame, second: str, truth: Truth) -> dict[int, str]:
    """Row of the second register -> key of its record; rows that became one with another have none."""
    here = people.filter(pl.col("source") == second)
    return {row: key for key, row in here.select("key", "row").iter_rows() if row in truth.kind}


def _true_pairs(truth: Truth, key_of: dict[int, str]) -> dict[int, frozenset[str]]:
    return {row: frozenset((key_of[row], owner)) for row, owner in truth.owner.items()
            if owner and row in key_of and key_of[row] != owner}  # fmt: skip


def _two_ids(pair: frozenset[str]) -> bool:
    return all(not key.startswith("local:") for key in pair)


if __name__ == "__main__":
    main()
