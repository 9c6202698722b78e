"""Money events of the invented world, held column by column: transfers, cash, fees and interest."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from simulate.identifiers import Ints

MOBILE, POS, COUNTER, ATM, BATCH, WEB = range(6)
DONE, FAILED, REVERSED, REVERSAL = range(4)
MEMOS = (
    "转账",
    "消费",
    "工资",
    "货款",
    "房租",
    "外卖",
    "水电费",
    "话费充值",
    "还款",
    "红包",
    "借款",
    "定金",
    "提现",
    "结算款",
    "现金取款",
    "现金存款",
    "结息",
    "短信服务费",
    "跨行转账手续费",
    "手续费冲正",
    "报销",
    "往来款",
    "会费",
    "活动费",
    "报酬",
    "保证金",
    "服务费",
    "生活费",
    "退款",
    "首付款",
    "理财",
    "网购",
    "车费",
    "冲正",
    "",
    "生意周转",
    "投资款",
    "解冻金",
    "缴费",
)
_MEMO_CODE = {text: code for code, text in enumerate(MEMOS)}


def memo(text: str) -> int:
    """Code of a memo text of MEMOS; an unknown text is a KeyError."""
    return _MEMO_CODE[text]


@dataclass(slots=True)
class Events:
    """Parallel arrays, one entry an event; -1 means none.

    at: local second at the payer's side; payer, payee: account index (-1: cash, bank); amount_fen >
    0; memo: code;
    channel; state; ring: ring index; case: the case whose victim pays here; device, ip: given
    explicitly or -1 for
    those of the payer's holder; terminal: cash machine index.
    """

    at: Ints
    payer: Ints
    payee: Ints
    amount_fen: Ints
    memo: Ints
    channel: Ints
    state: Ints
    ring: Ints
    case: Ints
    device: Ints
    ip: Ints
    terminal: Ints

    def __len__(self) -> int:
        return len(self.at)

    def where(self, keep: np.ndarray) -> "Events":
        """The events at a mask or an index array, in that order."""
        return Events(*(getattr(self, field.name)[keep] for field in fields(self)))


def events(
    at: Ints,
    payer: Ints | int,
    payee: Ints | int,
    amount_fen: Ints,
    memo_code: Ints | int,
    channel: int = MOBILE,
) -> Events:
    """Ordinary events from arrays or single values broadcast to the length of `at`."""
    count = len(at)

    def column(value: Ints | int) -> Ints:
        return np.broadcast_to(np.asarray(value, dtype=np.int64), count).copy()

    none = [column(-1) for _ in range(5)]
    return Events(
        column(at), column(payer), column(payee), column(amount_fen), column(memo_code), column(channel),
        column(DONE), *none,
    )  # fmt: skip


def join(parts: Sequence[Events]) -> Events:
    """All events of the parts, one part after the other; no parts give no events."""
    if not parts:
        return events(np.zeros(0, dtype=np.int64), -1, -1, np.zeros(0, dtype=np.int64), 0)
    return Events(
        *(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Events))
    )


def yuan(rng: np.random.Generator, count: int, median: float, spread: float, whole: float = 0.5) -> Ints:
    """Log-normal amounts in fen around a median in yuan; a share `whole` is rounded to whole yuan,
    tens or hundreds."""
    raw = np.maximum(1.0, median * np.exp(spread * rng.standard_normal(count)))
    fen = np.round(raw * 100).astype(np.int64)
    step = np.where(raw < 100, 100, np.where(raw < 3_000, 1_000, 10_000)).astype(np.int64)
    rounded = np.maximum(step, (fen + step // 2) // step * step)
    return np.where(rng.random(count) < whole, rounded, fen)
