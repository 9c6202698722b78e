"""The policy clauses that rules answer, with the demand each one makes (DOMAIN 1).

HN: the Hunan resolution of 2022, numbered by us. WH: the Wuhan decision of 2021, its own clause numbers; the
letters are ours.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Demand:
    """What a group of clauses asks for; `by_rules`: rules and queries take part in answering it."""

    zh: str
    en: str
    clauses: tuple[str, ...]
    by_rules: bool = True


DEMANDS: tuple[Demand, ...] = (
    Demand("全链条打击", "strike the whole chain", ("HN-1", "WH-7")),
    Demand("抓金主", "catch the financiers", ("WH-7a",)),
    Demand("铲窝点", "clear the dens", ("WH-7b",)),
    Demand("打平台", "hit the platforms", ("WH-7c",)),
    Demand("断资金", "cut the money", ("WH-7d",)),
    Demand("快速核查", "check fast", ("WH-7e",)),
    Demand("紧急止付、快速冻结", "stop and freeze at once", ("HN-8", "WH-7f", "WH-11d")),
    Demand("追赃挽损", "recover the losses", ("HN-13",)),
    Demand("重点区域清查", "search hot places", ("WH-7g", "WH-16", "WH-19")),
    Demand("跨境", "across the border", ("HN-14", "WH-7h")),
    Demand("两卡、断卡、黑灰产业链", "two cards and the grey industry", ("HN-5", "WH-8")),
    Demand("实名不实人", "real name, other user", ("HN-7", "WH-13")),
    Demand("取现、转账实名实人", "the holder in person at cash-out and transfer", ("HN-9",)),
    Demand("黑名单共享", "shared lists", ("HN-3",)),
    Demand("失信联合惩戒", "joint punishment", ("HN-4", "WH-15b")),
    Demand("预警监测处置", "warn and act early", ("HN-6", "WH-11a", "WH-11b")),
    Demand("封堵电话、短信、网址，关闭账号", "block numbers, sites, accounts", ("HN-10", "WH-11c", "WH-14")),
    Demand("寄递监管", "watch the parcels", ("WH-15d",)),
    Demand("举报、奖励、保密", "tip-offs, rewards, secrecy", ("HN-12", "WH-9"), by_rules=False),
    Demand("重点人群", "people at risk", ("HN-11", "WH-15a", "WH-20"), by_rules=False),
    Demand("两降两升", "fewer crimes, more recovery", ("HN-2",), by_rules=False),
    Demand("排名通报、考评", "ranking and grading", ("WH-4", "WH-5"), by_rules=False),
    Demand("督导评估、监察", "supervision", ("HN-15", "WH-6")),
    Demand("罪名适用、证据标准", "charges and proof", ("WH-10",)),
    Demand("企业线索移交", "referrals by companies", ("WH-12",)),
    Demand("市场主体准入", "entry of companies", ("WH-15c",)),
    Demand(
        "宣传、普法、联席会议、经费", "education, meetings, funds",
        ("WH-1", "WH-2", "WH-3", "WH-15", "WH-17", "WH-18"), by_rules=False,
    ),
)  # fmt: skip

CLAUSES: frozenset[str] = frozenset(clause for demand in DEMANDS for clause in demand.clauses)

EXCEPTIONS: frozenset[str] = frozenset(
    "payroll merchant campus family gig resale migrant own_move finance shared_net hotline fleet agency "
    "crypto_hobby identity_theft shop_refund old_account new_phone repair_shop travel shared_host".split()
)
"""Names of exception files: innocent explanations that a rule's findings are held against (DOMAIN 5)."""
