"""Proposes pairs of records for people to judge: what speaks for it, what against, and how much it weighs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from graph.lake.home import LakeHome
from graph.lake.same import components
from graph.lake.tables import LakeTables, open_tables
from ingest.judgements import JUDGED_TYPES, Judgement, Judgements
from ingest.resolve.devices import device_pairs, device_records
from ingest.resolve.linking import scored_pairs
from ingest.resolve.models import ADDRESS, ORGANIZATION, PERSON, THRESHOLD, Model
from ingest.resolve.records import POPULAR, address_records, organization_records, person_records
from ingest.resolve.signs import AGAINST, FOR, Sign
from ingest.resolve.spelling import units_agree

PROPOSAL_SCHEMA: dict[str, pl.DataType] = {
    "type": pl.String(),
    "key_a": pl.String(),
    "key_b": pl.String(),
    "weight": pl.Float64(),
    "signs_for": pl.List(pl.String()),
    "signs_against": pl.List(pl.String()),
    "verdict": pl.String(),
}
_LIKE = frozenset({Sign.SAME_NAME, Sign.SAME_SOUND, Sign.NEAR_NAME})
# What ties two records beyond name and birthday; one of them is needed, whatever the weight.
_TIES = frozenset({Sign.SAME_NUMBER, Sign.NUMBER_SLIP, Sign.SAME_ACCOUNT, Sign.SAME_PHONE, Sign.SAME_ADDRESS})
_STRONG_TIES = frozenset({Sign.SAME_NUMBER, Sign.NUMBER_SLIP, Sign.SAME_ACCOUNT})
_SAID_FIRST = {str(sign): place for place, sign in enumerate(Sign)}
_OTHER_LIFE = frozenset({Sign.OTHER_BIRTH, Sign.OTHER_SEX})


@dataclass(frozen=True, slots=True)
class Proposals:
    """Pairs to judge, and the records they are made of.

    frame: columns of PROPOSAL_SCHEMA; heaviest first, then type and keys; verdict is `unsure` for a pair that
    somebody looked at without deciding, else null. records: by type, for both sides of a pair.
    """

    frame: pl.DataFrame
    records: Mapping[str, pl.DataFrame] = field(default_factory=dict)


def proposals(
    home: LakeHome, types: Sequence[str] = JUDGED_TYPES, tables: LakeTables | None = None
) -> Proposals:
    """Pairs of the lake's records that may be one and that nobody has decided; an empty lake has none.

    Nothing is merged here: a proposal only asks. Two persons or units with different valid numbers of one
    kind, two addresses with different numbers and two IMEI are never proposed; name, or name and birthday,
    is never enough.
    """
    return undecided(candidates(home, types, tables), Judgements(home).current())


def candidates(
    home: LakeHome, types: Sequence[str] = JUDGED_TYPES, tables: LakeTables | None = None
) -> Proposals:
    """All pairs of the lake's records that may be one, whatever was judged; verdict is null."""
    state = tables or open_tables(home)
    frames, records = [], {}
    for name in types:
        if state.rows.get(name):
            records[name], pairs = _of_type(name, home, state)
            frames.append(pairs.with_columns(type=pl.lit(name), verdict=pl.lit(None, dtype=pl.String)))
    if not frames:
        return Proposals(pl.DataFrame(schema=PROPOSAL_SCHEMA), records)
    found = pl.concat(frames).select(list(PROPOSAL_SCHEMA))
    order = found.sort("weight", "type", "key_a", "key_b", descending=[True, False, False, False])
    return Proposals(order, records)


def undecided(found: Proposals, judged: Sequence[Judgement]) -> Proposals:
    """Those pairs that are not judged same or different and not joined already through other records.

    judged: the last judgement of each pair.
    """
    verdicts = {made.pair: made.verdict for made in judged}
    same = [((t, a), (t, b)) for (t, a, b), verdict in verdicts.items() if verdict == "same"]
    different = [((t, a), (t, b)) for (t, a, b), verdict in verdicts.items() if verdict == "different"]
    joined = components(same, different).joined
    group = {thing: number for number, things in enumerate(joined) for thing in things}
    keep, state = [], []
    for pair in found.frame.select("type", "key_a", "key_b").iter_rows():
        kind, one, other = pair
        verdict = verdicts.get(pair)
        number = group.get((kind, one))
        together = number is not None and number == group.get((kind, other))
        keep.append(verdict in (None, "unsure") and not together)
        state.append(verdict)
    marked = found.frame.with_columns(verdict=pl.Series(state, dtype=pl.String))
    return Proposals(marked.filter(pl.Series(keep, dtype=pl.Boolean)), found.records)


