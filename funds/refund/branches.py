"""The three branches of Article 8 and the test of each: whether it applies, and every reason why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from funds.refund.claims import CONSERVING, Claim, Frozen


class Branch(StrEnum):
    """How frozen money goes back; DOMAIN.md 7.4."""

    SINGLE = "single"
    BY_TIME_STAMP = "by_time_stamp"
    PRO_RATA = "pro_rata"


WHY_NOT = {
    "NO_VICTIM": ("没有可列入的受害人。", "No victim takes part."),
    "MANY_DEPOSITS": ("账户内有多笔汇（存）款。", "The account has more than one deposit."),
    "NO_DEPOSIT": ("账户内没有已知的汇（存）款行。", "No row of a deposit is known."),
    "ONE_DEPOSIT": ("账户内只有一笔汇（存）款。", "The account has only one deposit."),
    "NOT_THE_VICTIMS": (
        "该笔汇（存）款不是一名受害人的直接付款，不能直接溯源。",
        "The deposit is not one victim's own payment, so it is not directly traceable.",
    ),
    "GRADE": ("明细余额等级不是 A 级。", "The balances of the sheets are not of grade A."),
    "NOT_COVERED": (
        "不能确定明细已覆盖至冻结之时。",
        "The rows are not known to reach up to what was frozen.",
    ),
    "UNTIMED_ROWS": (
        "账户有只到日期的行，无法按时间先后区分。",
        "Rows of the account are known only by day, so time can't tell the money apart.",
    ),
    "METHODS_LACK": (
        "四种守恒追踪方法未全部计算。",
        "Not all four conserving tracing methods were run.",
    ),
    "METHODS_DIFFER": (
        "四种追踪方法对某受害人的留存金额不一致。",
        "The four methods do not leave the same fen to each victim.",
    ),
    "UNKNOWN_MONEY": ("账户内有来源不明的资金。", "Money of unknown origin lies there."),
    "UNNAMED_VICTIM": (
        "追踪结果含未列入本方案的受害人。",
        "The trace names a victim who is not in this plan.",
    ),
    "MORE_TRACED_THAN_FROZEN": (
        "可溯源金额大于冻结金额。",
        "More is traced to victims than is frozen.",
    ),
    "EARLIER_BRANCH": ("前一分支适用。", "A branch before it applies."),
}


@dataclass(frozen=True, slots=True)
class BranchTest:
    """One branch and every code of WHY_NOT that stands against it; none: it applies."""

    branch: Branch
    against: tuple[str, ...]

    @property
    def applies(self) -> bool:
        """Whether nothing stands against it."""
        return not self.against

    def said(self, language: str) -> tuple[str, ...]:
        """The reasons in `zh` or `en`."""
        return tuple(WHY_NOT[code][0 if language == "zh" else 1] for code in self.against)


def branch_tests(frozen: Frozen, claims: Sequence[Claim]) -> tuple[BranchTest, BranchTest, BranchTest]:
    """The tests in the order of the article; at most one applies, none without victims.

    claims: those that take part. 1: one deposit of any kind, a victim's own payment. 2: several; our cautious
    test of "directly traceable by time stamp". 3: else. Source: DOMAIN.md 7.4.
    """
    nobody = () if claims else ("NO_VICTIM",)
    single = nobody or _single(frozen, claims)
    stamped = nobody or _by_time_stamp(frozen, claims)
    earlier = ("EARLIER_BRANCH",) if not single or not stamped else ()
    return (
        BranchTest(Branch.SINGLE, single),
        BranchTest(Branch.BY_TIME_STAMP, stamped),
        BranchTest(Branch.PRO_RATA, nobody or earlier),
    )


def _single(frozen: Frozen, claims: Sequence[Claim]) -> tuple[str, ...]:
    if frozen.deposits != 1:
        return ("MANY_DEPOSITS",) if frozen.deposits else ("NO_DEPOSIT",)
    arrivals = [arrival for claim in claims for arrival in claim.arrivals]
    if len(arrivals) != 1 or not arrivals[0].direct:
        return ("NOT_THE_VICTIMS",)
    return () if frozen.covered else ("NOT_COVERED",)


def _by_time_stamp(frozen: Frozen, claims: Sequence[Claim]) -> tuple[str, ...]:
    if frozen.deposits < 2:
        return ("ONE_DEPOSIT",) if frozen.deposits else ("NO_DEPOSIT",)
    names = {claim.victim for claim in claims}
    lefts = [frozen.left.get(method, {}) for method in CONSERVING]
    traced = {victim for left in lefts for victim, fen in left.items() if fen}
    differ = any(len({left.get(victim, 0) for left in lefts}) > 1 for victim in names | traced)
    lacking = any(method not in frozen.left for method in CONSERVING)
    tests = (
        ("GRADE", frozen.grade != "A"),
        ("NOT_COVERED", not frozen.covered),
        ("UNTIMED_ROWS", frozen.untimed > 0),
        ("METHODS_LACK", lacking),
        ("METHODS_DIFFER", not lacking and differ),
        ("UNKNOWN_MONEY", frozen.unknown_fen > 0),
        ("UNNAMED_VICTIM", bool(traced - names)),
        ("MORE_TRACED_THAN_FROZEN", any(sum(left.values()) > frozen.fen for left in lefts)),
    )
    return tuple(code for code, there in tests if there)
