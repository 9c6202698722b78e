"""The freeze queue: accounts by how much a freeze now is expected to save, with sums from the top."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

from funds.freeze_score import HORIZON, Candidate, Hold, Score, freeze_score
from funds.rest_times import Exit, Rests
from graph.errors import SchemaError

ZERO: dict[str, tuple[str, str]] = {
    "CLOSED": ("账户已销户。", "The account is closed."),
    "NO_WAY_LEFT": (
        "两次止付已用完且没有冻结文书（银发〔2016〕86号）。",
        "Both stops are used and there is no freeze document (银发〔2016〕86号).",
    ),
    "NO_VICTIM_MONEY": ("账户内没有受害人资金。", "No victim's money is left on the account."),
    "NOTHING_FREE": (
        "可用余额扣除在先冻结后为零。",
        "Nothing is available above what earlier freezers hold.",
    ),
    "HELD_BEYOND": (
        "我方控制在计算时段（默认 24 小时）之后才期满。",
        "Our own hold lasts beyond the time looked at (24 hours unless said otherwise).",
    ),
    "NO_ROWS": ("没有该账户的交易行，无从估计。", "No row of the account is known, so nothing can be said."),
    "GONE": (
        "期望不足一分：可冻结的极少，或资金几乎肯定已转出。",
        "Under one fen is expected: hardly anything is free, or it has all but surely left.",
    ),
}
"""Why a score is zero: zh, en."""

ADVICE: dict[str, tuple[str, str]] = {
    "FRESH_SHEET": ("明细已旧，请先调取最新明细。", "The sheet is old: ask for a fresh one."),
    "ASK_BALANCE": ("可用余额未知，请查询余额。", "The available balance is unknown: ask for it."),
    "HOLD_COVERS_PART": ("我方限额控制只覆盖一部分资金。", "Our hold covers only a part of the money."),
}
"""What to do first: zh, en."""

_AT = pl.Datetime("us", "UTC")
CANDIDATE_COLUMNS: dict[str, pl.DataType] = {
    "case": pl.String(),
    "account": pl.String(),
    "level": pl.Int64(),
    "victim_fen": pl.Int64(),
    "available_fen": pl.Int64(),
    "earlier_fen": pl.Int64(),
    "last_row_at": _AT,
    "seen_until": _AT,
    "hold_ends_at": _AT,
    "hold_up_to_fen": pl.Int64(),
    "closed": pl.Boolean(),
    "stops_used": pl.Int64(),
    "freeze_document": pl.String(),
}
EXIT_COLUMNS: dict[str, pl.DataType] = {
    "case": pl.String(),
    "account": pl.String(),
    "level": pl.Int64(),
    "rested_us": pl.Int64(),
}
QUEUE_COLUMNS: dict[str, pl.DataType] = {
    "rank": pl.Int64(),
    "case": pl.String(),
    "account": pl.String(),
    "expected_fen": pl.Int64(),
    "cumulative_fen": pl.Int64(),
    "value_fen": pl.Int64(),
    "p_here": pl.String(),
    "p_leave": pl.String(),
    "h_hours": pl.String(),
    "h_basis": pl.String(),
    "deadline": _AT,
    "reason": pl.String(),
}
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FreezeQueue:
    """Scores by expected fen (most first), deadline (soonest first, none last), account, case."""

    scores: tuple[Score, ...]

    def expect(self, count: int) -> int:
        """Freeze the first `count` accounts and this many fen are expected to be saved."""
        return sum(score.expected_fen for score in self.scores[: max(0, count)])

    def table(self) -> pl.DataFrame:
        """QUEUE_COLUMNS in the queue's order; probabilities are decimal text."""
        lines = []
        for rank, score in enumerate(self.scores, start=1):
            parts, own = score.parts, score.candidate
            lines.append(
                {
                    "rank": rank,
                    "case": own.case,
                    "account": own.account,
                    "expected_fen": score.expected_fen,
                    "cumulative_fen": self.expect(rank),
                    "value_fen": parts.value_fen,
                    "p_here": str(parts.p_here),
                    "p_leave": str(parts.p_leave),
                    "h_hours": str(parts.h_hours),
                    "h_basis": parts.h_basis,
                    "deadline": score.deadline,
                    "reason": score.reason,
                }
            )
        return pl.DataFrame(lines, schema=QUEUE_COLUMNS)


def freeze_queue(candidates: Iterable[Candidate], now: datetime, horizon: timedelta = HORIZON) -> FreezeQueue:
    """The queue at `now`; no candidates give an empty one. Source: DOMAIN.md 7.3."""
    scores = [freeze_score(candidate, now, horizon) for candidate in candidates]
    scores.sort(
        key=lambda s: (-s.expected_fen, s.deadline or _LAST, s.candidate.account, s.candidate.case),
    )
    return FreezeQueue(tuple(scores))


def candidates_of(accounts: pl.DataFrame, exits: pl.DataFrame) -> list[Candidate]:
    """Candidates from CANDIDATE_COLUMNS and EXIT_COLUMNS; SchemaError when a column lacks.

    Null level, balance, hold, last row or seen_until: not known or none. Null earlier_fen, closed,
    stops_used: none.
    """
    for frame, columns in ((accounts, CANDIDATE_COLUMNS), (exits, EXIT_COLUMNS)):
        lacking = [column for column in columns if column not in frame.columns]
        if lacking:
            raise SchemaError(f"The freeze queue needs the columns {', '.join(lacking)}; add them.")
    left = [
        Exit(line["case"], line["account"], line["level"], timedelta(microseconds=line["rested_us"]))
        for line in exits.iter_rows(named=True)
    ]
    rests = Rests(left)
    return [_candidate(line, rests) for line in accounts.iter_rows(named=True)]


def _candidate(line: dict[str, object], rests: Rests) -> Candidate:
    row = dict(line)
    ends, up_to = row.pop("hold_ends_at"), row.pop("hold_up_to_fen")
    values = {name: row[name] for name in row if name in Candidate.__slots__}
    for name, absent in (("earlier_fen", 0), ("closed", False), ("stops_used", 0), ("freeze_document", "")):
        values[name] = absent if values[name] is None else values[name]
    hold = Hold(ends, up_to if isinstance(up_to, int) else None) if isinstance(ends, datetime) else None
    level = row["level"] if isinstance(row["level"], int) else None
    rest = rests.of(str(row["account"]), level)
    return Candidate(**values, rest=rest, hold=hold)  # type: ignore[arg-type] # columns are CANDIDATE_COLUMNS