def _of_type(name: str, home: LakeHome, tables: LakeTables) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Records and proposed pairs (key_a, key_b, weight, signs_for, signs_against) of one type."""
    if name == "Device":
        records = device_records(home, tables)
        return records, _split(device_pairs(records), records, _device_signs)
    if name == "Address":
        records = address_records(tables)
        pairs = _same_house(_signed(ADDRESS, records), records)
        return records, _split(pairs, records, _no_more_signs)
    model = PERSON if name == "Person" else ORGANIZATION
    records = person_records(home, tables) if name == "Person" else organization_records(home, tables)
    pairs = _signed(model, records)
    tied = [_tied(signs) for signs in pairs["signs"].to_list()]
    return records, _split(pairs.filter(pl.Series(tied, dtype=pl.Boolean)), records, _party_signs)


def _signed(model: Model, records: pl.DataFrame) -> pl.DataFrame:
    """Pairs above the threshold with their signs: key_a, key_b, weight, signs."""
    scored = scored_pairs(model, records).filter(pl.col("weight") >= THRESHOLD)
    parts = [
        pl.col(c.name).replace_strict(
            list(range(len(c.levels))),
            [level.sign for level in c.levels],
            default=None,
            return_dtype=pl.String,
        )
        for c in model.comparisons
    ]
    return scored.select("key_a", "key_b", "weight", signs=pl.concat_list(parts).list.drop_nulls())


def _tied(signs: Sequence[str]) -> bool:
    """Whether a pair of persons or units may be proposed at all: alike by name and tied by more than that.

    Names one character apart need a firm tie when birthday or sex differ: brothers share address and phone.
    """
    said = set(signs)
    if not said & _LIKE or not said & _TIES:
        return False
    relative = Sign.NEAR_NAME in said and bool(said & _OTHER_LIFE)
    return not relative or bool(said & _STRONG_TIES)


def _same_house(pairs: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Address pairs with equal numbers, no building against unit, no two cities; other words need a tie."""
    side = records.select("key", "units", "city")
    both = pairs.join(side, left_on="key_a", right_on="key", how="left", maintain_order="left")
    both = both.join(side, left_on="key_b", right_on="key", how="left", maintain_order="left", suffix="_b")
    keep = []
    for signs, units, city, units_b, city_b in both.select(
        "signs", "units", "city", "units_b", "city_b"
    ).iter_rows():
        tie = Sign.SHARED_PHONE in signs or Sign.SHARED_RESIDENT in signs
        alike = Sign.SAME_WORDS in signs or (
            tie and (Sign.PART_OF_WORDS in signs or Sign.NEAR_WORDS in signs)
        )
        keep.append(alike and units_agree(units, units_b) and (not city or not city_b or city == city_b))
    return pairs.filter(pl.Series(keep, dtype=pl.Boolean))


def _split(
    pairs: pl.DataFrame, records: pl.DataFrame, more: Callable[[pl.DataFrame, pl.DataFrame], list[list[str]]]
) -> pl.DataFrame:
    """The signs, and those that `more` finds in the records of both sides, set apart for and against."""
    signs = [own + extra for own, extra in zip(pairs["signs"].to_list(), more(pairs, records), strict=True)]
    signs = [sorted(some, key=_SAID_FIRST.__getitem__) for some in signs]
    texts = pl.List(pl.String())
    return pairs.select("key_a", "key_b", "weight").with_columns(
        signs_for=pl.Series([[s for s in some if s in FOR] for some in signs], dtype=texts),
        signs_against=pl.Series([[s for s in some if s in AGAINST] for some in signs], dtype=texts),
    )


def _no_more_signs(pairs: pl.DataFrame, _: pl.DataFrame) -> list[list[str]]:
    return [[] for _ in range(pairs.height)]


def _party_signs(pairs: pl.DataFrame, records: pl.DataFrame) -> list[list[str]]:
    """Papers of different kinds, and a name that more than POPULAR records bear."""
    bearers = dict(records["name"].drop_nulls().value_counts().iter_rows())
    paper = dict(records.select("key", "paper").iter_rows())
    name = dict(records.select("key", "name").iter_rows())
    found = []
    for one, other in pairs.select("key_a", "key_b").iter_rows():
        kinds = {paper[one], paper[other]} - {None}
        common = bearers.get(name[one], 0) > POPULAR
        found.append(
            ([str(Sign.OTHER_PAPER)] if len(kinds) == 2 else []) + ([str(Sign.COMMON_NAME)] if common else [])
        )
    return found


def _device_signs(pairs: pl.DataFrame, records: pl.DataFrame) -> list[list[str]]:
    """Different models."""
    model = dict(records.select("key", "model").iter_rows())
    return [
        [str(Sign.OTHER_MODEL)] if model[one] and model[other] and model[one] != model[other] else []
        for one, other in pairs.select("key_a", "key_b").iter_rows()
    ]
