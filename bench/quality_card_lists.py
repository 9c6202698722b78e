"""How right the list for 断卡 is on a world with known truth: sellers and dealers beside their floor."""

from pathlib import Path

import polars as pl

from bench.quality_rules import Figures
from detect.controllers.proposal import propose
from detect.crackdown import DEALER_ROLES, SELLER_ROLES, crackdown
from detect.facts import Facts
from detect.results import Detection
from graph.lake.tables import LakeTables


def crackdown_figures(detection: Detection, tables: LakeTables, truth: Path) -> Figures:
    """Listed, precision and recall of sellers and of dealers; floor: holders whose accounts share a phone.

    A seller is right who is a card provider in the truth or whose card another works; a dealer who is a card
    dealer or runner there.
    """
    facts = Facts(tables)
    persons = pl.read_csv(truth / "persons.csv", infer_schema=False)
    accounts = pl.read_csv(truth / "accounts.csv", infer_schema=False)
    sold = accounts.filter(pl.col("holder_key") != pl.col("controller_key"))["holder_key"]
    role = dict(persons.select("person_key", "role").iter_rows())
    right = {
        "seller": set(sold) | {p for p, r in role.items() if r in SELLER_ROLES},
        "dealer": {p for p, r in role.items() if r in DEALER_ROLES},
    }
    listed = crackdown(detection, propose(facts), facts)
    found: Figures = {}
    for part, of in right.items():
        named = {one.person.key for one in listed if one.part == part}
        hit = len(named & of)
        found[f"{part}s listed"] = len(named)
        found[f"{part}s precision"] = hit / len(named) if named else None
        found[f"{part}s recall"] = hit / len(of) if of else None
    phones = {
        key
        for finding in detection.findings
        if finding.rule == "C04"
        for key in facts.holder_of.filter(
            pl.col("account").is_in([ref.key for ref in finding.others if ref.type == "Account"])
        )["holder"]
    }
    both = right["seller"] | right["dealer"]
    found["floor (C04) precision"] = len(phones & both) / len(phones) if phones else None
    found["floor (C04) recall"] = len(phones & both) / len(both) if both else None
    return found
