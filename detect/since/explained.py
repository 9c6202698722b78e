"""Innocent explanations of an earlier run: kept, or looked at again for the accounts that changed."""

import polars as pl

from detect.exceptions import CONDITIONS, EXPLAINED, as_explained, known_as, load_exceptions
from detect.facts import Facts
from detect.since.basis import Step, explanation_digest
from detect.since.earlier import Choice, Earlier
from detect.since.part import Part
from graph.parameters import parameter_values

# A step's name must not be mistaken for a rule's id.
_NAMED = "explanation {}"


def recall(facts: Facts, earlier: Earlier, part: Part) -> None:
    """Put into `facts` whom explanations hold for, where an earlier run says it."""
    for exception in load_exceptions():
        values = parameter_values(exception.parameters, {})
        step_name = _NAMED.format(exception.name)
        choice = earlier.choice(step_name, explanation_digest(exception.name, values), exception.reach)
        if choice is Choice.ANEW:
            continue
        held = earlier.explained.filter(pl.col("exception") == exception.name).select("account", "strength")
        if choice is Choice.PART:
            now = CONDITIONS[exception.name](part.facts, values).with_columns(
                pl.col("account").cast(pl.String)
            )
            among = pl.col("account").is_in(part.accounts.implode())
            held = pl.concat([held.filter(~among), now.filter(among)])
        facts.hold(known_as(exception, values), held, earlier.steps[step_name].reads)


def explanations(facts: Facts) -> tuple[dict[str, Step], pl.DataFrame]:
    """The steps of the explanations that were asked for, and whom they hold for (columns of EXPLAINED)."""
    steps, frames = {}, [pl.DataFrame(schema=EXPLAINED)]
    for exception in load_exceptions():
        values = parameter_values(exception.parameters, {})
        known = facts.held(known_as(exception, values))
        if known is None:
            continue
        held, reads = known
        steps[_NAMED.format(exception.name)] = Step(explanation_digest(exception.name, values), reads)
        frames.append(as_explained(exception, held))
    return steps, pl.concat(frames).sort("exception", "account")
