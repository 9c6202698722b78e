"""Why an account is asked for: traced money of the case's reports, hits of rules, each with source rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from detect.results import Finding
from detect.rule import Rule
from export.requests.items import Said
from funds.cells import FIRST_VICTIM
from funds.methods import DEFAULT
from funds.refund.claims import CONSERVING, Arrival
from funds.refund.ground import RefundGround
from funds.trace_levels import account_levels
from funds.yuan import yuan_text
from graph.lake.tables import LakeTables


@dataclass(frozen=True, slots=True)
class Traced:
    """Least and most fen of the case's reports, over the four methods: what came, what still lies there."""

    received: tuple[int, int]
    held: tuple[int, int]
    followed: bool


def case_reports(tables: LakeTables, case: str) -> tuple[str, ...]:
    """The reports of a case, or the report of that number; none when the lake knows neither."""
    filed = tables.scan("FILED").filter(pl.col("to_key") == case).select("from_key").collect()["from_key"]
    own = tables.scan("Report").filter(pl.col("key") == case).select("key").collect()["key"]
    return tuple(sorted({*filed, *own}))


def owners_of(ground: RefundGround, reports: Sequence[str]) -> list[int]:
    """The owners in the trace that stand for these reports; another case's money is never a reason."""
    wanted = set(reports)
    return [n + FIRST_VICTIM for n, name in enumerate(ground.claims.victims) if name in wanted]


def traced_here(ground: RefundGround, account: str, owners: Sequence[int]) -> Traced | None:
    """What of these owners' money came to the account and lies there; None when none by any method."""
    ledger = ground.ledger(account)
    if ledger is None:
        return None
    mine = (pl.col("ledger") == ledger) & pl.col("owner").is_in(list(owners))
    came, lies = (table.filter(mine) for table in (ground.found.received, ground.found.held))
    if came.is_empty():
        return None
    sums = [[int(table[name].sum()) for name in CONSERVING] for table in (came, lies)]
    received, held = ((min(one), max(one)) for one in sums)
    return Traced(received, held, bool(ground.ledgers.followed[ledger]))


def reached(ground: RefundGround, owners: Sequence[int]) -> tuple[str, ...]:
    """The accounts that have a card level (DOMAIN 7.2) for one of these owners by the default method, by key.

    Only transfers of at least a hundredth of a victim's money count: a few fen lead nearly everywhere.
    """
    levels = account_levels(ground.found.traced[DEFAULT])
    here = levels.filter(pl.col("owner").is_in(list(owners)))["ledger"].unique()
    return tuple(sorted({ground.ledgers.accounts[int(n)] for n in here}))


def lies_here(ground: RefundGround, account: str, owners: Sequence[int]) -> bool:
    """Whether a hundredth of one of these owners' money lies there by the default method, or came unseen."""
    ledger = ground.ledger(account)
    if ledger is None or not ground.ledgers.followed[ledger]:
        return ledger is not None
    held = ground.found.traced[DEFAULT].held.filter(
        (pl.col("ledger") == ledger) & pl.col("owner").is_in(list(owners))
    )
    paid = ground.claims.paid_fen
    return any(fen * 100 >= paid[owner - FIRST_VICTIM] for owner, _, fen in held.iter_rows())


def arrivals_of(ground: RefundGround, account: str, owners: Sequence[int]) -> tuple[Arrival, ...]:
    """The rows by which these owners' money came to the account by any method, by time; once each."""
    ledger = ground.ledger(account)
    arrivals = ground.arrivals(ledger) if ledger is not None else {}
    mine = [one for owner in owners for one in arrivals.get(owner, ())]
    return tuple(sorted(mine, key=lambda one: (one.at, one.event_key, one.fen)))


def trace_reason(traced: Traced, arrivals: Sequence[Arrival], reports: int) -> Said:
    """The sentence of the trace with every row by which the money came."""
    rows = tuple(dict.fromkeys(row for one in arrivals for row in one.rows))
    low, high = (yuan_text(fen) for fen in traced.received)
    least, most = (yuan_text(fen) for fen in traced.held)
    zh = f"按四种守恒方法追踪，{reports} 份警情的被骗资金有 {low} 至 {high} 元进入该账户"
    en = (
        f"By the four conserving methods {low} to {high} yuan of the money of {reports} "
        f"{'report' if reports == 1 else 'reports'} came to the account"
    )
    if traced.followed:
        zh += f"，按现有明细仍有 {least} 至 {most} 元。"
        en += f", {least} to {most} yuan still lie there by the rows known."
    else:
        zh += "；该账户没有自己的明细，其后去向不明。"
        en += "; it has no sheet of its own, what became of it is unknown."
    return Said(zh, en, rows)


def finding_reasons(account: str, findings: Sequence[Finding], rules: Sequence[Rule]) -> tuple[Said, ...]:
    """The hits on the account, the highest score first, then rule and id: opinions, each with its rows."""
    titles = {rule.id: rule.title for rule in rules}
    mine = [one for one in findings if (one.subject.type, one.subject.key) == ("Account", account)]
    said = []
    for one in sorted(mine, key=lambda f: (-f.score, f.rule, f.finding_id)):
        title = titles.get(one.rule)
        name = f"{one.rule} r{one.revision}"
        zh, en = (title.said("zh"), title.said("en")) if title else ("", "")
        said.append(
            Said(
                f"规则 {name}“{zh}”命中，得分 {one.score:.2f}（研判意见，非事实认定）。",
                f"Rule {name}, “{en}”, score {one.score:.2f} (an opinion, not a fact).",
                one.rows,
            )
        )
    return tuple(said)
