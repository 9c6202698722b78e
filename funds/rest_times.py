"""How long victims' money rests on accounts before it leaves: the half-life of the freeze-or-lose score."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from statistics import median

DEFAULT_REST = timedelta(hours=2)
LEAST_REST = timedelta(minutes=1)
FEWEST_EXITS = 3

_US = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Exit:
    """Victims' money that left an account of a case: rested from its arrival to its exit."""

    case: str
    account: str
    level: int | None
    rested: timedelta


@dataclass(frozen=True, slots=True)
class Rest:
    """h as a median; basis: account, level or default; exits: how many it rests on."""

    h: timedelta
    basis: str
    exits: int


UNKNOWN_REST = Rest(DEFAULT_REST, "default", 0)


def rest_of(exits: Sequence[Exit], case: str, account: str, level: int | None) -> Rest:
    """h of an account in a case: its own exits from 3 on, else those at its level in the case, else 2 h.

    Plain median of exits, whatever their amounts; halves of a microsecond are cut. At least one minute, so
    that rows of one instant do not make every account a lost one (D). Source: DOMAIN.md 7.3.
    """
    own = [one.rested for one in exits if (one.case, one.account) == (case, account)]
    if len(own) >= FEWEST_EXITS:
        return Rest(_middle(own), "account", len(own))
    same = [one.rested for one in exits if one.case == case and level is not None and one.level == level]
    if same:
        return Rest(_middle(same), "level", len(same))
    return UNKNOWN_REST


def _middle(rests: Sequence[timedelta]) -> timedelta:
    middle = median(Fraction(rest // _US) for rest in rests)
    return max(LEAST_REST, timedelta(microseconds=int(middle)))
