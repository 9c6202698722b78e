"""How a role is drawn and written wherever it leaves: always with its mark, confirmed ones before others."""

from collections.abc import Sequence

from detect.role_words import role_character, role_label
from export.chart import MapNode, RoleSign
from export.signs import Language

BADGE_WEIGHT = 0.5
"""A proposed role is badged from this weight on; weaker proposals are listed only."""
BADGES = 3
UNCONFIRMED = "?"
"""Stands behind the character of a role that nobody confirmed, or not on evidence that still stands."""


def marked_role(sign: RoleSign, language: Language) -> str:
    """A role as one text: name, weight where it has one, and its mark with what changed since."""
    place = 0 if language == "zh" else 1
    weight = "" if sign.weight is None else f" {sign.weight:.2f}"
    mark = " · ".join(text for text in (sign.mark[place], sign.changed[place]) if text)
    return f"{role_label(sign.role, language)}{weight} [{mark}]"


def badged_roles(roles: Sequence[RoleSign]) -> list[RoleSign]:
    """The roles whose character is drawn at a node: confirmed ones first, at most three."""
    drawn = [one for one in roles if one.confirmed or one.weight is None or one.weight >= BADGE_WEIGHT]
    return sorted(drawn, key=lambda one: not one.confirmed)[:BADGES]


def badge(sign: RoleSign) -> str:
    """The character of a role, with a question mark unless it is confirmed."""
    return role_character(sign.role) + ("" if sign.confirmed else UNCONFIRMED)


def refuted_said(node: MapNode, language: Language) -> str:
    """How many proposed roles people refuted, without naming one; empty for none."""
    if not node.refuted:
        return ""
    changed = node.refuted_changed
    if language == "zh":
        return f"{node.refuted}项角色已否定" + (f"，其中{changed}项所据证据已变" if changed else "")
    count = "1 role refuted" if node.refuted == 1 else f"{node.refuted} roles refuted"
    return count + (f", {changed} of them on evidence that has changed" if changed else "")
