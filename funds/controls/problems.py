"""What is contradictory or missing in the rows about an account: shown to the reader, never settled by us."""

from dataclasses import dataclass

from funds.controls.refusals import CODES as REFUSALS
from funds.controls.refusals import Refusal

_WORDS: dict[str, tuple[str, str]] = {
    "MEASURE_UNKNOWN": (
        "措施“{what}”不能归为止付或冻结，未计入状态。",
        "The measure “{what}” is neither a stop nor a freeze; it is not part of the state.",
    ),
    "STATE_UNKNOWN": (
        "执行结果“{what}”无法辨认，是否生效不明，未计入状态；止付次数按已用计。",
        "The state “{what}” is not known, so whether it took hold is open; not part of the state, but a stop "
        "counts as used.",
    ),
    "NO_START": (
        "缺执行起始时间，无法计时，未计入状态；止付次数按已用计。",
        "The start is missing and no clock can run; not part of the state, but a stop counts as used.",
    ),
    "RETOLD": (
        "同一单号有多行，数据只保留一份期限与金额，不能确定属于哪一行；期限按法定最长计。",
        "The order has several rows and one term and amount for all; whose they are is open, so the term is "
        "taken as the longest lawful one.",
    ),
    "SEVERAL_ACCOUNTS": (
        "同一单号涉及多个账户，期限与金额不能确定属于哪个账户。",
        "The order names several accounts; whose its term and amounts are is open.",
    ),
    "DONE_BUT_REASON": (
        "结果为已执行，却写有未能冻结原因。",
        "It is stated as executed, yet a reason why not is given.",
    ),
    "REFUSED_BUT_HELD": (
        "结果为未执行，却有大于零的执行金额。",
        "It is stated as refused, yet an amount above zero was executed.",
    ),
    "END_BEFORE_START": (
        "所载结束不晚于起始，期限按法定最长计。",
        "The end stated is not after the start; the term is taken as the longest lawful one.",
    ),
    "LIFT_UNCLEAR": (
        "解除或续冻未指明原单号，且同类措施不止一项或没有，不知所指；各项照原样列出。",
        "A lifting or renewal names no order, and none or several run: which one it means is open.",
    ),
    "LIFT_BY_ONLY": (
        "解除或续冻未指明原单号，按当时唯一生效的一项理解，请核对。",
        "A lifting or renewal names no order; taken for the only one in force then, please check.",
    ),
    "FREEZES_OVERLAP": (
        "多项冻结同时生效，请向银行核对先后与金额。",
        "Several freezes are in force at once; check their order and amounts with the bank.",
    ),
    "WAITING_DUE": (
        "轮候冻结之前的冻结按所载已到期，是否已生效须向银行核对。",
        "The freeze before a waiting one has ended as stated; ask the bank whether this one took hold.",
    ),
    "EARLIER_DIFFERS": (
        "同一在先冻结机关的金额或截止在各行不一致，按最新一行计，各行均列出。",
        "Rows differ on the amount or end of one earlier freezer; the latest counts, all are shown.",
    ),
    "EARLIER_NO_AMOUNT": (
        "在先冻结未载金额，可冻结余额可能更少。",
        "An earlier freeze states no amount; less may be left than it seems.",
    ),
}
CODES = tuple(_WORDS)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to check; code is one of CODES or of the refusals, rows prove it, orders it is about."""

    code: str
    orders: tuple[str, ...]
    rows: tuple[tuple[str, int], ...]
    what: str = ""

    def said(self, language: str) -> str:
        """The sentence in `zh` or `en`."""
        if self.code in REFUSALS:
            return Refusal(self.code).said(language)
        zh, en = _WORDS[self.code]
        return (zh if language == "zh" else en).format(what=self.what)
