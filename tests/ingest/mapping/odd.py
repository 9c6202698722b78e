"""Builds bank sheets in layouts that no template knows."""

from collections.abc import Sequence
from pathlib import Path

from ingest.limits import DEFAULT_LIMITS
from ingest.mapping import Proposal, UnknownTable, propose, read_unknown
from ingest.overlay import read_overlay
from tests.ingest.build import write_text

HEADER = ("流水", "记账日期", "账户1", "账户2", "CD", "发生额", "Bal", "对方名", "其他")
TWO_SIDED = ("流水", "记账日期", "账户1", "账户2", "甲额", "乙额", "Bal", "对方名")
KNOWN_BY = {
    "交易流水号": "流水",
    "交易时间": "记账日期",
    "交易账号": "账户1",
    "交易对手账卡号": "账户2",
    "收付标志": "CD",
    "交易金额": "发生额",
    "交易余额": "Bal",
    "对手户名": "对方名",
}
CARDS = ("9990010100078924635", "9990010150334051970", "9990010114646881250")


def rows(count: int = 40, balances: bool = True) -> list[tuple[str, ...]]:
    """Rows of two accounts in turn, whose balances fit; the counterparties hardly ever come twice."""
    balance = {0: 500_000, 1: 800_000}
    made = []
    for number in range(count):
        own, inward = number % 2, number % 3 == 0
        amount = 1_000 + 137 * number
        balance[own] += amount if inward else -amount
        held = f"{balance[own] / 100:.2f}" if balances else ""
        made.append(
            (
                f"JY{number:08d}",
                f"2024年3月{1 + number % 28}日 10:00:{number % 60:02d}",
                f"8801000100000{own:04d}",
                f"8802000200{number:07d}",
                "1" if inward else "0",
                f"{amount / 100:.2f}",
                held,
                ("张虚构", "李样例", "样例商贸公司")[number % 3],
                "",
            )
        )
    return made


def two_sided() -> list[tuple[str, ...]]:
    """The same rows with one column for what went out and one for what came in, of unknown names."""
    found = []
    for serial, time, own, peer, code, amount, balance, name, _ in rows():
        sides = ("", amount) if code == "1" else (amount, "0.00" if len(found) % 2 else "")
        found.append((serial, time, own, peer, *sides, balance, name))
    return found


def write_odd(folder: Path, header: Sequence[str] = HEADER, balances: bool = True) -> Path:
    """A bank sheet in a layout that no template knows."""
    return write_text(folder / "odd.csv", header, rows(balances=balances))


def table_of(path: Path) -> UnknownTable:
    """Its first rows."""
    return read_unknown(path.read_bytes(), path.name, read_overlay(path.parent / "none"), DEFAULT_LIMITS)


def proposal_of(table: UnknownTable) -> Proposal:
    """What is proposed for it."""
    return propose(table, read_overlay(Path("none")))
