"""Splits an amount in proportion to the fen: floors, and what is left over to the largest remainders."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Share:
    """exact: before rounding, in fen; floor + extra is what is given, extra 0 or 1."""

    exact: Fraction
    floor: int
    remainder: Fraction
    extra: int


def split(amount: int, weights: Sequence[int]) -> tuple[Share, ...]:
    """One share a weight, in the order given, which settles ties: the earlier one gets the fen.

    The given parts sum to `amount` exactly. With `amount` at most the sum of weights no part is above its
    weight. No weight above zero gives shares of nothing. Source: DOMAIN.md 7.4 (largest remainder).
    """
    total = sum(weights)
    if total <= 0:
        return tuple(Share(Fraction(0), 0, Fraction(0), 0) for _ in weights)
    exact = [Fraction(amount * weight, total) for weight in weights]
    floors = [share.numerator // share.denominator for share in exact]
    remainders = [share - floor for share, floor in zip(exact, floors, strict=True)]
    places = sorted(range(len(weights)), key=lambda place: (-remainders[place], place))
    lucky = set(places[: amount - sum(floors)])
    return tuple(
        Share(exact[place], floors[place], remainders[place], int(place in lucky))
        for place in range(len(weights))
    )
