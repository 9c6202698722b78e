"""Rings, badges, sizes and short lines that detection and orders add to the marks of a chart."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from detect.results import Detection, Member
from export.signs import BADGE_WEIGHT, role_character, role_label
from graph.contract import Ref
from ui.canvas.model import Ring
from ui.desk import Desk
from ui.words import Language

_SIZE, _LARGEST = 30.0, 52.0


@dataclass(frozen=True, slots=True)
class CardSigns:
    """What is known of the nodes of one chart beyond the lake: roles, mules, victims, frozen accounts."""

    members: Mapping[Ref, Member] = field(default_factory=dict)
    mules: Mapping[Ref, float] = field(default_factory=dict)
    victims: frozenset[Ref] = frozenset()
    frozen: frozenset[Ref] = frozenset()
    levels: Mapping[Ref, int] = field(default_factory=dict)
    language: Language = "zh"

    def badges(self, ref: Ref) -> tuple[str, ...]:
        """Characters of the strongest roles, at most two, strongest first."""
        return tuple(role_character(role) for role in self._roles(ref)[:2])

    def rings(self, ref: Ref) -> tuple[Ring, ...]:
        """The rings of a node, frozen outside."""
        rings: list[Ring] = []
        if ref in self.victims:
            rings.append("victim")
        if ref in self.mules:
            rings.append("suspect")
        if ref in self.frozen:
            rings.append("frozen")
        return tuple(rings)

    def size(self, ref: Ref) -> float:
        """Larger for accounts with a higher probability of being a mule."""
        return _SIZE + (_LARGEST - _SIZE) * self.mules.get(ref, 0.0) * 0.6

    def lines(self, ref: Ref) -> tuple[str, ...]:
        """Lines of the hover card: proposed roles with their weights, the probability of being a mule."""
        language = self.language
        member = self.members.get(ref)
        lines = (
            [f"{role_label(r, language)} {member.roles[r]:.2f}" for r in self._roles(ref)] if member else []
        )
        if ref in self.mules:
            lines.append(
                ("涉案账户概率 " if language == "zh" else "mule probability ") + f"{self.mules[ref]:.2f}"
            )
        return tuple(lines)

    def _roles(self, ref: Ref) -> list[str]:
        member = self.members.get(ref)
        if member is None:
            return []
        strong = [(weight, role) for role, weight in member.roles.items() if weight >= BADGE_WEIGHT]
        return [role for _, role in sorted(strong, key=lambda pair: (-pair[0], pair[1]))]


def signs_of(desk: Desk, found: Detection | None) -> CardSigns:
    """The signs of everything the last detection and the loaded orders and reports name."""
    victims = {Ref("Person", key) for key in desk.tables.frame("VICTIM_OF")["from_key"].to_list()}
    victims |= {Ref("Account", key) for key in desk.tables.frame("PAID_FROM")["to_key"].to_list()}
    frozen = {Ref("Account", key) for key in desk.tables.frame("CONTROL")["to_key"].to_list()}
    if found is None:
        return CardSigns(victims=frozenset(victims), frozen=frozenset(frozen), language=desk.words.language)
    return CardSigns(
        members={member.ref: member for gang in found.gangs for member in gang.members},
        mules={Ref("Account", mule.account): mule.probability for mule in found.mules},
        victims=frozenset(victims),
        frozen=frozenset(frozen),
        language=desk.words.language,
    )
