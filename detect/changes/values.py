"""Proposals that one identifier replaced another, as values: an opinion that a person confirms."""

from dataclasses import dataclass
from datetime import datetime

from detect.results import Row
from graph.contract import Ref


@dataclass(frozen=True, slots=True)
class Sign:
    """One shared neighbour. after: the neighbour itself, or what is proposed to have replaced it.

    value: its part of the shared weight. before_rows, after_rows: source rows that prove each side.
    """

    kind: str
    before: Ref
    after: Ref
    value: float
    before_rows: tuple[Row, ...]
    after_rows: tuple[Row, ...]

    @property
    def carried(self) -> bool:
        """Whether the neighbour was swapped too."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Against:
    """One thing that speaks against a proposal, with its amount (unit by name) and rows.

    overlap (hours both were in use), places (cells of the old one, none of them used by the new one),
    same_holder and same_sim (an ordinary new number or phone: 1), solitary (changes of this type at once),
    few (rows of the poorer side), rival (score of the second best), wavering (stability below the bound),
    unanchored (share of the weight that swapped neighbours carry).
    """

    name: str
    value: float
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """`new` may have taken the place of `old`.

    how: silent, closed, frozen or stopped, the way the old one ended. score: 0 to 1, likeness of what both
    touch. weight: the score, lowered for a change alone. margin: share of the score to the second best of
    either side; rivals: who else it may be where that is too little. stability: share of the repeats on parts
    of the evidence that chose the pair. decided: whether both are large enough.
    together: changes of this type at once in one neighbourhood, this one included.
    """

    change_id: str
    old: Ref
    new: Ref
    how: str
    ended_at: datetime
    began_at: datetime
    score: float
    weight: float
    margin: float
    stability: float
    decided: bool
    together: int
    rivals: tuple[Ref, ...]
    signs: tuple[Sign, ...]
    against: tuple[Against, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """All proposals of one lake, by weight desc, old, new; and what could not be looked at.

    unseen: names of types without timed rows in the lake (Sim, Device, Account), so nothing is said of them.
    ended, began: candidates of each type on either side.
    """

    lake_digest: str
    changes: tuple[Change, ...]
    unseen: tuple[str, ...]
    ended: tuple[tuple[str, int], ...] = ()
    began: tuple[tuple[str, int], ...] = ()
