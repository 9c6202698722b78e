"""Lines of the tables on parcels, masked as this reader may see them."""

from export.signs import local_text
from graph.contract import Ref
from ui.desk import Desk
from ui.tables import Row


def side_row(desk: Desk, one: Row, kind: str) -> Row:
    """A phone or address on one side of parcels."""
    words = desk.words
    return {
        words("parcels.end"): desk.scope.key(Ref(kind, one["end"])),
        words("parcels.parcels"): one["parcels"],
        words("parcels.others"): one["others"],
        words("parcels.light"): one["light"],
        words("parcels.names"): one["names"],
        words("explore.first"): local_text(one["first_at"]),
        words("explore.last"): local_text(one["last_at"]),
        words("parcels.many"): words("changes.yes") if one["many"] else "",
    }


def name_row(desk: Desk, one: Row) -> Row:
    """An address that is used under several names."""
    words = desk.words
    return {
        words("parcels.address"): desk.scope.key(Ref("Address", one["end"])),
        words("parcels.names"): len(one["names"]),
        words("parcels.name_list"): ", ".join(name_text(desk, name) for name in one["names"][:12]),
        words("parcels.phones"): one["phones"],
        words("parcels.parcels"): one["parcels"],
        words("explore.first"): local_text(one["first_at"]),
        words("explore.last"): local_text(one["last_at"]),
    }


def chain_row(desk: Desk, one: Row) -> Row:
    """A way from a sender over an address to a phone."""
    words = desk.words
    return {
        words("parcels.sender"): desk.scope.key(Ref("Sim", one["sender"])),
        words("parcels.address"): desk.scope.key(Ref("Address", one["delivered_to"])),
        words("parcels.recipient"): desk.scope.key(Ref("Sim", one["recipient"])),
        words("parcels.parcels"): one["parcels"],
        words("parcels.light"): one["light"],
        words("explore.first"): local_text(one["first_at"]),
        words("explore.last"): local_text(one["last_at"]),
    }


def parcel_row(desk: Desk, one: Row) -> Row:
    """One parcel."""
    words = desk.words

    def key(kind: str, value: str | None) -> str:
        return "" if value is None else desk.scope.key(Ref(kind, value))

    return {
        words("parcels.parcel"): key("Parcel", one["parcel"]),
        words("parcels.sent"): local_text(one["sent_at"]),
        words("parcels.received"): local_text(one["received_at"]),
        words("parcels.sender"): key("Sim", one["sender"]),
        words("parcels.sender_name"): name_text(desk, one["sender_name"]),
        words("parcels.recipient"): key("Sim", one["recipient"]),
        words("parcels.recipient_name"): name_text(desk, one["recipient_name"]),
        words("parcels.address"): key("Address", one["delivered_to"]),
        words("parcels.goods"): one["goods"] or "",
        words("parcels.weight"): one["weight_g"],
    }


def name_text(desk: Desk, name: str | None) -> str:
    """A name on a waybill; empty for none."""
    return "" if name is None else str(desk.scope.properties("SENT", {"name": name})["name"])
