"""What makes a refund plan less sure than its exact sums look, in zh and en; none of it is settled by us."""

from dataclasses import dataclass

from funds.yuan import yuan_text

_WORDS: dict[str, tuple[str, str]] = {
    "NO_SURE_FREEZE": (
        "查控数据中没有此刻确定有效的冻结，请先核对是否仍在冻结。",
        "The control rows show no freeze that surely holds now; check first that the account is frozen.",
    ),
    "GIVEN_AMOUNT": (
        "冻结金额 {yuan} 元为使用者录入，不是查控数据所载。",
        "The frozen amount of {yuan} yuan was given by the user; no control row states it.",
    ),
    "OTHER_AMOUNT": (
        "查控数据所载执行金额为 {yuan} 元，与录入的冻结金额不同，请核对。",
        "The control row states {yuan} yuan as executed, another sum than the one given; check it.",
    ),
    "EARLIER_FREEZER": (
        "有 {count} 家在先冻结机关，其所载金额合计 {yuan} 元；返还前须与其核对。",
        "{count} earlier freezers hold {yuan} yuan as stated; settle with them before anything goes back.",
    ),
    "CONTROL_PROBLEM": (
        "该账户查控数据有 {count} 处疑点，见查控说明。",
        "{count} things about the account's control rows are open; see its controls.",
    ),
    "FROZEN_ABOVE_BALANCE": (
        "冻结金额比明细末笔余额多 {yuan} 元，多出部分来源不明。",
        "The frozen amount is {yuan} yuan above the last balance of the sheet; that part is unknown money.",
    ),
    "UNKNOWN_MONEY": (
        "账户内最多有 {yuan} 元来源不明的资金，可能属于未列入的受害人。",
        "Up to {yuan} yuan of unknown money came here; it may be a victim's who is not named.",
    ),
    "NO_SHEET": (
        "该账户没有自己的明细：只知对方明细所载的入账，余额、其他入账均不明。",
        "The account has no sheet of its own: only what others' sheets tell of it is known.",
    ),
    "NO_BALANCES": (
        "明细没有余额列，期初余额与缺口均不可知。",
        "Its sheet states no balances, so neither an opening balance nor a gap can be seen.",
    ),
    "NOT_COVERED": (
        "不能确定明细已覆盖至冻结之时：末行早于冻结，且末笔余额与冻结金额、查控所载余额均不同；请调取最新明细。",
        "The sheet may end before the freeze: its last balance is neither the frozen amount nor the balance "
        "that the freeze states; ask for a fresh one.",
    ),
    "UNSEEN_DEPOSITS": (
        "另有 {count} 笔可能的入账没有可用的行（期初余额、缺口、只有日期的行、明细之后），按多笔处理。",
        "{count} more deposits may exist without a usable row (opening balance, gaps, rows known only by "
        "day, after the sheet); they count.",
    ),
    "SOME_METHODS": (
        "{count} 名受害人的资金只按部分追踪方法到达本账户，仍列入，区间见各行。",
        "{count} victims' money reaches the account by some methods only; they take part all the same.",
    ),
    "LOSS_NOT_MATCHED": (
        "{count} 名受害人报称的损失中有 {yuan} 元在明细中没有对应行，损失仍按报称数计。",
        "Of {count} victims' losses {yuan} yuan have no row in the sheets; the loss counts as reported.",
    ),
    "CAME_BACK": (
        "有 {count} 笔共 {yuan} 元由收款账户转回受害人付款账户，未自动扣减；如属已返还，请录入。",
        "{count} transfers of {yuan} yuan went from a paid account back to the victim's; not deducted: give "
        "them as refunded if they are.",
    ),
    "GIVEN_BACK": (
        "已返还金额（{count} 名受害人，{yuan} 元）为使用者录入；数据中没有返还记录。",
        "What was already refunded ({count} victims, {yuan} yuan) is as given by the user; the data has no "
        "such rows.",
    ),
    "NONE_GIVEN_BACK": (
        "数据中没有返还记录，也未录入；按未曾返还计。",
        "The data holds no refunds and none were given; nothing counts as refunded yet.",
    ),
    "FOREIGN": (
        "另有 {count} 名受害人以其他币种付入，须另作方案。",
        "{count} victims' money came in another currency; that needs a plan of its own.",
    ),
    "LATER_ROWS": (
        "数据中有晚于所述时刻的交易，追踪已计入；查控状态按所述时刻。",
        "The data has movements after the instant asked about; the trace counts them, "
        "the freeze is as of then.",
    ),
    "WEAK_PATH": (
        "资金所经账户的明细等级最低为 {what}；本账户与途经账户取最低等级。",
        "The worst grade of sheets on the money's way is {what}; the plan takes the worst of all.",
    ),
    "REPORT_IS_VICTIM": (
        "一份警情按一名受害人计；同一人多次报案须人工核对。",
        "One report counts as one victim; whether two are one person's is for a person to check.",
    ),
}
CODES = frozenset(_WORDS)


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing the reader must know; code is one of CODES, what never holds a personal value."""

    code: str
    count: int = 0
    fen: int = 0
    what: str = ""

    def said(self, language: str) -> str:
        """The sentence in `zh` or `en`, money in yuan."""
        zh, en = _WORDS[self.code]
        text = zh if language == "zh" else en
        return text.format(count=self.count, yuan=yuan_text(self.fen), what=self.what)
