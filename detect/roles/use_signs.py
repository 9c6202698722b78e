"""Signs that use shows: whose device, phone, parcel, call, cell or opening it is."""

import polars as pl

from detect.roles.sign import Inside, signs

HOUSE_HOLDERS = 3
HOUSE_SHARE = 0.5
STAR_HOLDERS = 3
MANAGED_MEMBERS = 4
PARCEL_SENDERS = 2


def use_signs(inside: Inside) -> list[pl.DataFrame]:
    """One frame a sign, with the columns of SIGN."""
    own = inside.accounts.filter(pl.col("person").is_not_null())
    logins = inside.kind("device")
    shared, alone = _by_holders(inside, logins)
    return [
        signs(own.join(shared, left_on=["gang", "key"], right_on=["gang", "a_key"]), "used_on_shared_device"),
        signs(own.join(alone, left_on=["gang", "key"], right_on=["gang", "a_key"]), "used_on_own_device"),
        signs(_device_owner(inside, shared), "own_device_runs_others"),
        signs(
            own.join(_party(inside), left_on=["gang", "key"], right_on=["gang", "a_key"]), "opened_in_party"
        ),
        signs(_agent(inside), "opens_for_others"),
        signs(_phone_of_others(inside), "phone_of_others_accounts"),
        *_parcel_signs(inside),
        *_call_signs(inside, shared),
        *_cell_signs(inside),
        signs(_named(inside), "named_by_victims"),
    ]


def _by_holders(inside: Inside, logins: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Logins on devices of at least 3 holders of the gang, and on devices only one holder ever used."""
    holder = inside.evidence.holder_of.filter(pl.col("type") == "Account").select("key", "holder")
    known = logins.join(holder, left_on="a_key", right_on="key")
    holders = pl.col("holder").n_unique().over("gang", "b_key")
    used = inside.evidence.ties.filter(pl.col("kind") == "device").select("b", "popularity").unique()
    names = inside.evidence.nodes.select("id", "key")
    single = (
        used.filter(pl.col("popularity") == 1).join(names, left_on="b", right_on="id").select(b_key="key")
    )
    return known.filter(holders >= HOUSE_HOLDERS), known.join(single, on="b_key", how="semi")


def _device_owner(inside: Inside, shared: pl.DataFrame) -> pl.DataFrame:
    """Holders of a SIM that runs in a device on which several others' accounts are used."""
    devices = shared.select("gang", "b_key").unique()
    runs = inside.kind("sim_device").join(devices, on=["gang", "b_key"], how="semi")
    return inside.sims.join(runs, left_on=["gang", "key"], right_on=["gang", "a_key"])


def _party(inside: Inside) -> pl.DataFrame:
    opened = inside.kind("opening")
    return opened.filter(pl.col("a_key").n_unique().over("gang", "b_key", "part") >= 2)


def _agent(inside: Inside) -> pl.DataFrame:
    return inside.kind("agent").filter(pl.col("b_type") == "Person").rename({"b_key": "person"})


def _phone_of_others(inside: Inside) -> pl.DataFrame:
    """Holders of a SIM reserved for accounts of other holders."""
    holder = inside.evidence.holder_of.filter(pl.col("type") == "Account").select("key", "holder")
    bound = inside.kind("phone").join(holder, left_on="a_key", right_on="key")
    return inside.sims.join(bound, left_on=["gang", "key"], right_on=["gang", "b_key"]).filter(
        pl.col("holder") != pl.col("person")
    )


def _parcel_signs(inside: Inside) -> list[pl.DataFrame]:
    """Recipients of light parcels of at least 2 members, and senders to a member."""
    sent = inside.kind("parcel")
    senders = pl.col("a_key").n_unique().over("gang", "b_key")
    many = sent.filter(senders >= PARCEL_SENDERS)
    to = inside.sims.join(many, left_on=["gang", "key"], right_on=["gang", "b_key"])
    recipients = inside.sims.select("gang", "key")
    mailed = sent.join(recipients, left_on=["gang", "b_key"], right_on=["gang", "key"], how="semi")
    by = inside.sims.join(mailed, left_on=["gang", "key"], right_on=["gang", "a_key"])
    return [signs(to, "receives_light_parcels"), signs(by, "sends_light_parcels")]


def _call_signs(inside: Inside, shared: pl.DataFrame) -> list[pl.DataFrame]:
    """Contacts inside the gang: with several holders of lent cards, with several members."""
    sims = inside.sims.filter(pl.col("person").is_not_null())
    calls = inside.kind("call").select("gang", "a_key", "b_key", "source", "row")
    both = pl.concat([calls, calls.rename({"a_key": "b_key", "b_key": "a_key"}).select(calls.columns)])
    talk = both.join(sims, left_on=["gang", "a_key"], right_on=["gang", "key"]).join(
        sims.rename({"person": "other"}), left_on=["gang", "b_key"], right_on=["gang", "key"]
    )
    lent = shared.select("gang", other="holder").unique()
    lenders = talk.join(lent, on=["gang", "other"], how="semi")
    stars = lenders.filter(pl.col("other").n_unique().over("gang", "person") >= STAR_HOLDERS)
    contacts = pl.col("other").n_unique().over("gang", "person")
    return [
        signs(stars, "calls_card_holders"),
        signs(talk.filter(contacts >= MANAGED_MEMBERS), "calls_many_members"),
    ]


def _cell_signs(inside: Inside) -> list[pl.DataFrame]:
    """Members on the cell of the gang's diallers, and holders of the dialling SIMs themselves."""
    diallers = inside.kind("den_cell")
    dens = diallers.select("gang", "b_key").unique()
    there = inside.kind("cell").join(dens, on=["gang", "b_key"], how="semi")
    there = there.join(diallers.select("gang", "a_key").unique(), on=["gang", "a_key"], how="anti")
    others = inside.kind("cell").join(dens, on=["gang", "b_key"], how="anti")
    at_den = inside.sims.join(there, left_on=["gang", "key"], right_on=["gang", "a_key"])
    holds = inside.sims.join(diallers, left_on=["gang", "key"], right_on=["gang", "a_key"])
    return [
        signs(at_den, "at_den_cell"),
        signs(holds, "holds_dialler_sim"),
        signs(_house(inside, others), "at_house_cell"),
    ]


def _house(inside: Inside, seen: pl.DataFrame) -> pl.DataFrame:
    """Members on a cell that at least 3 of them use and mostly they: a meeting place, not a district."""
    names = inside.evidence.nodes.filter(pl.col("type") == "Cell").select("id", b_key="key")
    users = inside.evidence.ties.filter(pl.col("kind") == "cell").join(names, left_on="b", right_on="id")
    busy = users.group_by("b_key").agg(pl.col("popularity").max())
    there = inside.sims.join(seen, left_on=["gang", "key"], right_on=["gang", "a_key"])
    members = pl.col("person").drop_nulls().n_unique().over("gang", "b_key")
    close = there.with_columns(members.alias("members")).join(busy, on="b_key")
    return close.filter(
        (pl.col("members") >= HOUSE_HOLDERS) & (pl.col("members") >= HOUSE_SHARE * pl.col("popularity"))
    )


def _named(inside: Inside) -> pl.DataFrame:
    named = inside.kind("report").filter(pl.col("a_type") == "Sim")
    return inside.sims.join(named, left_on=["gang", "key"], right_on=["gang", "a_key"])
