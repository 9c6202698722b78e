"""C05: branches and tellers with more later involved openings than their peers' rate explains (DOMAIN 5)."""

from collections.abc import Mapping
from math import log10
from typing import Any

import numpy as np
import polars as pl
from scipy.special import betainc

from detect.facts import PROOF, Facts
from detect.hits import DetectorResult, Hit, graded, in_order, proof_rows
from graph.contract import Floats, Ints, Ref

_LEAST_P = 1e-300


def branch_outlier(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Outlying branches and tellers; others: the involved accounts. No openings or no cases give nothing.

    An account is involved when a report names it as payee or counting victims' money reaches it, no earlier
    than it was opened. Branches are compared with branches, tellers with tellers.
    parameters: alpha, min_involved, share (of a case's money that counts).
    """
    openings = _openings(facts)
    involved = _involved(facts, float(parameters["share"]))
    units = openings.join(involved, on="account", how="left").with_columns(
        (pl.col("involved_at") >= pl.col("at")).fill_null(False).alias("later")
    )
    hits = [
        hit
        for kind, column in (("Branch", "branch"), ("Teller", "teller"))
        for hit in _outliers(units.drop_nulls(column), kind, column, parameters)
    ]
    return DetectorResult(in_order(hits))


def _openings(facts: Facts) -> pl.DataFrame:
    """account, branch, teller, at, proof of its opening: one row an account, the earliest statement."""
    return (
        facts.tables.scan("OPENED_AT")
        .sort("from_key", "at", "source", "row")
        .group_by(pl.col("from_key").alias("account"), maintain_order=True)
        .agg(
            pl.col("to_key").first().alias("branch"),
            pl.col("teller", "at").first(),
            pl.struct(PROOF).first().alias("opening"),
        )
        .collect()
    )


def _involved(facts: Facts, share: float) -> pl.DataFrame:
    """account, involved_at (last), signs: reports and counting transfers; who paid as a victim is not."""
    named = facts.tables.scan("PAID_TO").select(pl.col("to_key").alias("account"), "at", *PROOF).collect()
    reached = facts.carrying(share).select("account", "at", *PROOF).drop_nulls("account")
    return (
        pl.concat([named, reached])
        .group_by("account")
        .agg(pl.col("at").max().alias("involved_at"), pl.struct("at", *PROOF).alias("signs"))
    )


def _outliers(units: pl.DataFrame, kind: str, column: str, parameters: Mapping[str, Any]) -> list[Hit]:
    counts = (
        units.group_by(pl.col(column).alias("key"))
        .agg(pl.len().alias("openings"), pl.col("later").sum().alias("involved"))
        .sort("key")
    )
    own, cases = counts["openings"].to_numpy(), counts["involved"].to_numpy()
    adjusted = adjusted_p(one_sided_p(own, cases))
    rate = (cases.sum() - cases) / np.maximum(own.sum() - own, 1)
    alpha, least = float(parameters["alpha"]), int(parameters["min_involved"])
    found = counts.with_columns(pl.Series("p", adjusted), pl.Series("expected", own * rate)).filter(
        (pl.col("involved") >= least) & (pl.col("p") < alpha)
    )
    members = units.filter("later").partition_by(column, as_dict=True) if found.height else {}
    return [_hit(kind, row, members[(row["key"],)], alpha) for row in found.iter_rows(named=True)]


def one_sided_p(openings: Ints, involved: Ints) -> Floats:
    """P(as many involved or more) for each unit if its Poisson rate were that of all other units together.

    Conditional on the total, a unit's count is binomial with its share of the openings, so the peers' rate
    need not be known without error (Przyborowski and Wilenski 1940; R's poisson.test for two rates): the
    tail is the regularised incomplete beta function I_q(k, K - k + 1). Without peers or involved openings 1.
    """
    total, k = involved.sum(), involved
    q = openings / max(1, openings.sum())
    tail = betainc(np.maximum(k, 1), total - np.maximum(k, 1) + 1, q)
    return np.where(k > 0, tail, 1.0)


def adjusted_p(p: Floats) -> Floats:
    """p adjusted for the false discovery rate of all units tested; empty gives empty.

    Source: Benjamini and Hochberg 1995, step-up: min over ranks j >= i of p(j) m / j.
    """
    order = np.argsort(p, kind="stable")
    stepped = p[order] * len(p) / np.arange(1, len(p) + 1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    return adjusted


def _hit(kind: str, unit: Mapping[str, Any], members: pl.DataFrame, alpha: float) -> Hit:
    proof = [tuple(opening.values()) for opening in members["opening"].to_list()]
    for opened_at, signs in members.select("at", "signs").iter_rows():
        proof += [tuple(sign[name] for name in PROOF) for sign in signs if sign["at"] >= opened_at]
    return Hit(
        subject=Ref(kind, unit["key"]),
        score=graded(-log10(max(unit["p"], _LEAST_P)), -log10(alpha), -4 * log10(alpha)),
        first_at=members["at"].min(),  # type: ignore[arg-type] # an instant column
        last_at=members["at"].max(),  # type: ignore[arg-type] # an instant column
        values={
            "openings": unit["openings"],
            "involved": unit["involved"],
            "expected": round(unit["expected"], 2),
            "p": float(f"{unit['p']:.3g}"),
        },
        rows=proof_rows(proof),
        others=tuple(Ref("Account", account) for account in sorted(members["account"].to_list())),
    )
