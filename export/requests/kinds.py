"""The five kinds of request and their fixed words: title, what is asked, the law it rests on."""

from dataclasses import dataclass
from enum import StrEnum

from export.signs import Language
from funds.controls.events import Act, Measure
from funds.controls.refusals import FREEZES, STOPS


class RequestKind(StrEnum):
    """What a bank is asked for."""

    STOP = "stop"
    FREEZE = "freeze"
    RENEWAL = "renewal"
    LIFT = "lift"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class KindWords:
    """zh and en of each. basis: as DOMAIN.md states the law; empty where it states none."""

    title: tuple[str, str]
    asks: tuple[str, str]
    basis: tuple[str, str]
    act: Act | None
    measures: tuple[Measure, ...]


_FREEZE_LAW = (
    f"{FREEZES}：冻结期限六个月，每次续冻不超过六个月；重大、复杂案件经设区的市一级以上公安机关批准不超过一年；"
    "期满前未续冻的自动解除。",
    f"{FREEZES}: a freeze lasts six months, each renewal six at most; major or complex cases up to a year "
    "with city-level approval; unrenewed it lapses.",
)
_STOP_LAW = (
    f"{STOPS}：止付期限自执行时起 48 小时，同一账户至多两次；户名、账号、金额、时间须全部一致。",
    f"{STOPS}: a stop lasts 48 hours from its execution, two at most per account; name, account, amount and "
    "time must all be equal.",
)
KINDS: dict[RequestKind, KindWords] = {
    RequestKind.STOP: KindWords(
        ("紧急止付申请", "Request to stop payments"),
        ("请对下列账户办理紧急止付。", "Please stop payments from the accounts below."),
        _STOP_LAW,
        Act.REQUESTED,
        (Measure.STOP,),
    ),
    RequestKind.FREEZE: KindWords(
        ("协助冻结申请", "Request to freeze"),
        ("请协助冻结下列账户内的资金，期限六个月。", "Please freeze the money below for six months."),
        _FREEZE_LAW,
        Act.REQUESTED,
        (Measure.FREEZE,),
    ),
    RequestKind.RENEWAL: KindWords(
        ("续行冻结申请", "Request to renew a freeze"),
        ("请在现冻结期满前办理续冻。", "Please renew the freezes below before their present end."),
        _FREEZE_LAW,
        Act.RENEWED,
        (Measure.FREEZE,),
    ),
    RequestKind.LIFT: KindWords(
        ("解除止付/冻结申请", "Request to lift a stop or freeze"),
        ("请解除下列查控措施。", "Please lift the measures below."),
        (
            f"止付依 {STOPS}，冻结依 {FREEZES}；解除的具体依据由办案单位填写。",
            f"Stops rest on {STOPS}, freezes on {FREEZES}; the officer fills in the ground for lifting.",
        ),
        Act.LIFTED,
        (Measure.STOP, Measure.FREEZE),
    ),
    RequestKind.EVIDENCE: KindWords(
        ("调取证据申请", "Request for evidence"),
        (
            "请提供下列账户在所列时间内的全部交易明细（含余额、对手账号、户名、流水号）及开户资料。",
            "Please provide all rows of the accounts below in the spans given (balances, counterparties, "
            "names, serials) and the opening papers.",
        ),
        ("", ""),
        None,
        (),
    ),
}


def worded(pair: tuple[str, str], language: Language) -> str:
    """The text of a pair in a language."""
    return pair[0 if language == "zh" else 1]
