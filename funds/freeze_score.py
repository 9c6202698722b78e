"""The freeze-or-lose score: how much of victims' money on an account a freeze now is expected to save."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Context, Decimal

from funds.controls.clocks import utc
from funds.rest_times import UNKNOWN_REST, Rest
from graph.errors import InputError

HORIZON = timedelta(hours=24)
"""H: what would leave within it counts as lost without a freeze."""
_STALE = Decimal("0.05")
_EXACT = Context(prec=60, rounding=ROUND_FLOOR)
_US = timedelta(microseconds=1)
_SHOWN = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Hold:
    """Our own stop or freeze in force; up_to_fen: how much of the money it holds, None for all."""

    ends_at: datetime
    up_to_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that victims' money lies on. available_fen: as if without our own hold; None: not known.

    earlier_fen: what earlier freezers in force hold. last_row_at: the account's last row of any kind.
    seen_until: until when its sheet tells all, as far as is known; None: until its last row.
    deadline: when our hold or another term to keep ends. stops_used, freeze_document: over all cases.
    """

    account: str
    victim_fen: int
    available_fen: int | None
    last_row_at: datetime | None
    case: str = ""
    earlier_fen: int = 0
    level: int | None = None
    rest: Rest = UNKNOWN_REST
    hold: Hold | None = None
    closed: bool = False
    stops_used: int = 0
    freeze_document: str = ""
    seen_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """What the score is made of; probabilities cut to six places. held_fen: what of value_fen is held."""

    value_fen: int
    held_fen: int
    p_here: Decimal
    p_leave: Decimal
    h_hours: Decimal
    h_basis: str
    h_exits: int


@dataclass(frozen=True, slots=True)
class Score:
    """expected_fen, cut to whole fen. reason: code of ZERO when it is zero; advice: codes of ADVICE."""

    candidate: Candidate
    expected_fen: int
    parts: Parts
    reason: str = ""
    advice: tuple[str, ...] = ()

    @property
    def deadline(self) -> datetime | None:
        """When our hold ends; None when nothing of ours holds."""
        return self.candidate.hold.ends_at if self.candidate.hold else None


def freeze_score(candidate: Candidate, now: datetime, horizon: timedelta = HORIZON) -> Score:
    """expected_fen = V x p_here x p_leave at `now`, cut to whole fen: never a fen more than expected.

    Powers are taken in decimals of 60 places, so every machine gives the same fen. A hold up to an amount
    below V splits it: what it covers counts as held, the rest as free. A last row after `now` counts as now.
    g counts from `seen_until` where that is later than the last row: a sheet without rows tells that nothing
    left.
    InputError for negative amounts or an instant without zone. Source: DOMAIN.md 7.3.
    """
    now = utc(now)
    if min(candidate.victim_fen, candidate.available_fen or 0, candidate.earlier_fen) < 0:
        raise InputError("An amount of the freeze queue is below zero; correct it.", what="amount")
    value = _value(candidate)
    hold = candidate.hold if candidate.hold and utc(candidate.hold.ends_at) > now else None
    held = 0 if hold is None else value if hold.up_to_fen is None else min(value, hold.up_to_fen)
    covered = held == value and hold is not None
    left = utc(hold.ends_at) - now if hold else timedelta(0)
    h = candidate.rest.h
    p_free = _here(candidate, now)
    p_here = Decimal(1) if covered else p_free
    p_leave = _leave(left if covered else timedelta(0), h, horizon)
    expected = _EXACT.multiply(
        _EXACT.multiply(Decimal(value - held), p_free), _leave(timedelta(0), h, horizon)
    )
    expected = _EXACT.add(expected, _EXACT.multiply(Decimal(held), _leave(left, h, horizon)))
    reason = _zero(candidate, value, held, left >= horizon)
    fen = 0 if reason else int(expected.to_integral_value(rounding=ROUND_FLOOR))
    if not reason and fen == 0:
        reason = "GONE"
    parts = Parts(
        value,
        held,
        p_here.quantize(_SHOWN, rounding=ROUND_FLOOR),
        p_leave.quantize(_SHOWN, rounding=ROUND_FLOOR),
        _hours(h).quantize(_SHOWN, rounding=ROUND_FLOOR),
        candidate.rest.basis,
        candidate.rest.exits,
    )
    return Score(candidate, fen, parts, reason, _advice(candidate, p_here, hold, covered))


def _value(candidate: Candidate) -> int:
    """V: victims' money left, at most what earlier freezers leave free; an unknown balance sets no limit."""
    if candidate.available_fen is None:
        return candidate.victim_fen
    return max(0, min(candidate.victim_fen, candidate.available_fen - candidate.earlier_fen))


def _hours(span: timedelta) -> Decimal:
    return _EXACT.divide(Decimal(span // _US), Decimal(3_600_000_000))


def _half(span: timedelta, h: timedelta) -> Decimal:
    """2^(-span/h)."""
    power = _EXACT.divide(Decimal(-(max(span, timedelta(0)) // _US)), Decimal(h // _US))
    return min(Decimal(1), _EXACT.power(Decimal(2), power))


def _here(candidate: Candidate, now: datetime) -> Decimal:
    """2^(-g/h), g from when the money was last known to be there; without any row that is never known.

    What had rested longer than h when last seen is not the money that leaves at once: for it h is as long as
    it had rested by then (D).
    """
    if candidate.last_row_at is None:
        return Decimal(0)
    last = utc(candidate.last_row_at)
    seen = last if candidate.seen_until is None else max(last, utc(candidate.seen_until))
    return _half(now - seen, max(candidate.rest.h, seen - last))


def _leave(left: timedelta, h: timedelta, horizon: timedelta) -> Decimal:
    # Cut downwards, 1 less 1 is a zero below zero.
    return max(Decimal(0), _EXACT.subtract(Decimal(1), _half(horizon - left, h)))


def _zero(candidate: Candidate, value: int, held: int, beyond: bool) -> str:
    if candidate.closed:
        return "CLOSED"
    if candidate.stops_used >= 2 and not candidate.freeze_document:
        return "NO_WAY_LEFT"
    if candidate.victim_fen == 0:
        return "NO_VICTIM_MONEY"
    if value == 0:
        return "NOTHING_FREE"
    if held == value and beyond:
        return "HELD_BEYOND"
    return "NO_ROWS" if candidate.last_row_at is None and not held else ""


def _advice(candidate: Candidate, p_here: Decimal, hold: Hold | None, covered: bool) -> tuple[str, ...]:
    said = [
        ("FRESH_SHEET", not candidate.closed and p_here < _STALE),
        ("ASK_BALANCE", candidate.available_fen is None),
        ("HOLD_COVERS_PART", hold is not None and not covered),
    ]
    return tuple(code for code, there in said if there)
