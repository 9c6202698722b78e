"""Attaches holders and steady contacts to a core group: who works with it without lending an account."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from detect.evidence import EvidenceGraph
from detect.evidence.families import FAMILIES
from detect.evidence.graph import DIRECT
from detect.evidence.weights import rarity
from detect.membership import labelled
from detect.suspicion import GangWeights
from graph.contract import Ints, Mask

_ROUNDS = 8
_CLEARLY = 1.3
# Calls alone join a part when somebody makes them who has half the dealings of its most central member: the
# friends of a runner speak for nobody but him.
_SPEAKER = 0.5
# A thing speaks for a group when at least this share of its other users stands there.
_LEAST_SHARE = 0.3
# One contact may make a colleague in these two families; a shared phone and device are home life.
_COLLEAGUE = ("call", "money")
# Two families must speak, dealings among them, or talk with several members: a place alone is no dealing.
_LEAST_FAMILIES = 2
_DEALINGS = ("call", "money", "parcel", "opening", "victims")
# Of a person's evidence in one family so much counts as that family speaking (0 to 1).
_LEAST_SAID = 0.03
# Shared with a member or two these are home life; shared with so many they are a tool and speak alone.
_TOOLS, _TOOL_MEMBERS = ("device", "phone"), 3
# A cell is a den where so many members of the group dial strangers from it or meet on it.
_DEN_MEMBERS = 3


@dataclass(frozen=True, slots=True)
class Units:
    """Which person (or organisation) each node belongs to: a person itself, else the registered holder.

    owner: node id -> unit (a node id; things and nodes without holder are their own unit). known: units that
    are persons or organisations; person, account: nodes that are such. persons: ids of persons that did
    not pay as victims. direct: a, b, family, value of ties between actors, both ways round. things: a, unit,
    thing, family, dials (a cell that `a` dials strangers from), value (weight without rarity x carries),
    users (distinct units).
    """

    owner: Ints
    known: Mask
    person: Mask
    account: Mask
    persons: pl.DataFrame
    direct: pl.DataFrame
    things: pl.DataFrame

    @classmethod
    def of(cls, evidence: EvidenceGraph, victims: frozenset[str]) -> "Units":
        """Units of an evidence graph; victims: keys of persons that are never attached."""
        nodes = evidence.nodes.select("id", "type", "key", "part")
        holders = nodes.filter(pl.col("type").is_in(["Person", "Organization"])).select(
            unit="id", holder="key"
        )
        owned = (
            nodes.join(evidence.holder_of, on=["type", "key"], how="left")
            .join(holders, on="holder", how="left")
            .select("id", pl.coalesce("unit", "id").alias("unit"))
            .sort("id")
        )
        persons = nodes.filter((pl.col("type") == "Person") & ~pl.col("key").is_in(list(victims))).select(
            "id"
        )
        family = pl.col("kind").replace_strict(FAMILIES, default=None, return_dtype=pl.String)
        named = evidence.ties.with_columns(family.alias("family")).filter(pl.col("family").is_not_null())
        types = nodes.sort("id")["type"]
        known, person = types.is_in(["Person", "Organization"]).to_numpy(), (types == "Person").to_numpy()
        account, unit = (types == "Account").to_numpy(), owned["unit"].to_numpy()
        return cls(unit, known, person, account, persons, _direct(named), _things(named, owned))


def _direct(named: pl.DataFrame) -> pl.DataFrame:
    """Ties between actors, a reserved phone's among them: its SIM has a holder."""
    value = (pl.col("weight") * pl.col("carries")).alias("value")
    one = named.filter(pl.col("kind").is_in([*DIRECT, "phone"])).select("a", "b", "family", value)
    return pl.concat([one, one.select(a="b", b="a", family="family", value="value")])


def _things(named: pl.DataFrame, owned: pl.DataFrame) -> pl.DataFrame:
    bare = pl.col("weight") / rarity(pl.col("popularity")) * pl.col("carries")
    ties = named.filter(~pl.col("kind").is_in(DIRECT)).select(
        "a",
        pl.col("b").alias("thing"),
        "family",
        (pl.col("kind") == "den_cell").alias("dials"),
        bare.alias("value"),
    )
    users = pl.col("unit").n_unique().over("thing", "family").alias("users")
    return ties.join(owned, left_on="a", right_on="id").with_columns(users)


