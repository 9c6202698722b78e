"""Finds nodes by any identifier or name and says how each was matched; a guess never looks like a hit."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from graph.contract import Ref
from graph.lookup.index import Form, Index
from graph.lookup.names import Sounds, reordered, shortened, similarity
from graph.lookup.typed import Typed, read_typed
from graph.schema.catalog import STORED_NODES

_SHORTEST_TAIL = 4
_SHORTEST_SOUND = 2
_MOST_WEIGHED = 20_000
"""Places of one kind of match that are looked at for the types asked for and for what a mask leaves open."""
_LEAST_ALIKE = 0.6
_IMEI = 15


class How(StrEnum):
    """How a text matched, the surest first."""

    EXACT = "exact"
    IMEI = "imei"  # but for the check digit, which keys leave out
    MASK = "mask"  # the shown parts of a masked value
    PREFIX = "prefix"
    TAIL = "tail"
    PART = "part"  # somewhere in a name or an address
    PINYIN = "pinyin"
    INITIALS = "initials"
    ORDER = "order"  # the same signs in another order
    SOUND = "sound"  # other signs, read alike
    FUZZY = "fuzzy"


_ORDER = {how: place for place, how in enumerate(How)}


@dataclass(frozen=True, slots=True)
class Hit:
    """One node that matched. field: the property, or "key". similarity: 0 to 1, for FUZZY only."""

    ref: Ref
    how: How
    field: str
    similarity: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Hits in order, surest first; `cut` when there were more."""

    hits: tuple[Hit, ...] = ()
    cut: bool = False


