"""Short names in which the catalog is written: kinds, privacy classes, colour families, one property."""

from graph.schema.kinds import Kind, Mask, Privacy
from graph.schema.types import Property

PUB, INT, PER, INF = Privacy.PUBLIC, Privacy.INTERNAL, Privacy.PERSONAL, Privacy.INFORMANT
TEXT, IDENT, FEN, AT, DAY = Kind.TEXT, Kind.IDENTIFIER, Kind.MONEY_FEN, Kind.INSTANT, Kind.DAY
COUNT, REAL, FLAG = Kind.COUNT, Kind.REAL, Kind.FLAG

# Colour families (Okabe-Ito derived, told apart by colour-blind readers).
PEOPLE, MONEY, PHONE = "#c4501b", "#1b7f5c", "#2a6fb0"  # warm, green, blue
PLACE, CASE, NET = "#8a6d3b", "#7b4fa3", "#3f7f93"  # brown, violet, slate


def prop(name: str, kind: Kind, zh: str, en: str, privacy: Privacy = INT, mask: Mask = Mask.NONE) -> Property:
    """A property of a node or relation type; internal and unmasked unless said otherwise."""
    return Property(name, kind, zh, en, privacy, mask)


NAME = prop("name", TEXT, "姓名", "name", PER, Mask.NAME)