def attached(groups: list[Ints], units: Units, weights: GangWeights) -> list[Ints]:
    """The groups with holders of their accounts and SIMs, and persons that several members are tied to.

    Round by round a person joins the group where 1 - product(1 - value) over its contacts there is largest,
    when that is at least `attach`, at least `attach_contacts` different members speak for it, or one
    who is both called and paid, and two families of evidence do, or talk with several members, or a device
    or phone that three members use.
    Of one contact and one family of evidence only the strongest tie counts. A node joins one group only.
    """
    group_of = labelled(groups, len(units.owner))
    _join_holders(group_of, units)
    # Halves of one gang first: the people of its den are told by the share of a place that one group has.
    _merge_halves(group_of, units, weights)
    for _ in range(_ROUNDS):
        joining = _contacts(group_of, units, weights)
        if not joining.height:
            break
        group_of[joining["unit"].to_numpy()] = joining["group"].to_numpy()
        _join_owned(group_of, units, joining)
    _merge_parts(group_of, units, weights)
    found = [np.flatnonzero(group_of == number) for number in range(len(groups))]
    return [group for group in found if len(group)]


def _join_holders(group_of: Ints, units: Units) -> None:
    """A holder stands where most of its inside nodes stand (ties: the earlier group)."""
    inside = np.flatnonzero((group_of >= 0) & (units.owner != np.arange(len(group_of))))
    counted = (
        pl.DataFrame({"unit": units.owner[inside], "group": group_of[inside]})
        .group_by("unit", "group")
        .len()
        .sort(["unit", "len", "group"], descending=[False, True, False])
        .unique("unit", keep="first", maintain_order=True)
    )
    free = counted.filter(pl.Series(group_of[counted["unit"].to_numpy()] < 0))
    group_of[free["unit"].to_numpy()] = free["group"].to_numpy()


def _contacts(group_of: Ints, units: Units, weights: GangWeights) -> pl.DataFrame:
    """unit, group of the persons that join now."""
    near = _group_of_owner(group_of, units)
    by_contact, met_there = _through_things(near, units)
    spoken = pl.concat([_face_to_face(near, units), by_contact, _side_by_side(near, units, met_there)])
    people = (
        pl.concat([spoken.filter(pl.col("contact") >= 0), met_there])
        .select("unit", "group", "contact")
        .unique()
    )
    contacts = people.group_by("unit", "group").agg(pl.len().alias("contacts"))
    said = pl.col("said").ge(_LEAST_SAID)
    return (
        spoken.join(units.persons, left_on="unit", right_on="id", how="semi")
        .group_by("unit", "group", "contact", "thing", "family")
        .agg(pl.col("value").max())
        .with_columns(said=pl.col("value").sum().over("unit", "group", "family"))
        .group_by("unit", "group")
        .agg(
            (1.0 - (1.0 - pl.col("value")).product()).alias("attach"),
            pl.col("family").filter(pl.col("family").is_in(_COLLEAGUE)).n_unique().alias("colleague"),
            pl.col("family").filter(said).n_unique().alias("families"),
            pl.col("family").filter(said).is_in(_DEALINGS).any().alias("dealings"),
            pl.col("contact").filter(pl.col("family") == "call").n_unique().alias("talk"),
            (pl.col("family").is_in(_TOOLS) & (pl.col("thing") >= 0)).any().alias("tool"),
        )
        .join(contacts, on=["unit", "group"])
        .filter(pl.col("attach") >= weights.attach)
        .filter((pl.col("contacts") >= weights.attach_contacts) | (pl.col("colleague") == len(_COLLEAGUE)))
        .filter(
            ((pl.col("families") >= _LEAST_FAMILIES) & pl.col("dealings"))
            | (pl.col("talk") >= weights.attach_contacts)
            | pl.col("tool")
        )
        .sort(["unit", "attach", "group"], descending=[False, True, False])
        .unique("unit", keep="first", maintain_order=True)
        .select("unit", "group")
    )


def _face_to_face(near: Ints, units: Units) -> pl.DataFrame:
    """Direct ties from persons outside to members: unit, group, contact, thing (-1), family, value."""
    a, b = units.direct["a"].to_numpy(), units.direct["b"].to_numpy()
    out = (near[a] < 0) & (near[b] >= 0)
    return pl.DataFrame(
        {
            "unit": units.owner[a[out]],
            "group": near[b[out]],
            "contact": units.owner[b[out]],
            "thing": np.full(int(out.sum()), -1, dtype=np.int64),
            "family": units.direct["family"].filter(pl.Series(out)),
            "value": units.direct["value"].filter(pl.Series(out)),
        }
    )


