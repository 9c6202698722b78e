"""A small picture of one gang as SVG: its most tied members as shapes, what ties them as lines, no words."""

from collections.abc import Sequence

from detect.results import Gang, Member
from export.layout import even_places
from graph.contract import Ref
from graph.schema.catalog import NODE_TYPES

PICTURED = 60
_PAD = 9.0
_LINE = "#8a94a3"


def gang_picture(gang: Gang, width: int = 220, height: int = 140) -> str:
    """The SVG of a gang's `PICTURED` most tied members; people are round, accounts square, others diamonds.

    The picture holds no key and no name. The same gang gives the same bytes.
    """
    members = most_tied(gang)
    number = {member.ref: position for position, member in enumerate(members)}
    pairs = sorted(
        {
            (min(number[a], number[b]), max(number[a], number[b]))
            for link in gang.links
            for a, b in _ends(link.a, link.via, link.b)
            if a in number and b in number and a != b
        }
    )
    places = _fitted(even_places(len(members), pairs), width, height)
    lines = "".join(
        f'<line x1="{places[a][0]}" y1="{places[a][1]}" x2="{places[b][0]}" y2="{places[b][1]}"/>'
        for a, b in pairs
    )
    marks = "".join(_mark(member, *places[position]) for position, member in enumerate(members))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}">'
        f'<g stroke="{_LINE}" stroke-width="0.8" stroke-opacity="0.7">{lines}</g>{marks}</svg>'
    )


def most_tied(gang: Gang) -> list[Member]:
    """The members that are pictured: by the weight of their links inside the gang, then type and key."""
    weight: dict[Ref, float] = {}
    for link in gang.links:
        for ref in (link.a, link.b, link.via):
            if ref is not None:
                weight[ref] = weight.get(ref, 0.0) + link.weight
    return sorted(gang.members, key=lambda m: (-weight.get(m.ref, 0.0), m.ref))[:PICTURED]


def _ends(a: Ref, via: Ref | None, b: Ref) -> list[tuple[Ref, Ref]]:
    """A shared thing that is drawn stands between the two; else they touch."""
    return [(a, b)] if via is None else [(a, via), (via, b), (a, b)]


def _fitted(places: Sequence[tuple[int, int]], width: int, height: int) -> list[tuple[float, float]]:
    """Places scaled alike in both directions into the picture, its middle in the middle."""
    if not places:
        return []
    xs, ys = [p[0] for p in places], [p[1] for p in places]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    scale = min((width - 2 * _PAD) / max(wide, 1), (height - 2 * _PAD) / max(high, 1), 0.5)
    left, top = (width - wide * scale) / 2, (height - high * scale) / 2
    return [
        (round(left + (x - min(xs)) * scale, 1), round(top + (y - min(ys)) * scale, 1)) for x, y in places
    ]


def _mark(member: Member, x: float, y: float) -> str:
    colour = NODE_TYPES[member.ref.type].colour
    if member.ref.type == "Person":
        return f'<circle cx="{x}" cy="{y}" r="4.2" fill="{colour}"/>'
    if member.ref.type == "Account":
        return f'<rect x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6" fill="{colour}"/>'
    points = f"{x},{y - 4:.1f} {x + 4:.1f},{y} {x},{y + 4:.1f} {x - 4:.1f},{y}"
    return f'<polygon points="{points}" fill="{colour}"/>'
