"""Short names in which the catalog is written: kinds, privacy classes, colour families, one property."""

from graph.schema.kinds import Kind, Mask, Privacy
from graph.schema.types import Property

PUB, INT, PER, INF = Privacy.PUBLIC, Privacy.INTERNAL, Privacy.PERSONAL, Privacy.INFORMANT
TEXT, IDENT, FEN, AT, DAY = Kind.TEXT, Kind.IDENTIFIER, Kind.MONEY_FEN, Kind.INSTANT, Kind.DAY
COUNT, REAL, FLAG = Kind.COUNT, Kind.REAL, Kind.FLAG

# Colours of the families; searched for the largest least difference that readers with any colour blindness
# see, on light and dark ground (tests/ui/canvas/test_colours.py).
PEOPLE, MONEY, PHONE = "#bf7425", "#186a5e", "#0b49b2"  # warm, green, blue
PLACE, CASE, NET = "#8a4e2d", "#774b93", "#2d98a8"  # brown, violet, cyan
FAMILY_COLOURS = {
    "money": MONEY, "phone": PHONE, "net": NET, "place": PLACE, "case": CASE, "people": PEOPLE,
}  # fmt: skip


def prop(name: str, kind: Kind, zh: str, en: str, privacy: Privacy = INT, mask: Mask = Mask.NONE) -> Property:
    """A property of a node or relation type; internal and unmasked unless said otherwise."""
    return Property(name, kind, zh, en, privacy, mask)


NAME = prop("name", TEXT, "姓名", "name", PER, Mask.NAME)
