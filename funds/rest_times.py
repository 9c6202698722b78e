"""How long victims' money rests on accounts before it leaves: the half-life of the freeze-or-lose score."""

from collections.abc import Callable, Sequence
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
    """h as a median; basis: account, level, all or default; exits: how many it rests on."""

    h: timedelta
    basis: str
    exits: int


UNKNOWN_REST = Rest(DEFAULT_REST, "default", 0)


class Rests:
    """The medians of exits, made once for all accounts of a queue."""

    def __init__(self, exits: Sequence[Exit]) -> None:
        self._own = _medians(exits, "account", lambda one: one.account)
        self._level = _medians(exits, "level", lambda one: one.level)
        self._all = [Rest(_middle([one.rested for one in exits]), "all", len(exits))] if exits else []

    def of(self, account: str, level: int | None) -> Rest:
        """h: the shortest median among the account's own exits, those at its level, and all; none: 2 h.

        An account and a level count from 3 exits on. Exits of all cases: money of several victims leaves an
        account together. The shortest, because a speed once shown can be shown again, and to ask too early
        costs a request, too late the money; a slow median would say that what rests is safe (D). Plain
        medians of parts, whatever their amounts; halves of a microsecond are cut. At least one minute, so
        that rows of one instant do not make every account a lost one (D).
        """
        found = [one for one in (self._own.get(account), self._level.get(level)) if one is not None]
        every = [*found, *self._all]
        return min(every, key=lambda one: (one.h, _BASES.index(one.basis))) if every else UNKNOWN_REST


_BASES = ("account", "level", "all")


def _medians(
    exits: Sequence[Exit], basis: str, by: Callable[[Exit], str | int | None]
) -> dict[str | int | None, Rest]:
    """By account or level, those with enough exits; what has no level is in no group."""
    groups: dict[str | int | None, list[timedelta]] = {}
    for one in exits:
        groups.setdefault(by(one), []).append(one.rested)
    groups.pop(None, None)
    return {
        name: Rest(_middle(own), basis, len(own)) for name, own in groups.items() if len(own) >= FEWEST_EXITS
    }


def _middle(rests: Sequence[timedelta]) -> timedelta:
    middle = median(Fraction(rest // _US) for rest in rests)
    return max(LEAST_REST, timedelta(microseconds=int(middle)))
