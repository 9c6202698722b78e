"""Puts rows of one instant into an order in which their balances follow each other."""

from collections.abc import Sequence
from itertools import pairwise


def chain(before: Sequence[int | None], after: Sequence[int | None], start: int | None) -> list[int]:
    """Indices of the rows in an order where as many as possible start from what the one in front left.

    before, after: each row's balance before and after it. start: the balance in front of all of them, None
    when unknown. A row is a step from one balance to another, so an order that fits is a trail using each
    step once (Hierholzer 1873), found in linear time. If the given order fits as well, it stays.
    """
    given = list(range(len(before)))
    steps: dict[int | None, list[int]] = {}
    for index in reversed(given):
        steps.setdefault(before[index], []).append(index)
    if start is None or not steps.get(start):
        start = _first_balance(before, after)
    order = _trail(start, steps, after)
    for index in given:
        if steps[before[index]]:
            order += _trail(before[index], steps, after)
    return order if _links(order, before, after) > _links(given, before, after) else given


def _first_balance(before: Sequence[int | None], after: Sequence[int | None]) -> int | None:
    """Where a trail through all steps must begin: a balance left more often than reached, else the first."""
    excess: dict[int | None, int] = {}
    for one, other in zip(before, after, strict=True):
        excess[one] = excess.get(one, 0) + 1
        excess[other] = excess.get(other, 0) - 1
    return next((balance for balance in before if excess[balance] > 0), before[0])


def _trail(start: int | None, steps: dict[int | None, list[int]], after: Sequence[int | None]) -> list[int]:
    found: list[int] = []
    stack: list[tuple[int | None, int]] = [(start, -1)]
    while stack:
        ways = steps.get(stack[-1][0])
        if ways:
            step = ways.pop()
            stack.append((after[step], step))
        else:
            found.append(stack.pop()[1])
    return [step for step in reversed(found) if step >= 0]


def _links(order: Sequence[int], before: Sequence[int | None], after: Sequence[int | None]) -> int:
    return sum(1 for one, other in pairwise(order) if after[one] == before[other])
