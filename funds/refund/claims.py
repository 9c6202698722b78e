"""What a refund plan starts from: frozen money, victims' losses, and the rows by which money arrived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from funds.controls.clocks import utc
from graph.errors import InputError

CONSERVING = ("fifo", "lifo", "pro_rata", "libr")
"""The tracing methods that must agree (DOMAIN.md 7.1); poison is never for refunds."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A row by which a victim's money came into the account; direct: the victim's own payment.

    fen: the most of the victim's that it carried by any tracing method, least_fen: the least (None: that).
    mirror: source and row where the other side's sheet tells of it too.
    """

    event_key: str
    at: datetime
    fen: int
    source: str
    row: int
    direct: bool = True
    least_fen: int | None = None
    mirror: tuple[str, int] | None = None

    @property
    def rows(self) -> tuple[tuple[str, int], ...]:
        """Source and row, then those of the mirror row."""
        return ((self.source, self.row),) if self.mirror is None else ((self.source, self.row), self.mirror)


@dataclass(frozen=True, slots=True)
class Claim:
    """A victim with the whole loss in the case. refunded_fen: what other plans have given back already."""

    victim: str
    currency: str
    loss_fen: int
    arrivals: tuple[Arrival, ...]
    refunded_fen: int = 0

    @property
    def open_fen(self) -> int:
        """The loss not yet given back: no refund is above it."""
        return max(0, self.loss_fen - self.refunded_fen)

    @property
    def first_at(self) -> datetime:
        """When the victim's money first came into the account."""
        return min(arrival.at for arrival in self.arrivals)

    @property
    def rows(self) -> tuple[tuple[str, int], ...]:
        """Source and row of every arrival, sorted, once each."""
        return tuple(sorted({row for arrival in self.arrivals for row in arrival.rows}))


@dataclass(frozen=True, slots=True)
class Frozen:
    """The frozen account. deposits: rows of money in, whose ever; grade: of its sheets (DOMAIN.md 3.1).

    left: method -> victim -> fen of theirs that lie there now, by the four conserving methods; a victim not
    named has none. unknown_fen: most unknown money lying there by any of them. covered: its rows are known to
    reach up to what was frozen. untimed: rows of it that are known only by day.
    """

    account: str
    currency: str
    fen: int
    deposits: int
    grade: str
    left: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    unknown_fen: int = 0
    covered: bool = True
    untimed: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """A claim that takes no part, with the code of its reason (`REASONS`)."""

    victim: str
    code: str

    def said(self, language: str) -> str:
        """The reason in `zh` or `en`."""
        return REASONS[self.code][0 if language == "zh" else 1]


REASONS = {
    "NO_PAYMENT_HERE": (
        "没有证据行证明该受害人的资金进入本账户，不列入本账户返还。",
        "No row shows that this victim's money came into the account; no part in its refund.",
    ),
    "NO_LOSS": ("被骗金额不大于零，不列入返还。", "The loss is not above zero; no part in the refund."),
    "ALREADY_REPAID": (
        "损失已由其他账户全部返还。",
        "The whole loss was given back out of other accounts already.",
    ),
}


def sorted_out(frozen: Frozen, claims: Sequence[Claim]) -> tuple[tuple[Claim, ...], tuple[Refused, ...]]:
    """Claims that take part by first arrival, then victim; and those refused, by victim.

    InputError for a second currency (nothing is ever added over two), a victim named twice, one payment
    claimed twice, or a negative amount.
    """
    _check(frozen, claims)
    refused = []
    kept = []
    for claim in claims:
        if not claim.arrivals:
            refused.append(Refused(claim.victim, "NO_PAYMENT_HERE"))
        elif claim.loss_fen <= 0:
            refused.append(Refused(claim.victim, "NO_LOSS"))
        elif claim.open_fen == 0:
            refused.append(Refused(claim.victim, "ALREADY_REPAID"))
        else:
            kept.append(claim)
    kept.sort(key=lambda claim: (claim.first_at, claim.victim))
    return tuple(kept), tuple(sorted(refused, key=lambda one: one.victim))


def _check(frozen: Frozen, claims: Sequence[Claim]) -> None:
    currencies = {frozen.currency, *(claim.currency for claim in claims)}
    if len(currencies) > 1:
        raise InputError(
            f"A refund plan has one currency, here are {', '.join(sorted(currencies))}: make one for each.",
            code="MIXED_CURRENCIES",
        )
    if len({claim.victim for claim in claims}) < len(claims):
        raise InputError("A victim has two claims in one plan; put their payments into one.", code="TWICE")
    paid = [a.event_key for claim in claims for a in claim.arrivals if a.direct]
    if len(set(paid)) < len(paid):
        raise InputError("One payment is claimed twice; settle whose it is.", code="ONE_ROW_TWO_VICTIMS")
    amounts = [frozen.fen, frozen.unknown_fen, frozen.deposits]
    amounts += [fen for left in frozen.left.values() for fen in left.values()]
    for claim in claims:
        amounts += [claim.refunded_fen, *(arrival.fen for arrival in claim.arrivals)]
        for arrival in claim.arrivals:
            utc(arrival.at)
    if min(amounts) < 0:
        raise InputError("An amount of the refund plan is below zero; correct it.", code="NEGATIVE")
