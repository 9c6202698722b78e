"""Ways along money with the transfers behind each step, the same on every engine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from graph.contract import Edge, Node, Ref, Route
from graph.errors import InputError, QueryFailed
from graph.lookup.payments import Payments
from graph.lookup.routes import earliest_way, strongest_way

ACCOUNT = "Account"
ROWS_OF_A_STEP = 2_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MoneySource:
    """What an engine gives for a search along money.

    payments: the transfers to search in; cut: not all that could matter. between: transfers of a payer and a
    payee within instants (None: open), by time and event key, at most so many. nodes_of: some nodes in order.
    """

    payments: Payments
    between: Callable[[str, str, datetime | None, datetime | None, int], list[Edge]]
    nodes_of: Callable[[Sequence[Ref]], tuple[Node, ...]]
    cut: bool = False


def keys_of_accounts(refs: Sequence[Ref]) -> list[str]:
    """The keys of `refs`; InputError when one is no account: money is followed between accounts."""
    if any(ref.type != ACCOUNT for ref in refs):
        raise InputError("Money is followed between accounts; name the accounts of the person or card.")
    return list(dict.fromkeys(ref.key for ref in refs))


def earliest_route(
    source: MoneySource,
    starts: Sequence[str],
    ends: Sequence[str],
    since: datetime | None,
    until: datetime | None,
    strict: bool,
) -> Route:
    """See `graph.contract.View.earliest_route`."""
    if both := sorted(set(starts) & set(ends)):
        return Route(source.nodes_of([Ref(ACCOUNT, both[0])]))
    paid = source.payments
    window = _micros(since), _micros(until)
    way = earliest_way(paid, paid.numbers(starts), paid.numbers(ends), *window, strict)
    steps = []
    for payer, payee, micros in way:
        at = _EPOCH + timedelta(microseconds=micros)
        steps.append(source.between(paid.accounts.at(payer), paid.accounts.at(payee), at, at, 1))
    return _route(source, steps, source.cut)


def strongest_route(
    source: MoneySource,
    starts: Sequence[str],
    ends: Sequence[str],
    since: datetime | None,
    until: datetime | None,
) -> Route:
    """See `graph.contract.View.strongest_route`."""
    if both := sorted(set(starts) & set(ends)):
        return Route(source.nodes_of([Ref(ACCOUNT, both[0])]))
    paid = source.payments
    window = _micros(since), _micros(until)
    way, width, cut = strongest_way(paid, paid.numbers(starts), paid.numbers(ends), *window)
    keys = [paid.accounts.at(number) for number in way]
    steps = [
        source.between(payer, payee, since, until, ROWS_OF_A_STEP + 1) for payer, payee in pairwise(keys)
    ]
    long = any(len(step) > ROWS_OF_A_STEP for step in steps)
    route = _route(source, [step[:ROWS_OF_A_STEP] for step in steps], source.cut or cut or long)
    return Route(route.nodes, route.steps, width if steps else None, route.truncated)


def _route(source: MoneySource, steps: list[list[Edge]], cut: bool) -> Route:
    if not steps:
        return Route(truncated=cut)
    if not all(steps):
        raise QueryFailed("The look-up files do not fit the lake's tables; delete its folder lookups.")
    nodes = source.nodes_of([steps[0][0].start, *(step[0].end for step in steps)])
    weakest = min(sum(int(e.properties.get("amount_fen", 0)) for e in step) for step in steps)
    return Route(nodes, tuple(tuple(step) for step in steps), weakest, cut)


def _micros(at: datetime | None) -> int | None:
    return None if at is None else (at - _EPOCH) // timedelta(microseconds=1)
