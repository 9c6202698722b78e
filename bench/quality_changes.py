"""Quality of what replaced what on worlds with planted swaps: `python -m bench.quality_changes --seeds 109`.

Beside it, in the same run and over the same candidates: the same comparison without iterating, and the floor,
the plain Jaccard overlap of the neighbours that stayed. Bounds and weights were tuned on seeds 2 and 101.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import polars as pl
from scipy import sparse

from bench.clock import machine
from bench.quality_tables import half_width
from bench.worlds import made_world
from detect.changes.decide import choose
from detect.changes.find import find_changes
from detect.changes.lives import began, ended, lives
from detect.changes.matching import Fits
from detect.changes.settings import ChangeSettings, load_settings
from detect.changes.sides import Sides, build_sides
from detect.changes.traces import traces
from detect.facts import Facts
from graph.lake.home import lake_home
from graph.lake.tables import LakeTables, open_tables

Pair = tuple[str, str, str]
SETTINGS = ("ring", "work_phone", "frozen", "innocent")
BOUNDS = (0.1, 0.2, 0.3, 0.5)
_FLOOR_LEAST = 2  # shared neighbours, as ours


@dataclass(frozen=True, slots=True)
class Shown:
    """One proposal of a method: the pair in the truth's terms, its score, how many changed at once."""

    pair: Pair
    score: float
    together: int


@dataclass(frozen=True, slots=True)
class WorldChanges:
    """One world: the truth, which of it both sides show with enough rows, and what each method proposes."""

    truth: Mapping[Pair, str]
    visible: frozenset[Pair]
    methods: Mapping[str, tuple[Shown, ...]]


