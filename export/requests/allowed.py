"""Whether the law lets a request be made now: the state machine's answer for every account and order."""

from collections.abc import Mapping

from export.requests.items import Wanted
from export.requests.kinds import KINDS, RequestKind
from funds.controls.account import AccountControls, Order
from funds.controls.events import Measure
from funds.controls.next_steps import Option, options
from funds.controls.reading import Reading, read_controls
from funds.controls.refusals import Refusal
from graph.lake.tables import LakeTables


def readings(tables: LakeTables, wanted: Wanted, accounts: tuple[str, ...]) -> Mapping[str, Reading]:
    """What the control rows say of these accounts at the instant asked about."""
    return read_controls(tables, wanted.now, accounts)


def answers(
    wanted: Wanted, account: str, reading: Reading | None
) -> tuple[tuple[Order | None, Refusal | None], ...]:
    """(order, refusal) of each request that could be made; a refusal of None: it is allowed.

    A new stop or freeze has no order. Nothing to renew or lift is a refusal. Evidence is never refused.
    """
    words = KINDS[wanted.kind]
    if words.act is None:
        return ((None, None),)
    controls = reading.controls if reading else AccountControls(account).at(wanted.now)
    found = [
        one
        for one in (reading.options() if reading else options(controls, wanted.now))
        if one.act is words.act and one.measure in words.measures
    ]
    if not found:
        code = "NOT_FROZEN" if wanted.kind is RequestKind.RENEWAL else "NOTHING_TO_LIFT"
        return ((None, Refusal(code)),)
    return tuple(_answer(controls, one) for one in found)


def _answer(controls: AccountControls, option: Option) -> tuple[Order | None, Refusal | None]:
    order = controls.find(Measure(option.measure), option.order) if option.order else None
    return order, option.refusal
