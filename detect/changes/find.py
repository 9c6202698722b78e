"""Finds what replaced what in one lake, with the signs for and against each proposal."""

import hashlib

import polars as pl

from detect.changes.against import speaks_against
from detect.changes.decide import Chosen, choose
from detect.changes.lives import began, ended, lives, unseen_types
from detect.changes.matching import match
from detect.changes.repeats import stability
from detect.changes.settings import TYPES, ChangeSettings, load_settings
from detect.changes.sides import Sides, build_sides
from detect.changes.signs import Trails
from detect.changes.together import count_together
from detect.changes.traces import traces
from detect.changes.values import Change, Changes
from detect.facts import Facts
from graph.contract import Ref
from graph.lake.tables import LakeTables

_LEAST_SIGNS = 2  # one shared neighbour may be chance
_ROUND = 6


def find_changes(
    tables: LakeTables,
    facts: Facts | None = None,
    settings: ChangeSettings | None = None,
    rounds: int | None = None,
) -> Changes:
    """Every identifier that may have taken another's place, best first; the same lake, the same result.

    rounds: 0 compares only neighbours that stayed; None goes on until scores are stable. An empty lake, and
    types without timed rows, give no proposals: `unseen` names them.
    """
    facts, settings = facts or Facts(tables), settings or load_settings()
    seen = traces(facts)
    known = lives(seen)
    sides = build_sides(seen, ended(facts, known, settings), began(facts, known, settings), settings)
    matching = match(sides, settings, rounds)
    trails = Trails(seen, sides, matching, settings)
    chosen = [one for one in choose(matching.score, settings) if len(trails.signs(one)) >= _LEAST_SIGNS]
    together, steady = count_together(chosen, sides), stability(sides, settings, rounds)
    found = [
        _change(one, together[n], steady.get((one.old, one.new), 0.0), sides, trails, settings)
        for n, one in enumerate(chosen)
    ]
    found.sort(key=lambda change: (-change.weight, change.old, change.new))
    return Changes(
        tables.digest.digest,
        tuple(found),
        unseen_types(known),
        _counts(sides.ended),
        _counts(sides.began),
    )


def _change(
    one: Chosen, together: int, steady: float, sides: Sides, trails: Trails, settings: ChangeSettings
) -> Change:
    old, new = sides.ended.row(one.old, named=True), sides.began.row(one.new, named=True)
    signs = trails.signs(one)
    name = hashlib.sha256(f"{old['type']}\0{old['own']}\0{new['own']}".encode()).hexdigest()[:16]
    alone = settings.solitary * 2.0 ** (1 - together)
    rivals = tuple(
        Ref(new["type"], sides.began["own"][n] if o == one.old else sides.ended["own"][o])
        for o, n in one.rivals
    )
    return Change(
        f"change-{name}",
        Ref(old["type"], old["own"]),
        Ref(new["type"], new["own"]),
        old["how"],
        old["at"],
        new["at"],
        round(one.score, _ROUND),
        round(one.score * (1 - alone), _ROUND),
        round(one.margin, _ROUND),
        steady,
        one.decided and steady >= settings.least_stability,
        together,
        rivals,
        signs,
        speaks_against(one, together, steady, sides, trails, settings),
    )


def _counts(side: pl.DataFrame) -> tuple[tuple[str, int], ...]:
    return tuple((name, side.filter(pl.col("type") == name).height) for name in TYPES)
