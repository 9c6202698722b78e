"""How a source file's cells are shown: whole, or masked by what their column means."""

from collections.abc import Mapping

from graph.schema.kinds import Mask
from graph.schema.masks import mask_value

# How a column's text is shown to a reader without the right to see it whole, by the template's kind.
_MASKS: Mapping[str, Mask] = {
    "account": Mask.CARD,
    "peer": Mask.CARD,
    "subject": Mask.CARD,
    "id": Mask.ID_NUMBER,
    "phone": Mask.PHONE,
    "name": Mask.NAME,
    "address": Mask.ADDRESS,
    "imei": Mask.HANDLE,
    "mac": Mask.HANDLE,
    "device": Mask.HANDLE,
    "login": Mask.HANDLE,
    "digits": Mask.HANDLE,
    "node": Mask.HANDLE,
    "numbers": Mask.HANDLE,
}
_OPEN_KINDS = frozenset(
    {
        "money",
        "time",
        "day",
        "direction",
        "success",
        "flag",
        "count",
        "real",
        "seconds",
        "weight",
        "call_kind",
    }
)
_OPEN_FIELDS = frozenset({"currency", "kind", "peer_bank", "own_bank", "bank", "branch_name", "platform"})


def shown_cell(text: str, field: str | None, kind: str, full: bool) -> str:
    """A cell's text; not `full`: masked by kind, free text and cells no field claims by their first sign."""
    if full or kind in _OPEN_KINDS or field in _OPEN_FIELDS:
        return text
    return mask_value(text, _MASKS.get(kind, Mask.NAME)) or ""
