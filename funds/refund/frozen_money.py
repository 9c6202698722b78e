"""How much is frozen on an account: as a sure freeze of the control rows states it, or as a person says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from funds.controls.account import Order
from funds.controls.earlier import earlier_fen
from funds.controls.events import Measure
from funds.controls.reading import Reading, read_controls
from funds.refund.doubts import Doubt
from graph.errors import InputError
from graph.lake.tables import LakeTables


@dataclass(frozen=True, slots=True)
class FrozenMoney:
    """fen: what is frozen; given: a person said so. orders: the sure freezes in force, soonest end first."""

    fen: int
    given: bool
    orders: tuple[Order, ...]
    doubts: tuple[Doubt, ...]


def sure_freezes(reading: Reading) -> tuple[Order, ...]:
    """The freezes in force that nothing contradicts, the soonest end first, then by number."""
    frozen = [order for order in reading.sure_holds if order.measure is Measure.FREEZE]
    return tuple(sorted(frozen, key=lambda order: (str(order.ends_at), order.number)))


def frozen_accounts(tables: LakeTables, now: datetime) -> dict[str, tuple[Order, ...]]:
    """Account -> its sure freezes at `now`, by account; accounts without one are left out."""
    readings = read_controls(tables, now)
    return {key: found for key, one in sorted(readings.items()) if (found := sure_freezes(one))}


def frozen_money(reading: Reading | None, given_fen: int | None) -> FrozenMoney:
    """What is frozen at the instant of the reading; None: no control row names the account.

    InputError when no one sum follows from the rows and none is given, or when the one given is below zero.
    """
    orders = sure_freezes(reading) if reading else ()
    if given_fen is not None and given_fen < 0:
        raise InputError("The frozen amount is below zero; give what the bank states as frozen.")
    stated = _stated(orders)
    if given_fen is None and stated is None:
        raise InputError(_why_unknown(orders))
    doubts = list(_of_controls(reading)) if reading else []
    if not orders:
        doubts.insert(0, Doubt("NO_SURE_FREEZE"))
    if given_fen is not None:
        doubts.append(Doubt("GIVEN_AMOUNT", fen=given_fen))
        if stated is not None and stated != given_fen:
            doubts.append(Doubt("OTHER_AMOUNT", fen=stated))
    fen = given_fen if given_fen is not None else stated
    return FrozenMoney(fen or 0, given_fen is not None, orders, tuple(doubts))


def _stated(orders: Sequence[Order]) -> int | None:
    """Two freezes may hold the same money, so that their amounts never add up by themselves."""
    return orders[0].executed_fen if len(orders) == 1 else None


def _why_unknown(orders: Sequence[Order]) -> str:
    if not orders:
        return (
            "No control row shows a freeze of this account that surely holds now; give the frozen amount "
            "with --frozen-yuan."
        )
    if len(orders) > 1:
        return (
            "Several freezes hold this account at once and may hold the same money; give the frozen amount "
            "with --frozen-yuan."
        )
    return "The freeze states no executed amount; give the frozen amount with --frozen-yuan."


def _of_controls(reading: Reading) -> list[Doubt]:
    doubts = []
    earlier = [one for one in reading.earlier if one.in_force(reading.now)]
    if earlier:
        doubts.append(
            Doubt("EARLIER_FREEZER", count=len(earlier), fen=earlier_fen(reading.earlier, reading.now))
        )
    if reading.problems:
        doubts.append(Doubt("CONTROL_PROBLEM", count=len(reading.problems)))
    return doubts
