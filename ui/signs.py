"""Rings, badges, sizes and short lines that detection and orders add to the marks of a chart."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from cases.roles.standing import RoleStanding, RoleState
from cases.roles.words import role_said
from detect.results import Detection
from detect.role_words import role_character
from export.role_marks import BADGE_WEIGHT, UNCONFIRMED
from funds.controls.reading import read_controls
from funds.known import last_instant
from graph.contract import Ref
from ui.canvas.model import Ring
from ui.desk import Desk
from ui.role_decisions import role_decisions
from ui.words import Language

_SIZE, _LARGEST = 30.0, 52.0
_HELD = "signs_held"


@dataclass(frozen=True, slots=True)
class CardSigns:
    """What is known of the nodes of one chart beyond the lake: roles, mules, victims, frozen accounts."""

    roles: Mapping[Ref, tuple[RoleStanding, ...]] = field(default_factory=dict)
    mules: Mapping[Ref, float] = field(default_factory=dict)
    victims: frozenset[Ref] = frozenset()
    frozen: frozenset[Ref] = frozenset()
    levels: Mapping[Ref, int] = field(default_factory=dict)
    language: Language = "zh"

    def badges(self, ref: Ref) -> tuple[str, ...]:
        """Characters of at most two roles, confirmed first; one that is not confirmed has a question mark."""
        confirmed_first = sorted(self._roles(ref), key=lambda one: not one.is_label)
        return tuple(
            role_character(one.role) + ("" if one.is_label else UNCONFIRMED) for one in confirmed_first[:2]
        )

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
        """Lines of the hover card: roles with their marks, the probability of being a mule."""
        language = self.language
        lines = [role_said(one, language) for one in self._roles(ref)]
        if ref in self.mules:
            lines.append(
                ("涉案账户概率 " if language == "zh" else "mule probability ") + f"{self.mules[ref]:.2f}"
            )
        return tuple(lines)

    def _roles(self, ref: Ref) -> list[RoleStanding]:
        """Confirmed roles and strong proposals, strongest first; refuted ones are shown nowhere here."""
        shown = [one for one in self.roles.get(ref, ()) if one.state is not RoleState.REFUTED]
        return [
            one for one in shown if one.state is RoleState.CONFIRMED or (one.score or 0.0) >= BADGE_WEIGHT
        ]


def signs_of(desk: Desk, found: Detection | None) -> CardSigns:
    """The signs of everything the last detection and the loaded orders and reports name."""
    victims = {Ref("Person", key) for key in desk.tables.frame("VICTIM_OF")["from_key"].to_list()}
    victims |= {Ref("Account", key) for key in desk.tables.frame("PAID_FROM")["to_key"].to_list()}
    frozen = _held(desk)
    if found is None:
        return CardSigns(victims=frozenset(victims), frozen=frozen, language=desk.words.language)
    decided = role_decisions(desk)
    people = [m for gang in found.gangs for m in gang.members if m.ref.type == "Person"] if decided else []
    return CardSigns(
        roles={member.ref: decided.of(member) for member in people} if decided else {},
        mules={Ref("Account", mule.account): mule.probability for mule in found.mules},
        victims=frozenset(victims),
        frozen=frozen,
        language=desk.words.language,
    )


def _held(desk: Desk) -> frozenset[Ref]:
    """Accounts surely under an order at the end of the data; refused, lifted or doubtful ones ring nobody."""
    state, held = st.session_state.get(_HELD, ("", frozenset()))
    if state != desk.tables.state:
        end = last_instant(desk.tables)
        readings = read_controls(desk.tables, end) if end is not None else {}
        held = frozenset(Ref("Account", key) for key, reading in readings.items() if reading.sure_holds)
        st.session_state[_HELD] = (desk.tables.state, held)
    return frozenset(held)