class Finder:
    """Asks an index; keeps nothing of what is asked."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._sounds = Sounds()

    @property
    def formless(self) -> int:
        """Names that are found only as they are written, since there are too many."""
        return self._index.formless

    def find(self, text: str, types: Sequence[str] = (), limit: int = 100, *, guess: bool = False) -> Found:
        """Nodes that `text` names, by every way of matching; at most `limit`, none for blank text.

        guess: look for other spellings too when some were found as it was typed; they are looked for anyway
        when none was. types: only these node types, empty for all. InputError as of `read_typed`. Order: how
        (surest first), similarity, type in catalog order, key.
        """
        typed = read_typed(text)
        if typed is None:
            return Found()
        gathered = _Gathered(self._index, frozenset(types), limit)
        for how, found in self._ways(typed):
            gathered.take(how, found)
            if how is How.PART and gathered.hits and not guess:
                break
        return gathered.found()

    def find_exactly(self, text: str, types: Sequence[str] = (), limit: int = 20) -> Found:
        """Nodes that hold just this value or name, or what a mask shows of it: in lists a guess harms."""
        typed = read_typed(text)
        if typed is None:
            return Found()
        gathered = _Gathered(self._index, frozenset(types), limit)
        for how, found in self._ways(typed):
            if how in (How.EXACT, How.IMEI, How.MASK):
                gathered.take(how, found)
        return gathered.found()

    def _ways(self, typed: Typed) -> Iterator[tuple[How, Callable[[], "Iterator[_Match]"]]]:
        index, value = self._index, typed.value
        if typed.masked:
            yield How.MASK, lambda: self._masked(typed)
            return
        yield How.EXACT, lambda: _both(self._values(*index.values.equal(value)), self._named(value))
        if len(value) == _IMEI and value.isdigit():
            yield How.IMEI, lambda: self._imei(value)
        yield (
            How.PREFIX,
            lambda: _both(
                self._values(*index.values.beginning(value)),
                self._names(range(*index.names.beginning(value))),
            ),
        )
        if len(value) >= _SHORTEST_TAIL and value.isascii():
            yield How.TAIL, lambda: self._tails(value)
        yield How.PART, lambda: self._names(self._index.names.containing(value, _MOST_WEIGHED))
        yield from self._guesses(typed)

    def _guesses(self, typed: Typed) -> Iterator[tuple[How, Callable[[], "Iterator[_Match]"]]]:
        forms, value, letters = self._index.forms, typed.value, typed.letters
        if len(letters) >= _SHORTEST_SOUND:
            yield How.PINYIN, lambda: self._names(_of(forms["sounds"], letters, beginning=len(letters) > 3))
            yield How.INITIALS, lambda: self._names(_of(forms["initials"], letters))
        if not value.isascii() and len(value) >= _SHORTEST_SOUND:
            yield How.ORDER, lambda: self._names(_of(forms["orders"], reordered(value)))
            yield (
                How.SOUND,
                lambda: self._names(
                    number for sound in self._sounds.of(value) for number in _of(forms["sounds"], sound)
                ),
            )
        if not value.isdigit():
            yield How.FUZZY, lambda: self._alike(value)

    def _values(self, first: int, behind: int) -> "Iterator[_Match]":
        for place in range(first, min(behind, first + _MOST_WEIGHED)):
            yield _Match(int(self._index.node[place]), int(self._index.field[place]))

    def _named(self, value: str) -> "Iterator[_Match]":
        return self._names(range(*self._index.names.equal(value)))

    def _names(
        self, numbers: "Iterator[int] | Sequence[int]", alike: float | None = None
    ) -> "Iterator[_Match]":
        index = self._index
        for number in numbers:
            for place in range(int(index.name_first[number]), int(index.name_first[number + 1])):
                yield _Match(int(index.name_node[place]), int(index.name_field[place]), alike)

    def _tails(self, value: str) -> "Iterator[_Match]":
        first, behind = self._index.tails.beginning(value[::-1])
        for place in range(first, min(behind, first + _MOST_WEIGHED)):
            number = int(self._index.tail_of[place])
            yield _Match(int(self._index.node[number]), int(self._index.field[number]))

    def _imei(self, value: str) -> "Iterator[_Match]":
        for match in self._values(*self._index.values.equal(value[:-1])):
            if self._index.fields[match.field][0] == "Device":
                yield match

    def _masked(self, typed: Typed) -> "Iterator[_Match]":
        """What begins and ends as shown, with something between."""
        index = self._index
        low, high = index.values.beginning(typed.head) if typed.head else (0, len(index.values))
        places: Sequence[int] = range(low, high)
        if typed.tail:
            first, behind = index.tails.beginning(typed.tail[::-1])
            # Numbers of values go in their order, so those that begin as shown are a range.
            ending = np.sort(np.asarray(index.tail_of[first:behind]))
            places = ending[(ending >= low) & (ending < high)].tolist()
        shown = len(typed.head) + len(typed.tail)
        for looked, place in enumerate(places):
            if looked >= _MOST_WEIGHED:
                return
            text = index.values.at(place)
            if len(text) > shown and text.startswith(typed.head) and text.endswith(typed.tail):
                yield _Match(int(index.node[place]), int(index.field[place]))

    def _alike(self, value: str) -> "Iterator[_Match]":
        """Names about one sign off, the most alike first."""
        holes, names = self._index.forms["holes"], self._index.names
        near = set(_of(holes, value))
        for form in shortened(value):
            near.update(_of(holes, form))
            near.update(range(*names.equal(form)))
        ranked = sorted((-similarity(value, names.at(number)), number) for number in near)
        for below, number in ranked:
            if -below >= _LEAST_ALIKE and below > -1:
                yield from self._names([number], alike=-below)


@dataclass(frozen=True, slots=True)
class _Match:
    node: int
    field: int
    alike: float | None = None


class _Gathered:
    """Hits so far, each node once, by the surest way it matched."""

    def __init__(self, index: Index, types: frozenset[str], limit: int) -> None:
        self.hits: list[Hit] = []
        self.cut = False
        self._index, self._limit = index, limit
        self._wanted = {n for n, (kind, _) in enumerate(index.fields) if not types or kind in types}
        self._seen: set[int] = set()

    def take(self, how: How, found: "Callable[[], Iterator[_Match]]") -> None:
        """Take what one way found, up to the limit."""
        if self.cut:
            return
        for looked, match in enumerate(found()):
            if match.node in self._seen or match.field not in self._wanted:
                self.cut = self.cut or looked >= _MOST_WEIGHED
                continue
            if len(self.hits) >= self._limit or looked >= _MOST_WEIGHED:
                self.cut = True
                return
            self._seen.add(match.node)
            name = self._index.fields[match.field][1]
            self.hits.append(Hit(self._index.ref(match.node), how, name, match.alike))

    def found(self) -> Found:
        """All hits in order."""
        return Found(tuple(sorted(self.hits, key=_place)), self.cut)


def _place(hit: Hit) -> tuple[int, float, int, str]:
    return _ORDER[hit.how], -(hit.similarity or 0.0), STORED_NODES.index(hit.ref.type), hit.ref.key


def _of(form: Form, text: str, beginning: bool = False) -> Iterator[int]:
    """Numbers of the names that a form's text stands for, equal ones first."""
    first, behind = form.texts.equal(text)
    yield from (int(form.of[place]) for place in range(first, behind))
    if beginning:
        yield from (int(form.of[place]) for place in range(behind, form.texts.beginning(text)[1]))


def _both(one: "Iterator[_Match]", other: "Iterator[_Match]") -> "Iterator[_Match]":
    yield from one
    yield from other
