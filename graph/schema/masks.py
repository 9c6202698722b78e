"""Masks of personal values, derived from the catalog's privacy marks (DOMAIN 4, GUARANTEES 7)."""

from graph.schema.catalog import NODE_TYPES, node_type, relation_type
from graph.schema.kinds import Mask, Privacy

# Mask -> (characters kept in front, characters kept at the end).
_KEPT: dict[Mask, tuple[int, int]] = {
    Mask.ID_NUMBER: (3, 4),
    Mask.CARD: (6, 4),
    Mask.PHONE: (3, 4),
    Mask.NAME: (1, 0),
    Mask.ADDRESS: (6, 0),
    Mask.HANDLE: (2, 2),
}


def mask_value(value: str | None, mask: Mask) -> str | None:
    """`value` with its middle replaced by stars, as long as before; short values keep at most a third.

    A value no longer than what would be kept shows only its first character, so that a mask never shows all.
    """
    if value is None or mask is Mask.NONE:
        return value
    front, back = _KEPT.get(mask, (2, 2))
    if len(value) <= front + back:
        front, back = (1 if len(value) > 1 else 0), 0
    hidden = len(value) - front - back
    return value[:front] + "*" * hidden + (value[len(value) - back :] if back else "")


def mask_key(type_name: str, key: str) -> str:
    """The key of a node as shown to people without the right to see it whole; type prefixes stay readable."""
    node = node_type(type_name)
    if node.privacy is not Privacy.PERSONAL:
        return key
    prefix, separator, rest = key.partition(":")
    if separator:
        return f"{prefix}:{mask_value(rest, node.key_mask)}"
    body, at, since = key.partition("@")
    return f"{mask_value(body, node.key_mask)}{at}{since}"


def mask_properties(type_name: str, properties: dict[str, object]) -> dict[str, object]:
    """A node's or relation's properties with every personal one masked."""
    declared = node_type(type_name) if type_name in NODE_TYPES else relation_type(type_name)
    marks = {p.name: p.mask for p in declared.properties if p.privacy is Privacy.PERSONAL}
    return {
        name: mask_value(str(value), marks[name]) if name in marks and value is not None else value
        for name, value in properties.items()
    }