def main() -> None:
    """Print a line for each method and figure, a column for each seed, and the mean."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[109])
    parser.add_argument("--accounts", type=int, default=4_000)
    parser.add_argument("--noise", default="MID", choices=["LOW", "MID", "HIGH"])
    given = parser.parse_args()
    print(machine())
    worlds = {seed: _world(given.accounts, given.noise, seed) for seed in sorted(set(given.seeds))}
    load = os.getloadavg()[0]
    print(f"\n{given.noise} noise, {given.accounts} accounts, --swaps; load average {load:.0f}\n")
    print(table(worlds))


def _world(accounts: int, noise: str, seed: int) -> WorldChanges:
    with tempfile.TemporaryDirectory() as folder:
        world = made_world(Path(folder), accounts, seed, noise, "--swaps")
        return measure(open_tables(lake_home(world.lake)), world.truth / "changes.csv", load_settings())


def measure(tables: LakeTables, truth_file: Path, settings: ChangeSettings) -> WorldChanges:
    """What all methods propose in a lake beside its truth."""
    facts = Facts(tables)
    seen = traces(facts)
    known = lives(seen)
    sides = build_sides(seen, ended(facts, known, settings), began(facts, known, settings), settings)
    truth = read_changes(truth_file)
    rows = {(r["type"].lower(), _stem(r["own"])): r["rows"] for r in known.iter_rows(named=True)}
    visible = frozenset(
        pair for pair in truth if min(rows.get((pair[0], end), 0) for end in pair[1:]) >= settings.least_rows
    )
    methods = {
        "ours": _ours(tables, settings, None),
        "not iterated": _ours(tables, settings, 0),
        "Jaccard floor": _floor(sides, settings),
    }
    return WorldChanges(truth, visible, methods)


def read_changes(path: Path) -> dict[Pair, str]:
    """truth/changes.csv as (kind, old, new) -> setting; devices by the 14 digits that name one."""
    found = {}
    for r in pl.read_csv(path, infer_schema=False).iter_rows(named=True):
        cut = 14 if r["kind"] == "device" else None
        found[(r["kind"], r["old"][:cut], r["new"][:cut])] = r["setting"]
    return found


def _stem(key: str) -> str:
    return key.partition("@")[0].removeprefix("imei:")


def _ours(tables: LakeTables, settings: ChangeSettings, rounds: int | None) -> tuple[Shown, ...]:
    found = find_changes(tables, settings=settings, rounds=rounds)
    return tuple(
        Shown((c.old.type.lower(), _stem(c.old.key), _stem(c.new.key)), c.score, c.together)
        for c in found.changes
        if c.decided
    )


def _floor(sides: Sides, settings: ChangeSettings) -> tuple[Shown, ...]:
    """Plain Jaccard of the neighbours that stayed: mutual best by the margin, at least two in common."""
    fits = Fits(sides, settings)
    shared = sum(_plain(k.before) @ _plain(k.after).T for k in sides.kinds)
    shared = sparse.coo_array(fits(sparse.csr_array(shared)))
    counts = [sum(_plain(m).sum(axis=1) for m in side) for side in _both(sides)]
    row, column = shared.coords
    score = shared.data / (counts[0][row] + counts[1][column] - shared.data)
    keep = shared.data >= _FLOOR_LEAST
    pairs = sparse.csr_array((score[keep], (row[keep], column[keep])), shape=fits.shape)
    return tuple(
        Shown(
            (
                sides.ended["type"][one.old].lower(),
                _stem(sides.ended["own"][one.old]),
                _stem(sides.began["own"][one.new]),
            ),
            one.score,
            1,
        )
        for one in choose(pairs, settings)
        if one.decided
    )


def _both(sides: Sides) -> tuple[list[sparse.csr_array], list[sparse.csr_array]]:
    return [k.before for k in sides.kinds], [k.after for k in sides.kinds]


def _plain(matrix: sparse.csr_array) -> sparse.csr_array:
    plain = matrix.copy()
    plain.data[:] = 1.0
    return plain


def figures(world: WorldChanges, method: str, bound: float, together_least: int) -> dict[str, float | None]:
    """Precision, recall by setting and false alarms of one method at a bound of the score."""
    shown = [one for one in world.methods[method] if one.score >= bound]
    right = [one for one in shown if one.pair in world.truth]
    hit = {one.pair for one in right}
    found: dict[str, float | None] = {
        "proposed": len(shown),
        "precision": _ratio(len(right), len(shown)),
    }
    for setting in SETTINGS:
        seen = {pair for pair in world.visible if world.truth[pair] == setting}
        found[f"recall {setting}"] = _ratio(len(hit & seen), len(seen))
    groups = [one for one in shown if one.together >= together_least]
    innocent = {pair for pair in world.visible if world.truth[pair] == "innocent"}
    alarmed = sum(one.pair in innocent for one in groups)
    found["shown as a group"] = len(groups)
    found["groups right"] = _ratio(sum(world.truth.get(one.pair) == "ring" for one in groups), len(groups))
    found["innocent shown as a group"] = _ratio(alarmed, len(innocent))
    return found


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def table(worlds: Mapping[int, WorldChanges]) -> str:
    """One line for each method, bound and figure."""
    settings = load_settings()
    lines = ["| method | score from | figure | " + " | ".join(map(str, worlds)) + " | mean |"]
    lines.append("|" + "---|" * (len(worlds) + 4))
    count = {s: [sum(w.truth[p] == s for p in w.visible) for w in worlds.values()] for s in SETTINGS}
    whole = {s: [sum(v == s for v in w.truth.values()) for w in worlds.values()] for s in SETTINGS}
    for setting in SETTINGS:
        cells = [f"{a} of {b}" for a, b in zip(count[setting], whole[setting], strict=True)]
        lines.append(f"| truth | | {setting} seen often enough | " + " | ".join(cells) + " | |")
    for method in ("ours", "not iterated", "Jaccard floor"):
        for bound in BOUNDS:
            of = [figures(w, method, bound, settings.together_least) for w in worlds.values()]
            names = list(of[0]) if bound == BOUNDS[0] else ["precision", "recall ring", "recall innocent"]
            lines += [_line(method, bound, name, [one[name] for one in of]) for name in names]
    return "\n".join(lines)


def _line(method: str, bound: float, name: str, values: Sequence[float | None]) -> str:
    form: Callable[[float | None], str] = lambda v: (  # noqa: E731 - one use
        "-" if v is None else str(v) if isinstance(v, int) else f"{v:.3f}"
    )
    there = [v for v in values if v is not None]
    width = half_width(there)
    spread = form(float(mean(there))) if there else "-"
    if width is not None:
        spread += f" ± {width:.2f}"
    return f"| {method} | {bound} | {name} | " + " | ".join(map(form, values)) + f" | {spread} |"


if __name__ == "__main__":
    main()
