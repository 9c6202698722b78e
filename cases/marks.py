"""Names of what stands on a chart beside its nodes: lines, groups made by hand, rests only counted."""

from dataclasses import dataclass
from enum import StrEnum

from graph.contract import Direction, Ref

GROUP, REST = "Group", "Rest"
LineKey = tuple[str, Ref, Ref]
"""Names one line: relation, start, end; an end may be a group's mark."""
Mark = Ref | LineKey
Pair = tuple[Ref, Ref]
NAME_LIMIT, NOTE_LIMIT = 80, 2000


class Strength(StrEnum):
    """How sure a line is: recorded in a source row, recorded with doubt or derived, or only supposed."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    TENTATIVE = "tentative"


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes of the chart drawn as one mark; `id` is unique on its board."""

    id: str
    name: str
    members: tuple[Ref, ...]

    @property
    def mark(self) -> Ref:
        """What stands for the group where a node is named."""
        return Ref(GROUP, self.id)


@dataclass(frozen=True, slots=True, order=True)
class Rest:
    """What an expansion left in the lake: far ends of one type along one relation that are not drawn.

    How many there are is never kept: it is counted anew, so that drawn and rest always add up to all.
    """

    ref: Ref
    relation: str
    direction: Direction
    other_type: str

    @property
    def mark(self) -> Ref:
        """What stands for the rest where a node is named."""
        text = (self.ref.type, self.ref.key, self.relation, self.direction.value, self.other_type)
        return Ref(REST, "\x1f".join(text))


def pair_of(one: Ref, other: Ref) -> Pair:
    """Two ends in a stable order, whichever way their lines run."""
    return (one, other) if one <= other else (other, one)


def weakest(*strengths: Strength) -> Strength:
    """The least sure of them; CONFIRMED when none is given."""
    order = list(Strength)
    return max(strengths, key=order.index, default=Strength.CONFIRMED)
