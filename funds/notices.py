"""What a trace has to say beside its sums: why an amount is less sure than it looks, in zh and en."""

from dataclasses import dataclass
from decimal import Decimal

_WORDS: dict[str, tuple[str, str]] = {
    "SELF_TRANSFER": (
        "{count} 笔转账的付方与收方是同一账户，未移动资金，不计入。",
        "{count} transfers have one account at both ends; they move nothing and are left out.",
    ),
    "DAY_ONLY": (
        "{count} 笔交易只有日期没有时刻，无法排序，未计入；相关账户会出现余额缺口。",
        "{count} rows are known only by day and can't be ordered; left out, they show as gaps in balances.",
    ),
    "NO_AMOUNT": (
        "{count} 笔交易没有正的金额，未计入。",
        "{count} rows have no amount above zero and are left out.",
    ),
    "CURRENCIES": (
        "数据含 {count} 种币种（{what}）；按币种分别追踪，从不相加。",
        "{count} currencies are in the data ({what}); each is traced on its own, none are added up.",
    ),
    "OTHER_CURRENCY": (
        "{count} 个账户有受害人的其他币种资金（{what}），不在本队列内。",
        "{count} accounts hold victims' money in other currencies ({what}); they are not in this queue.",
    ),
    "NO_ROW": (
        "警情 {what} 的 {count} 笔付款（{yuan} 元）在明细中找不到对应行，未追踪。",
        "{count} payments of {what} ({yuan} yuan) have no row in the sheets and are not traced.",
    ),
    "VICTIM_WITHOUT_SHEET": (
        "{count} 笔被骗付款的付款账户没有自己的明细，只由收方明细得知。",
        "{count} victims' payments come from accounts without a sheet; only the payee's sheet tells of them.",
    ),
    "LEFT_DATA": (
        "{yuan} 元流入 {count} 个没有明细的账户，其后去向未知；请调取这些账户的明细。",
        "{yuan} yuan went to {count} accounts without a sheet; what became of it is unknown: ask for them.",
    ),
    "GAPS": (
        "所经账户有 {count} 处余额缺口（合计 {yuan} 元）：少了行；流入部分按来源不明计，区间随之放宽。",
        "{count} gaps in balances of accounts on the way ({yuan} yuan): rows are missing; what came in "
        "counts as unknown and widens the intervals.",
    ),
    "UNDONE": (
        "{count} 处缺口在三日内被等额抵消，视为冲正，不影响资金归属。",
        "{count} gaps were made good by an equal one within three days, as reversals are; taken as no move.",
    ),
    "NO_BALANCES": (
        "所经 {count} 个账户没有余额列：期初余额未知，按零起算，不足部分按来源不明计。",
        "{count} accounts on the way state no balances: opening balances are unknown, taken as zero; what "
        "they then lack counts as unknown.",
    ),
    "NEGATIVE_BALANCE": (
        "所经 {count} 个账户余额曾为负：填补透支的款项计为“填补透支”。",
        "{count} accounts on the way were below zero; money that filled the overdraft is told as such.",
    ),
    "CROSSED": (
        "{count} 笔转账在两家银行的时刻互相矛盾，无法排序；所带资金单列，收方按来源不明计。",
        "{count} transfers contradict each other's clocks; what they carry is told apart, at the payee it "
        "counts as unknown.",
    ),
    "NOT_CONSERVED": (
        "poison 法为上限，同一分钱可计给多名受害人，金额不可相加，不得用于返还。",
        "poison is an upper bound: one fen may count for several victims; never add up, never for refunds.",
    ),
}
CODES = frozenset(_WORDS)


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing the reader must know; code is one of CODES, what never holds a personal value unmasked."""

    code: str
    count: int = 0
    fen: int = 0
    what: str = ""

    def said(self, language: str) -> str:
        """The sentence in `zh` or `en`."""
        zh, en = _WORDS[self.code]
        return (zh if language == "zh" else en).format(count=self.count, yuan=yuan(self.fen), what=self.what)


def yuan(fen: int | None) -> str:
    """Fen as yuan with thousands marks, exact; empty for none. The currency is said beside it."""
    return "" if fen is None else f"{Decimal(fen).scaleb(-2):,.2f}"
