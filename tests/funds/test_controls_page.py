"""The worked examples of docs/funds-controls.md are what the code computes."""

import re
from datetime import timedelta
from pathlib import Path

from detect.worlds import build_world
from funds.controls.clocks import add_months
from funds.controls.next_steps import warnings
from funds.freeze_now import queue_at
from funds.freeze_queue import freeze_queue
from funds.freeze_score import Candidate, Hold
from funds.refund.plan import refund_plan
from tests.detect.ledgers import in_memory
from tests.funds.controls.orders import after, freeze, local
from tests.funds.refund.test_plan import FROZEN, claim
from tests.funds.test_freeze_now import NOW, PAID, SECOND

PAGE = (Path(__file__).parents[2] / "docs" / "funds-controls.md").read_text(encoding="utf-8")


def rows(first: str) -> list[list[str]]:
    """The rows of the table whose first heading is `first`, cell by cell."""
    table = re.search(rf"^\| {re.escape(first)} \|.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert table is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1].splitlines()]


def yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"


def test_the_ends_of_six_months() -> None:
    lines = rows("frozen at")
    assert lines and all(add_months(local(start), 6) == local(end) for start, end in lines)


def test_the_queue() -> None:
    now = local("2024-03-01T12:00")
    candidates = []
    for name, value, gap, held, *_ in rows("account"):
        fen = int(value.replace(",", "")) * 100
        hold = None if held == "-" else Hold(now + timedelta(hours=int(held)))
        candidates.append(Candidate(name, fen, fen, now - timedelta(hours=int(gap)), hold=hold))
    queue = freeze_queue(reversed(candidates), now)
    found = [
        [score.candidate.account, yuan(score.expected_fen), yuan(queue.expect(k))]
        for k, score in enumerate(queue.scores, start=1)
    ]
    assert found == [[line[0], *line[4:]] for line in rows("account")]


def test_the_queue_of_a_lake() -> None:
    world = build_world([*PAID, *SECOND])
    named = {ref.key: name for name, ref in world.names.items()}
    found = [
        [
            named[line.account],
            str(len(line.shares)),
            yuan(line.score.candidate.victim_fen),
            yuan(line.balance.fen or 0),
            str(line.score.parts.p_here),
            yuan(line.score.expected_fen),
            yuan(line.cumulative_fen),
        ]
        for line in queue_at(in_memory(world.frames), NOW).lines
    ]
    assert found == rows("queue")


def test_the_refund() -> None:
    lines = rows("victim")
    claims = [
        claim(name, int(loss.replace(",", "").partition(".")[0]), minute)
        for minute, (name, loss, *_) in enumerate(lines)
    ]
    found = [
        [
            line.claim.victim,
            yuan(line.claim.loss_fen),
            str(line.share_fen),
            yuan(line.floor_fen),
            str(line.extra_fen),
            yuan(line.refund_fen),
        ]
        for line in refund_plan(FROZEN, claims).lines
    ]
    assert found == lines


def test_the_warning_of_the_page() -> None:
    account = after(*freeze("F1", "2024-01-31T10:00"))
    assert warnings(account, local("2024-07-16T10:00")) and not warnings(
        account, local("2024-07-16T09:59:59")
    )
