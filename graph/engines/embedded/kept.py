"""Answers of one state of the lake that were given before: every click draws the same chart again."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from graph.contract import Expansion, Ref

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """The latest answers by question, of a total size of at most `most`; threads may share it."""

    def __init__(self, most: int, size_of: Callable[[V], int] = lambda _: 1) -> None:
        self._most, self._size_of = most, size_of
        self._answers: OrderedDict[K, V] = OrderedDict()
        self._size = 0
        self._turn = threading.Lock()

    def get(self, question: K) -> V | None:
        """The answer, None when it is not kept (any more)."""
        with self._turn:
            if question in self._answers:
                self._answers.move_to_end(question)
            return self._answers.get(question)

    def put(self, question: K, answer: V) -> None:
        """Keep an answer; those asked for longest ago make room, and one larger than all room is not kept."""
        with self._turn:
            if question in self._answers or self._size_of(answer) > self._most:
                return
            self._answers[question] = answer
            self._size += self._size_of(answer)
            while self._size > self._most:
                _, oldest = self._answers.popitem(last=False)
                self._size -= self._size_of(oldest)


Expansions = tuple[Expansion, ...]


def counted(
    kept: "Kept[Ref, Expansions]",
    refs: Sequence[Ref],
    count: Callable[[Sequence[Ref]], dict[Ref, Expansions]],
) -> dict[Ref, Expansions]:
    """The expansions of each ref, in the order given; only those not kept are counted."""
    known = {ref: found for ref in refs if (found := kept.get(ref)) is not None}
    missing = list(dict.fromkeys(ref for ref in refs if ref not in known))
    fresh = count(missing) if missing else {}
    for ref, found in fresh.items():
        kept.put(ref, found)
    known |= fresh
    return {ref: known[ref] for ref in refs}
