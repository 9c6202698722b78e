"""Forms of a name by which it is found though written otherwise: sound, initials, order, one sign off."""

import itertools
from collections.abc import Iterable, Iterator

_READINGS = 4
"""Ways to read one name that are kept; a name of many signs with two readings each has too many."""
LONGEST = 12
"""Signs of a name up to which it has forms; longer ones are firms, which are found by a part."""


class Sounds:
    """Reads names in toneless pinyin, each sign once a process of making."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[str, ...]] = {}

    def of(self, name: str) -> tuple[str, ...]:
        """The ways to read a name, usual ones first, without blanks; Latin letters read as they are."""
        return tuple("".join(way) for way in self._ways(name))

    def initials(self, name: str) -> tuple[str, ...]:
        """First letters of each sign, for the same ways."""
        ways = ("".join(part[:1] for part in way) for way in self._ways(name))
        return tuple(dict.fromkeys(ways))

    def _ways(self, name: str) -> Iterator[tuple[str, ...]]:
        return itertools.islice(itertools.product(*(self._sign(sign) for sign in name)), _READINGS)

    def _sign(self, sign: str) -> tuple[str, ...]:
        known = self._read.get(sign)
        if known is None:
            known = self._read[sign] = tuple(_readings(sign)) if ord(sign) > 0x2E7F else (sign.lower(),)
        return known


def _readings(sign: str) -> Iterable[str]:
    from pypinyin import Style, lazy_pinyin, pinyin

    # lazy_pinyin gives the usual reading; as a surname a sign may have another.
    usual = lazy_pinyin(sign)[0]
    others = pinyin(sign, style=Style.NORMAL, heteronym=True)[0]
    return dict.fromkeys((usual, *others))


def shortened(name: str) -> tuple[str, ...]:
    """The name with each sign in turn left out: texts one sign apart share one. None below three signs."""
    if not 3 <= len(name) <= LONGEST:
        return ()
    return tuple(dict.fromkeys(name[:place] + name[place + 1 :] for place in range(len(name))))


def reordered(name: str) -> str:
    """The signs of a name in a fixed order: the same for 李小明 and 小明李."""
    return "".join(sorted(name))


def similarity(one: str, other: str) -> float:
    """1 less the edit distance over the longer length (Levenshtein 1966); 1 for equal texts."""
    if one == other:
        return 1.0
    before = list(range(len(other) + 1))
    for row, sign in enumerate(one, start=1):
        here = [row]
        for column, across in enumerate(other, start=1):
            here.append(min(before[column] + 1, here[-1] + 1, before[column - 1] + (sign != across)))
        before = here
    return 1.0 - before[-1] / max(len(one), len(other))
