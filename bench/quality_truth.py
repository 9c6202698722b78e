"""What the truth of one simulated world says of the lake's nodes: whose they are, and where patterns lie."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from detect.results import Finding
from graph.contract import Ref
from graph.lake.tables import LakeTables

# Roles of the truth that belong to no ring's members.
_NOT_MEMBERS = ("victim",)
_MONEY = ("TRANSFER", "CASH_OUT", "CASH_IN")
# What a pattern names by serial, as the type of the lake's node.
_KINDS = {"account": "Account", "phone": "Sim", "sim": "Sim", "device": "Device", "waybill": "Parcel"}
# Of a pattern of S09 the numbers called are victims'.
_VICTIMS = ("S09", "phone")
# Uses that say whose a thing is: relations that end at it.
_USES = {"Device": ("LOGGED_IN", "USED_IN"), "Ip": ("LOGGED_IN_FROM",), "Address": ("LIVES_AT",)}


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth of one world, in stems of nodes (`stem`) and of money rows (`event SERIAL`).

    mine: stems of the rings' nodes; known: types that `mine` decides. planted: rule -> its patterns.
    event_of: (source, row) of the lake -> event.
    """

    persons: pl.DataFrame
    accounts: pl.DataFrame
    mine: frozenset[str]
    known: frozenset[str]
    planted: Mapping[str, tuple[frozenset[str], ...]]
    event_of: Mapping[tuple[str, int], str]

    @property
    def ring_of(self) -> dict[str, str]:
        """Person -> ring, of members only; victims are no members."""
        return dict(self._members().select("person_key", "ring").iter_rows())

    @property
    def role_of(self) -> dict[str, str]:
        """Person -> role, of members only."""
        return dict(self._members().select("person_key", "role").iter_rows())

    @property
    def mules(self) -> frozenset[str]:
        """Accounts lent to a ring or worked for one."""
        return frozenset(self.accounts.filter(pl.col("is_mule") == "1")["account"].to_list())

    def right(self, finding: Finding) -> bool | None:
        """Whether a hit's subject is a ring's.

        A place that is nobody's (branch, merchant, site) is right when at least half of the nodes that the
        hit names are; None where the hit names none that the truth knows.
        """
        if finding.subject.type in self.known:
            return stem(finding.subject) in self.mine
        named = [stem(ref) in self.mine for ref in finding.others if ref.type in self.known]
        return 2 * sum(named) >= len(named) if named else None

    def cited(self, finding: Finding) -> frozenset[str]:
        """Nodes and money rows of one hit, to be matched with patterns."""
        nodes = {stem(ref) for ref in (finding.subject, *finding.others)}
        return frozenset(nodes | {self.event_of[row] for row in finding.rows if row in self.event_of})

    def _members(self) -> pl.DataFrame:
        inside = pl.col("ring").fill_null("") != ""
        return self.persons.filter(inside & ~pl.col("role").is_in(_NOT_MEMBERS))


def stem(ref: Ref) -> str:
    """A node in the words of the truth: SIMs by number, devices by 14 digits of IMEI, parcels by waybill."""
    key = ref.key
    match ref.type:
        case "Sim":
            key = key.partition("@")[0]
        case "Device":
            key = key.rpartition(":")[2][:14]
        case "Parcel":
            key = key.rpartition(":")[2]
    return f"{ref.type} {key}"


def read_truth(folder: Path, tables: LakeTables) -> Truth:
    """Read the truth's files and tie them to the lake's nodes and rows."""
    persons, accounts, patterns = (
        pl.read_csv(folder / f"{name}.csv", infer_schema=False)
        for name in ("persons", "accounts", "patterns")
    )
    event_of, event_named = _events(tables)
    planted: dict[str, dict[str, set[str]]] = {}
    for pattern, rule, kind, serial in patterns.iter_rows():
        if (rule, kind) != _VICTIMS:
            part = event_named.get(serial, "") if kind == "transfer" else stem(Ref(_KINDS[kind], serial))
            planted.setdefault(rule, {}).setdefault(pattern, set()).add(part or f"event {serial}")
    levelled = accounts.filter(pl.col("level").fill_null("") != "")["account"].to_list()
    planted["F20"] = {account: {stem(Ref("Account", account))} for account in levelled}
    whole = Truth(persons, accounts, frozenset(), frozenset(), {}, event_of)
    own = {stem(Ref("Person", person)) for person in whole.ring_of}
    own |= {stem(Ref("Account", a)) for a in accounts.filter(pl.col("ring").fill_null("") != "")["account"]}
    traces = _traces(tables, own | _things(planted))
    return Truth(
        persons,
        accounts,
        frozenset(traces),
        frozenset({"Account", "Person", "Sim", "Parcel", *_USES}),
        {rule: tuple(frozenset(p) for p in found.values()) for rule, found in planted.items()},
        event_of,
    )


def _events(tables: LakeTables) -> tuple[dict[tuple[str, int], str], dict[str, str]]:
    """Source row -> event and serial -> event; a transfer's rows and serials are of payer and payee.

    Waybills' rows stand for their parcels: rules about parcels cite those rows, not the parcels.
    """
    parcels = tables.scan("Parcel").select("source", "row", "key").collect()
    rows = {(source, row): stem(Ref("Parcel", key)) for source, row, key in parcels.iter_rows()}
    serials: dict[str, str] = {}
    for name in _MONEY:
        table = tables.scan(name).collect()
        event = ("event " + table["event_key"]).to_list()
        for source, row in (("source", "row"), ("other_source", "other_row")):
            ends = zip(table[source].to_list(), table[row].to_list(), event, strict=True)
            rows |= {(s, r): e for s, r, e in ends if s is not None}
        for column in ("serial", "to_serial"):
            if column in table.columns:
                pairs = zip(table[column].to_list(), event, strict=True)
                serials |= {serial: e for serial, e in pairs if serial is not None}
    return rows, serials


def _things(planted: Mapping[str, Mapping[str, Iterable[str]]]) -> set[str]:
    """SIMs, devices and parcels that patterns name."""
    parts = {part for patterns in planted.values() for named in patterns.values() for part in named}
    return {part for part in parts if part.startswith(("Sim ", "Device ", "Parcel "))}


def _traces(tables: LakeTables, own: set[str]) -> set[str]:
    """`own` and what hangs on it: SIMs held, places of its parcels, things mostly used by it."""
    found = set(own)
    for relation in ("HOLDS", "RECEIVED", "DELIVERED_TO"):
        found |= {
            end for start, end in _pairs(tables, relation) if start in own and not end.startswith("Account ")
        }
    for kind, relations in _USES.items():
        users: dict[str, list[bool]] = {}
        for start, end in sorted({pair for relation in relations for pair in _pairs(tables, relation)}):
            users.setdefault(end, []).append(start in found)
        found |= {thing for thing, of in users.items() if thing.startswith(kind) and 2 * sum(of) >= len(of)}
    return found


def _pairs(tables: LakeTables, relation: str) -> list[tuple[str, str]]:
    ends = tables.scan(relation).select("from_type", "from_key", "to_type", "to_key").unique().collect()
    return [(stem(Ref(a, b)), stem(Ref(c, d))) for a, b, c, d in ends.iter_rows()]
