"""Puts core groups right before others join: mere payees leave, persons stand where their accounts work."""

import numpy as np
import polars as pl

from detect.attachment import Units
from detect.evidence.families import FAMILIES
from detect.membership import FAMILY_NAMES, Ties, labelled, members_of
from detect.suspicion import Suspicion
from graph.contract import Ints

_MONEY = FAMILY_NAMES.index(FAMILIES["victim_money"])


def without_payees(groups: list[Ints], ties: Ties, units: Units) -> list[Ints]:
    """The groups without holders of whom they show one thing only: that one party of the group paid them.

    A shop, a landlord or an exchange customer is paid too. A holder stays who pays on inside, whom two
    parties pay, or whom evidence of another family ties to the group; registered holders only. Repeated
    until nobody leaves; groups keep their order, empty ones go.
    """
    label = labelled(groups, len(units.owner))
    while True:
        leaving = _payees(label, ties, units)
        nodes = np.flatnonzero(label >= 0)
        gone = nodes[np.isin(units.owner[nodes] * len(groups) + label[nodes], leaving)]
        if not len(gone):
            return members_of(label)
        label[gone] = -1


def _payees(label: Ints, ties: Ties, units: Units) -> Ints:
    """Place (unit x groups + group) of each registered holder that one party pays and nothing else ties."""
    groups, owner = int(label.max(initial=-1)) + 1, units.owner
    held = (label[ties.a] >= 0) & (label[ties.a] == label[ties.b]) & (ties.family >= 0)
    a, b, family = ties.a[held], ties.b[held], ties.family[held]
    payer, payee = owner[a] * groups + label[a], owner[b] * groups + label[b]
    across = ties.actor[b] & (owner[a] != owner[b])
    paid = across & (family == _MONEY)
    other = across & (family != _MONEY)
    users = pl.DataFrame({"thing": b, "family": family, "unit": owner[a]})
    shared = ~ties.actor[b] & (
        users.select(pl.col("unit").n_unique().over("thing", "family")).to_series().to_numpy() > 1
    )
    tied = np.concatenate([payer[paid], payer[other], payee[other], payer[shared]])
    once = np.unique(np.stack([payee[paid], payer[paid]], axis=1), axis=0)[:, 0]
    places, parties = np.unique(once, return_counts=True)
    alone = places[(parties == 1) & units.known[places // max(groups, 1)]]
    return np.setdiff1d(alone, tied)


def at_their_accounts(groups: list[Ints], ties: Ties, units: Units, suspicion: Suspicion) -> list[Ints]:
    """The groups with each person of a group where most of its accounts' suspicious evidence lies.

    A card provider whom two dealers call stands where the cards work, not where most of the talk is. Weight
    of a group: sum over the person's accounts there of suspicion x evidence weight inside; ties: the group
    it was in, then the earlier. Persons without an account in any group stay where they are.
    """
    label = labelled(groups, len(units.owner))
    weight = ties.strength(label) * ties.total * suspicion.spread
    nodes = np.flatnonzero((label >= 0) & units.account)
    best = (
        pl.DataFrame({"unit": units.owner[nodes], "group": label[nodes], "weight": weight[nodes]})
        .group_by("unit", "group")
        .agg(pl.col("weight").sum().round(9))
        .with_columns(here=pl.col("group") == pl.lit(pl.Series(label)).gather(pl.col("unit")))
        .sort(["unit", "weight", "here", "group"], descending=[False, True, True, False])
        .unique("unit", keep="first", maintain_order=True)
    )
    moved = best.filter(
        pl.Series((label[best["unit"].to_numpy()] >= 0) & units.person[best["unit"].to_numpy()])
    )
    label[moved["unit"].to_numpy()] = moved["group"].to_numpy()
    return members_of(label)
