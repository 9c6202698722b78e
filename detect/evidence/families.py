"""Families of evidence: kinds of ties that a common cause explains count as one stream."""

# Register entries and shared homes count as none: they say who, not what was done together.
FAMILIES: dict[str, str] = {
    "phone": "phone",
    "device": "device",
    "ip_slot": "device",
    "sim_device": "device",
    "opening": "opening",
    "agent": "opening",
    "parcel": "parcel",
    "parcel_address": "parcel",
    "call": "call",
    "cell": "cell",
    "den_cell": "cell",
    "pass_through": "money",
    "victim_money": "money",
    "report": "victims",
}
