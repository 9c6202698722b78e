"""What a trace says as plain records: where victims' money went, and whose money is on an account."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from funds.cells import FIRST_VICTIM, OWN, UNKNOWN
from funds.comparison import Comparison
from funds.methods import Traced
from funds.notices import Notice
from funds.trace_levels import account_levels

Shown = Callable[[str], str]
_KEYS = ("owner", "ledger")


def forward_record(found: Comparison, method: str, account: Shown, victim: Shown) -> dict[str, Any]:
    """The form of `funds trace --json`: accounts by victim, level (null: never a counting transfer), account.

    interval: what of the victim's money the account received, at least and at most; account, victim: how keys
    are printed. Sums are in fen and of one currency each; `sinks` is of yuan, others stand in `currencies`.
    """
    traced = found.traced[method]
    currencies = sorted({"CNY", *traced.claims.currencies})
    money = {name: _money(traced, name) for name in currencies}
    return {
        "method": method,
        "conserved": method != "poison",
        "victim_money_fen": money["CNY"]["victim_money_fen"],
        "accounts": _accounts(found, method, account, victim),
        "sinks": money["CNY"]["sinks"],
        "held_fen": money["CNY"]["held_fen"],
        "currencies": {name: money[name] for name in currencies if name != "CNY"},
        "notices": [notice_record(notice, victim) for notice in traced.notices],
    }


def backward_record(
    found: Comparison, method: str, key: str, account: Shown, victim: Shown
) -> dict[str, Any]:
    """Whose money came to an account and lies there: a line a victim, own and unknown money beside them."""
    traced = found.traced[method]
    ledgers = traced.ledgers
    lines = []
    for ledger in ledgers.numbers_of(key):
        held = dict(traced.held.filter(pl.col("ledger") == ledger).select("owner", "fen").iter_rows())
        closing = max(0, int(ledgers.closing[ledger]))
        received = found.received.filter(pl.col("ledger") == ledger)
        lies = _by_pair(found.held.filter(pl.col("ledger") == ledger), method)
        lines.append(
            {
                "currency": ledgers.currencies[ledger],
                "followed": bool(ledgers.followed[ledger]),
                "balance_fen": int(ledgers.closing[ledger]),
                "own_fen": (held.get(OWN, 0) if held else closing) if method != "poison" else None,
                "unknown_fen": held.get(UNKNOWN, 0),
                "victims": [
                    {
                        "victim": victim(traced.claims.victims[row["owner"] - FIRST_VICTIM]),
                        "received_fen": row[method],
                        "interval": [row["low"], row["high"]],
                        "held_fen": lies.get((row["owner"], ledger), (0, 0, 0))[0],
                        "held_interval": list(lies.get((row["owner"], ledger), (0, 0, 0))[1:]),
                    }
                    for row in received.iter_rows(named=True)
                ],
            }
        )
    notices = [notice_record(notice, victim) for notice in traced.notices]
    return {"method": method, "account": account(key), "ledgers": lines, "notices": notices}


def compared_record(found: Comparison, account: Shown, victim: Shown) -> dict[str, Any]:
    """All methods side by side: fen each account received of each victim, the greatest first."""
    ledgers, claims = next(iter(found.traced.values())).ledgers, next(iter(found.traced.values())).claims
    return {
        "methods": list(found.traced),
        "accounts": [
            {
                "victim": victim(claims.victims[row["owner"] - FIRST_VICTIM]),
                "account": account(ledgers.accounts[row["ledger"]]),
                "currency": ledgers.currencies[row["ledger"]],
                "received_fen": {name: row[name] for name in found.traced},
                "interval": [row["low"], row["high"]],
            }
            for row in found.received.sort("high", *_KEYS, descending=[True, False, False]).iter_rows(
                named=True
            )
        ],
    }


def notice_record(notice: Notice, victim: Shown) -> dict[str, Any]:
    """A notice with its sentences; a report's number in it is shown as victims are."""
    if notice.code == "NO_ROW" and notice.what != "-":
        notice = replace(notice, what=victim(notice.what))
    return {"code": notice.code, "count": notice.count, "zh": notice.said("zh"), "en": notice.said("en")}


def _money(traced: Traced, currency: str) -> dict[str, Any]:
    """What victims paid in a currency, where it ended, and what of it lies on accounts."""
    claims = traced.claims
    owners = [n + FIRST_VICTIM for n, name in enumerate(claims.currencies) if name == currency]
    mine = pl.col("owner").is_in(owners)
    sinks = traced.sinks.filter(mine).group_by("sink").agg(pl.col("fen").sum()).sort("sink")
    return {
        "victim_money_fen": sum(claims.paid_fen[owner - FIRST_VICTIM] for owner in owners),
        "sinks": dict(sinks.iter_rows()),
        "held_fen": int(traced.held.filter(mine)["fen"].sum()),
    }


def _by_pair(table: pl.DataFrame, method: str) -> Mapping[tuple[int, int], tuple[int, int, int]]:
    return {
        (row["owner"], row["ledger"]): (row[method], row["low"], row["high"])
        for row in table.iter_rows(named=True)
    }


def _accounts(found: Comparison, method: str, account: Shown, victim: Shown) -> list[dict[str, Any]]:
    """One line for each victim and account that the method reaches."""
    traced = found.traced[method]
    ledgers, claims = traced.ledgers, traced.claims
    level = {(owner, at): one for owner, at, one in account_levels(traced).iter_rows()}
    held = _by_pair(found.held, method)
    lines = [
        {
            "victim": victim(claims.victims[owner - FIRST_VICTIM]),
            "account": account(ledgers.accounts[at]),
            "currency": ledgers.currencies[at],
            "level": level.get((owner, at)),
            "received_fen": fen,
            "held_fen": held.get((owner, at), (0, 0, 0))[0],
            "interval": [low, high],
        }
        for owner, at, fen, low, high in found.received.filter(pl.col(method) > 0)
        .select("owner", "ledger", method, "low", "high")
        .iter_rows()
    ]
    return sorted(lines, key=lambda line: (line["victim"], line["level"] or 99, -line["received_fen"]))
