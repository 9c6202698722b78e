"""Innocent explanations: each a named, testable condition on accounts, with its thresholds in a file."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import Field, StringConstraints

from detect.clauses import EXCEPTIONS
from detect.exceptions_cards import fleet, hotline, identity_theft, new_phone, old_account
from detect.exceptions_life import campus, family, gig, migrant, payroll
from detect.exceptions_phones import repair_shop, shared_net
from detect.exceptions_trade import agency, finance, merchant, own_move, resale, shop_refund
from detect.facts import Facts
from detect.rule_heads import QUERIES
from graph.checked_yaml import read_checked
from graph.errors import InvalidRule
from graph.parameters import Parameters, Strict, Value, Words, parameter_values

CONDITIONS: Mapping[str, Callable[[Facts, Mapping[str, Any]], pl.DataFrame]] = {
    condition.__name__: condition
    for condition in (
        *(merchant, finance, own_move, payroll, family, gig, migrant),
        *(shared_net, repair_shop),
        *(campus, resale, agency, shop_refund),
        *(old_account, new_phone, fleet, hotline, identity_theft),
    )
}
"""Name -> condition: accounts it holds for and how strongly (account text, strength 0 to 1, one row each)."""


EXPLAINED: dict[str, pl.DataType] = {
    "account": pl.String(),
    "exception": pl.String(),
    "strength": pl.Float64(),
}
"""Whom explanations hold for: one row an account and explanation, strength 0 to 1."""


class InnocentExplanation(Strict):
    """One file of `queries/exceptions/`: what explains a hit innocently, and from which numbers on.

    reach: `account` when it depends on the money and register rows of the account and its holder's others
    only.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,59}$")]
    title: Words
    description: Words
    reach: Literal["account", "lake"] = "lake"
    parameters: Parameters = Field(default_factory=dict)


def load_exceptions(folder: Path = QUERIES / "exceptions") -> tuple[InnocentExplanation, ...]:
    """All exception files, by name; InvalidRule names the file that does not follow the format."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        one = read_checked(path, InnocentExplanation)
        if one.name != path.stem or one.name not in EXCEPTIONS or one.name not in CONDITIONS:
            raise InvalidRule(f"{path.name} must be named like its condition in detect/.", file=path.name)
        found.append(one)
    return tuple(found)


def known_as(exception: InnocentExplanation, values: Mapping[str, Value]) -> str:
    """The name under which facts keep whom an explanation with these values holds for."""
    return f"{exception.name} {values}"


def as_explained(exception: InnocentExplanation, held: pl.DataFrame) -> pl.DataFrame:
    """What a condition gives, as rows of EXPLAINED."""
    return held.select(
        pl.col("account").cast(pl.String), pl.lit(exception.name).alias("exception"), "strength"
    )


def explained(
    facts: Facts,
    exceptions: tuple[InnocentExplanation, ...],
    overrides: Mapping[str, Mapping[str, Value]] | None = None,
) -> pl.DataFrame:
    """Which accounts an innocent explanation holds for: account, exception, strength (0 to 1); both sorted.

    overrides: exception name -> parameter values in place of the file's. An empty lake gives no rows.
    """
    frames = [pl.DataFrame(schema=EXPLAINED)]
    for exception in exceptions:
        values = parameter_values(exception.parameters, dict((overrides or {}).get(exception.name, {})))
        held = facts.once(known_as(exception, values), partial(CONDITIONS[exception.name], facts, values))
        frames.append(as_explained(exception, held))
    return pl.concat(frames).filter(pl.col("strength") > 0).sort("account", "exception")
