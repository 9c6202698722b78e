"""What the law or the facts forbid about a stop or freeze: one sentence in zh and en that names its basis."""

from dataclasses import dataclass

STOPS = "银发〔2016〕86号"
FREEZES = "公安机关办理刑事案件程序规定"

_WORDS: dict[str, tuple[str, str, str]] = {
    "THIRD_STOP": (
        "L",
        f"该账户已止付两次（各案合计），不得第三次止付；请改办冻结（{STOPS}）。",
        f"The account has used its two stops over all cases; a third is refused, ask for a freeze ({STOPS}).",
    ),
    "STOP_RUNS": (
        "D",
        "前一次止付尚未期满，两次止付不得同时计时；请在期满时执行（本系统解释，{basis}）。",
        "The stop before still runs and two never run at once; execute this one when it ends (our reading of "
        "{basis}).",
    ),
    "STOP_PENDING": (
        "D",
        "该账户已有一份止付申请待银行答复，答复前不再申请（本系统规则）。",
        "A stop of this account already awaits the bank's answer; ask again after it (our rule).",
    ),
    "STOP_TERM": (
        "L",
        f"止付自执行时起满 48 小时止，所载止期不符（{STOPS}）。",
        f"A stop ends 48 hours after it took hold; the end stated differs ({STOPS}).",
    ),
    "MISMATCH": (
        "L",
        f"户名、账号、金额、时间未全部一致（{{fields}}），止付或冻结被拒绝（{STOPS}）。",
        f"Name, account, amount and time are not all equal ({{fields}}); the order is refused ({STOPS}).",
    ),
    "LAPSED": (
        "L",
        f"冻结期已满未续冻，视为自动解除，不得补办续冻；请重新申请冻结（{FREEZES}）。",
        f"The freeze ended unrenewed and has lapsed; it can't be renewed, ask for a new one ({FREEZES}).",
    ),
    "OVER_SIX_MONTHS": (
        "L",
        f"每次冻结或续冻最长六个月；超过须属重大、复杂案件并经设区的市一级以上公安机关批准（{FREEZES}）。",
        "A freeze or renewal lasts six calendar months at most; longer needs a major or complex case and "
        f"city-level approval ({FREEZES}).",
    ),
    "OVER_A_YEAR": (
        "L",
        f"重大、复杂案件经市级批准，每次冻结或续冻也最长一年（{FREEZES}）。",
        f"Even with city-level approval a freeze or renewal lasts one year at most ({FREEZES}).",
    ),
    "NO_TERM": (
        "L",
        f"冻结期限须晚于起始时间（{FREEZES}）。",
        f"A freeze must end after it begins ({FREEZES}).",
    ),
    "RENEWAL_SHORTENS": (
        "D",
        "续冻后的止期不得早于现止期（本系统规则）。",
        "A renewal may not end before the present term does (our rule).",
    ),
    "NOT_FROZEN": (
        "L",
        f"该单号没有正在生效的冻结，无从续冻（{FREEZES}）。",
        f"No freeze of this order is in force, so there is nothing to renew ({FREEZES}).",
    ),
    "HELD_BY_EARLIER": (
        "D",
        "在先冻结为只收不付，尚在期内，本次只能轮候（本系统解释）。",
        "An earlier receive-only freeze is in force; this one can only wait behind it (our reading).",
    ),
    "NO_MODE": (
        "S",
        "冻结须写明方式：01 限额或 02 只收不付（查控格式）。",
        "A freeze states its mode: 01 up to an amount, or 02 receive only (control format).",
    ),
    "NO_LIMIT": (
        "S",
        "限额冻结须写明大于零的限额（查控格式）。",
        "A freeze up to an amount states that amount, above zero (control format).",
    ),
    "OVER_LIMIT": (
        "S",
        "执行金额不得超过申请限额（查控格式）。",
        "The amount executed may not exceed the amount requested (control format).",
    ),
    "NO_DOCUMENT": (
        "D",
        "状态变更须有文书号（本系统规则）。",
        "A change of state names its document number (our rule).",
    ),
    "ORDER_KNOWN": (
        "D",
        "该查控单号已有申请，不得重复使用（本系统规则）。",
        "This order number was already requested and can't be used again (our rule).",
    ),
    "NOT_REQUESTED": (
        "D",
        "该查控单没有待执行的申请（本系统规则）。",
        "This order has no request that awaits an answer (our rule).",
    ),
    "NOTHING_TO_LIFT": (
        "D",
        "该查控单没有正在生效或轮候的措施，无从解除（本系统规则）。",
        "Nothing of this order is in force or waiting, so nothing can be lifted (our rule).",
    ),
    "NOT_ENDED": (
        "D",
        "该查控单没有在此时期满的措施（本系统规则）。",
        "No measure of this order has ended by then (our rule).",
    ),
    "NO_SUCH_STEP": (
        "L",
        "止付不能续期，也不能轮候；请再次止付或改办冻结（{basis}）。",
        "A stop can't be renewed and never waits; ask for a second stop or a freeze ({basis}).",
    ),
    "OUT_OF_ORDER": (
        "D",
        "该事项早于已记录的最后一项，须按时间顺序重新推演（本系统规则）。",
        "This event is earlier than the last one recorded; replay all in order of time (our rule).",
    ),
}
CODES = tuple(_WORDS)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an event is not allowed; code is one of CODES, fields the words it tells of (never a value)."""

    code: str
    fields: tuple[str, ...] = ()

    @property
    def basis(self) -> str:
        """L law, S format, D our rule, as in DOMAIN.md."""
        return _WORDS[self.code][0]

    def said(self, language: str) -> str:
        """The sentence in `zh` or `en`."""
        _, zh, en = _WORDS[self.code]
        names = [_FIELDS[field][0 if language == "zh" else 1] for field in self.fields]
        listed = ("、" if language == "zh" else ", ").join(names)
        return (zh if language == "zh" else en).format(fields=listed, basis=STOPS)


_FIELDS = {
    "name": ("户名", "name"),
    "account": ("账号", "account"),
    "amount": ("金额", "amount"),
    "time": ("时间", "time"),
}