def _through_things(near: Ints, units: Units) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Ties through things whose other users mostly stand in one group, and whom one meets there."""
    group, thing = near[units.things["unit"].to_numpy()], units.things["thing"].to_numpy()
    met_by_a_group = np.zeros(len(near), dtype=np.bool_)
    met_by_a_group[thing[group >= 0]] = True
    # Few things are met by a group; the others are left out before any join.
    placed = units.things.with_columns(pl.Series("group", group)).filter(pl.Series(met_by_a_group[thing]))
    inside = placed.filter(pl.col("group") >= 0).select("thing", "family", "group", contact="unit").unique()
    share = inside.group_by("thing", "family", "group").agg(pl.len().alias("members"))
    met = (
        placed.filter(pl.col("group") < 0)
        .drop("group")
        .join(share, on=["thing", "family"])
        .with_columns((pl.col("members") / (pl.col("users") - 1)).alias("share"))
        .filter(pl.col("share") >= _LEAST_SHARE)
        .filter(~pl.col("family").is_in(_TOOLS) | (pl.col("members") >= _TOOL_MEMBERS))
    )
    people = met.join(inside, on=["thing", "family", "group"])
    columns = ["unit", "group", "contact", "thing", "family", "value"]
    spoken = met.with_columns(pl.lit(-1, dtype=pl.Int64).alias("contact"), pl.col("value") * pl.col("share"))
    return spoken.select(columns), people.select(columns)


def _side_by_side(near: Ints, units: Units, met: pl.DataFrame) -> pl.DataFrame:
    """Direct ties between persons outside who both talk from one den of a group; columns as face to face.

    The people of a den call each other more than they call the house. A den: a cell that members dial
    strangers from, with at least _DEN_MEMBERS members on it.
    """
    group = pl.Series("group", near[units.things["unit"].to_numpy()])
    dens = (
        units.things.with_columns(group)
        .filter((pl.col("group") >= 0) & (pl.col("family") == "cell"))
        .group_by("thing", "group")
        .agg(pl.col("unit").n_unique().alias("members"), pl.col("dials").any())
        .filter(pl.col("dials") & (pl.col("members") >= _DEN_MEMBERS))
    )
    there = met.join(dens, on=["thing", "group"], how="semi").select("unit", "group", "thing").unique()
    near_by = there.select("group", "thing", contact="unit")
    ends = units.direct.with_columns(
        pl.Series("unit", units.owner[units.direct["a"].to_numpy()]),
        pl.Series("contact", units.owner[units.direct["b"].to_numpy()]),
    ).filter(pl.col("unit") != pl.col("contact"))
    return (
        ends.join(there, on="unit")
        .join(near_by, on=["group", "thing", "contact"], how="semi")
        .with_columns(pl.lit(-1, dtype=pl.Int64).alias("thing"))
        .select("unit", "group", "contact", "thing", "family", "value")
    )


def _join_owned(group_of: Ints, units: Units, joining: pl.DataFrame) -> None:
    """The accounts and SIMs on both sides of the ties through which a person joined come along."""
    new = np.zeros(len(group_of), dtype=np.bool_)
    new[joining["unit"].to_numpy()] = True
    near = _group_of_owner(group_of, units)
    a, b = units.direct["a"].to_numpy(), units.direct["b"].to_numpy()
    across = new[units.owner[a]] & (near[a] == near[b]) & (units.owner[a] != units.owner[b])
    unit = units.things["unit"].to_numpy()
    users = (
        units.things.with_columns(pl.Series("group", near[unit]), pl.Series("new", new[unit]))
        .filter(pl.col("group") >= 0)
        .filter(pl.col("unit").n_unique().over("thing", "family", "group") > 1)
        .filter(pl.col("new").any().over("thing", "family", "group"))
        .sort("thing", "group")
    )
    groups_there = users["group"].to_numpy()
    for nodes, groups in (
        (a[across], near[a[across]]),
        (b[across], near[b[across]]),
        (users["a"].to_numpy(), groups_there),
        (users["thing"].to_numpy(), groups_there),
    ):
        free = group_of[nodes] < 0
        group_of[nodes[free]] = groups[free]


def _merge_parts(group_of: Ints, units: Units, weights: GangWeights) -> None:
    """A part joins the larger group it works with, in place: by ties of two families or more, or by calls.

    Calls alone suffice when clearly more of them go to that group than to any other; money alone never does.
    Which group it is, those say who hold the part together: a tie counts there by how much of the part's own
    dealings its member has. The friends of one who only lends an account tell nothing of the others.
    A part has at most `part_persons` persons. Accounts nobody is registered for are left out: many gangs pay
    out through the same ones. Smallest part first; ties: the earlier group.
    """
    persons = _persons(group_of, units)
    talk = pl.col("family") == "call"
    central = _central(group_of, units)
    between = (
        _between(group_of, units)
        .join(central, on=["part", "unit"], how="left")
        .with_columns((pl.col("value") * pl.col("central").fill_null(0.0)).alias("heard"))
        .group_by("part", "group")
        .agg(
            pl.col("value").sum(),
            pl.col("value").filter(talk).sum().alias("talk"),
            pl.col("heard").filter(talk).sum().round(9).alias("heard"),
            pl.col("central").filter(talk).max().fill_null(0.0).alias("speaker"),
            pl.col("family").n_unique().alias("families"),
        )
        .sort(["part", "heard", "value", "group"], descending=[False, True, True, False])
        .with_columns(pl.col("heard").shift(-1).over("part").fill_null(0.0).alias("next"))
        .filter(
            ((pl.col("value") >= weights.part_ties) & (pl.col("families") > 1))
            | (
                (pl.col("talk") >= weights.part_talk)
                & (pl.col("heard") >= _CLEARLY * pl.col("next"))
                & (pl.col("speaker") >= _SPEAKER)
            )
        )
        .unique("part", keep="first", maintain_order=True)
    )
    for part, group in sorted(between.select("part", "group").iter_rows(), key=lambda p: (persons[p[0]], p)):
        if persons[part] <= weights.part_persons and persons[part] < persons[group]:
            group_of[group_of == part] = group


def _central(group_of: Ints, units: Units) -> pl.DataFrame:
    """part, unit, central (0 to 1): the unit's direct ties inside its group, as a share of the most there."""
    near = _group_of_owner(group_of, units)
    a, b = units.direct["a"].to_numpy(), units.direct["b"].to_numpy()
    inside = (near[a] >= 0) & (near[a] == near[b]) & (units.owner[a] != units.owner[b])
    sums = (
        pl.DataFrame({"part": near[a], "unit": units.owner[a], "other": units.owner[b]})
        .with_columns(units.direct["family"], units.direct["value"])
        .filter(pl.Series(inside))
        .group_by("part", "unit", "other", "family")
        .agg(pl.col("value").max())
        .group_by("part", "unit")
        .agg(pl.col("value").sum().alias("inside"))
    )
    share = pl.col("inside") / pl.col("inside").max().over("part")
    return sums.select("part", "unit", share.alias("central"))


def _merge_halves(group_of: Ints, units: Units, weights: GangWeights) -> None:
    """Groups of any size become one, in place, when they work together as one gang does.

    That is when direct ties of two families or more add up to `part_bond` for each person of the smaller one.
    When both have more than `part_persons` persons, also without the one person who ties them most: a dealer
    who serves two gangs, or a member who stands in the wrong one, makes no gang of them. A small part may
    well hang by one. Strongest bond first; bonds are those before.
    """
    persons = _persons(group_of, units)
    ranked = []
    for part, group, value, apart in _bonds(_between(group_of, units)).iter_rows():
        smaller = max(min(persons[part], persons[group]), 1)
        ranked.append((-(apart if smaller > weights.part_persons else value) / smaller, part, group))
    stands = np.arange(len(persons))
    for bond, part, group in sorted(ranked):
        if -bond >= weights.part_bond:
            one, other = sorted((int(stands[part]), int(stands[group])))
            stands[stands == other] = one
    inside = group_of >= 0
    group_of[inside] = stands[group_of[inside]]


def _bonds(between: pl.DataFrame) -> pl.DataFrame:
    """part, group, value, apart: ties of two families or more; without the one person who ties them most."""
    pairs = between.filter(pl.col("part") < pl.col("group"))
    whole = pairs.group_by("part", "group").agg(
        pl.col("value").sum(), pl.col("family").n_unique().alias("families")
    )
    for side in ("unit", "contact"):
        by_one = pairs.group_by("part", "group", side).agg(pl.col("value").sum())
        most = by_one.group_by("part", "group").agg(pl.col("value").max().alias(f"most_{side}"))
        whole = whole.join(most, on=["part", "group"])
    apart = (pl.col("value") - pl.max_horizontal("most_unit", "most_contact")).round(9)
    return whole.filter(pl.col("families") > 1).select("part", "group", "value", apart.alias("apart"))


def _persons(group_of: Ints, units: Units) -> Ints:
    """How many persons stand in each group; at least as long as the largest group's number."""
    counts: Ints = np.bincount(
        group_of[units.persons["id"].to_numpy()] + 1, minlength=int(group_of.max(initial=-1)) + 2
    )[1:]
    return counts


def _between(group_of: Ints, units: Units) -> pl.DataFrame:
    """part, group, unit, contact, family, value of direct ties between registered holders of two groups."""
    near = _group_of_owner(group_of, units)
    a, b = units.direct["a"].to_numpy(), units.direct["b"].to_numpy()
    pairs = pl.DataFrame(
        {"part": near[a], "group": near[b], "unit": units.owner[a], "contact": units.owner[b]}
    ).with_columns(units.direct["family"], units.direct["value"])
    return (
        pairs.filter(pl.Series(units.known[units.owner[a]] & units.known[units.owner[b]]))
        .filter((pl.col("part") >= 0) & (pl.col("group") >= 0) & (pl.col("part") != pl.col("group")))
        .group_by("part", "group", "unit", "contact", "family")
        .agg(pl.col("value").max())
    )


def _group_of_owner(group_of: Ints, units: Units) -> Ints:
    """Each node's group: its own, else that of the person it belongs to."""
    return np.where(group_of >= 0, group_of, group_of[units.owner])
