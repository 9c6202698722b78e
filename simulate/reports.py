"""What police and banks know already: victims' reports, tip-offs, lists and control orders."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from simulate import names
from simulate.accounts import World
from simulate.clock import DAY, HOUR, START
from simulate.files import write_csv
from simulate.laundering import FRAUD_TYPES, Case
from simulate.people import CITY_CODES
from simulate.ring import Ring
from simulate.sims import Sims

ControlRow = dict[str, str]


def _text(second: int) -> str:
    return str(np.datetime64(second, "s")).replace("T", " ")


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def case_number(case: Case) -> str:
    """Number of a case; the report has the same running number."""
    return f"A9901{case.index + 1:08d}"


def write_cases(world: World, cases: list[Case], folder: Path) -> tuple[str, int]:
    """One line a payment of each victim; the told time is up to two hours off, in whole minutes."""
    rng = world.settings.stream("reports")
    people, accounts = world.people, world.accounts
    lines = []
    for case in cases:
        city = int(people.live_city[case.victim])
        filed = case.payments[-1].at + int(rng.integers(2, 72)) * HOUR
        caller = str(case.caller) if case.caller >= 0 and rng.random() < 0.6 else ""
        for payment in case.payments:
            told = (payment.at + int(rng.integers(-2 * HOUR, 2 * HOUR))) // 60 * 60
            cited = accounts.cards[payment.payee] or accounts.numbers[payment.payee]
            lines.append(
                {
                    "案件编号": case_number(case),
                    "类型": FRAUD_TYPES[case.kind],
                    "立案单位": f"{names.CITY_NAMES[city]}公安局样例分局（虚构）",
                    "区域": str(CITY_CODES[city]),
                    "立案时间": _text(filed + 6 * HOUR),
                    "状态": "在侦",
                    "警情号": f"J9901{case.index + 1:08d}",
                    "受害人": people.names[case.victim],
                    "证件": people.ids[case.victim],
                    "年龄": str(2024 - int(people.birth_year[case.victim])),
                    "职业": names.JOBS[int(people.job[case.victim])],
                    "付款账户": accounts.cards[payment.account] or accounts.numbers[payment.account],
                    "收款账户": cited,
                    "金额": _yuan(payment.amount_fen),
                    "转账时间": _text(told),
                    "来电": caller,
                    "网址/APP": f"app{case.ring + 1}.example.invalid" if rng.random() < 0.4 else "",
                }
            )
    path = folder / "cases_警情.csv"
    write_csv(path, pl.DataFrame(lines))
    return path.name, len(lines)


def write_tips(world: World, rings: list[Ring], sims: Sims, folder: Path) -> tuple[str, int]:
    """Tip-offs from invented informants; some true, some about honest people."""
    rng = world.settings.stream("tips")
    lines = []
    informants = names.person_names(rng, len(rings) * 2 + 4)
    for number in range(len(rings) * 2 + 4):
        ring = rings[number % len(rings)]
        if number % 3 == 2:
            person = int(rng.integers(0, world.people.locals_))
            about, content = str(world.people.phone[person]), "邻居生活阔绰，怀疑有问题（虚构内容）"
        elif number % 3 == 1:
            about, content = str(sims.goip[(ring.index, 0)][0].number), "该号码多次推销刷单（虚构内容）"
        else:
            card = ring.cards[int(rng.integers(0, len(ring.cards)))]
            about = world.accounts.cards[card.account] or world.accounts.numbers[card.account]
            content = "有人出租银行卡（虚构内容）"
        lines.append(
            {
                "线索号": f"T9901{number + 1:06d}",
                "收到时间": _text(START + int(rng.integers(0, world.settings.days)) * DAY + 10 * HOUR),
                "渠道": ("电话", "网络", "来访")[number % 3],
                "内容": content,
                "涉及号码": about,
                "举报人": f"虚构举报人{number + 1}{informants[number]}",
                "举报人电话": str(15_499_000_000 + number),
            }
        )
    path = folder / "tips_举报线索.csv"
    write_csv(path, pl.DataFrame(lines))
    return path.name, len(lines)


def write_lists(world: World, rings: list[Ring], folder: Path) -> tuple[str, int]:
    """List entries: a few ring members, people from older cases, expired and appealed entries."""
    rng = world.settings.stream("lists")
    people = world.people
    listed = [
        person
        for ring in rings
        for person in (ring.members["card_provider"][0], ring.members["cash_crew"][0])
    ]
    listed += [int(p) for p in rng.integers(0, people.locals_, len(listed) + 5)]
    lines = []
    for number, person in enumerate(listed):
        start = START - int(rng.integers(20, 900)) * DAY
        length = (2, 3)[number % 2] * 365 if number % 4 else 15
        lines.append(
            {
                "对象类型": "个人",
                "标识": people.ids[person],
                "名单类型": ("惩戒名单", "涉案账户名单")[number % 2],
                "认定机关": f"{names.CITY_NAMES[int(people.home_city[person])]}公安局（虚构）",
                "文号": f"虚公惩字第{number + 1}号",
                "起": _text(start)[:10],
                "止": _text(start + length * DAY)[:10],
                "申诉状态": "申诉成功" if number % 9 == 8 else "无申诉",
            }
        )
    path = folder / "lists_名单.csv"
    write_csv(path, pl.DataFrame(lines))
    return path.name, len(lines)


def control_row(world: World, number: str, account: int, at: int, city: int) -> ControlRow:
    """A freeze of half a year that took hold at a local second, as one row of the controls file."""
    return {
        "查控单号": number,
        "账号": world.accounts.numbers[account],
        "措施": "冻结",
        "文书号": f"虚公（{names.CITY_NAMES[city]}）冻字{number[-4:]}号",
        "申请限额": _yuan(10_000_000),
        "执行金额": _yuan(100),
        "余额": _yuan(100),
        "可用余额": "0.00",
        "执行起始": _text(at),
        "结束": _text(at + 182 * DAY),
        "方式": "01",
        "未能冻结原因": "",
        "在先冻结机关": "",
        "在先冻结金额": "",
        "在先冻结截止": "",
    }


def write_controls(
    world: World, cases: list[Case], folder: Path, more: Sequence[ControlRow] = ()
) -> tuple[str, int]:
    """Stops and freezes of payees of the first payments, placed hours after the report; some came too
    late. `more` rows stand behind them."""
    rng = world.settings.stream("controls")
    lines: list[ControlRow] = []
    for case in cases[::2]:
        payment = case.payments[0]
        start = payment.at + int(rng.integers(3, 30)) * HOUR
        frozen = case.index % 4 == 0
        held = payment.amount_fen // int(rng.integers(4, 40)) if rng.random() < 0.5 else 0
        earlier = rng.random() < 0.1
        city = int(world.people.live_city[case.victim])
        lines.append(
            {
                "查控单号": f"K9901{case.index + 1:07d}",
                "账号": world.accounts.numbers[payment.payee],
                "措施": "冻结" if frozen else "止付",
                "文书号": f"虚公（{names.CITY_NAMES[city]}）止字{case.index + 1}号",
                "申请限额": _yuan(payment.amount_fen),
                "执行金额": _yuan(held),
                "余额": _yuan(held),
                "可用余额": "0.00",
                "执行起始": _text(start),
                "结束": _text(start + (182 * DAY if frozen else 2 * DAY)),
                "方式": "01" if case.index % 3 else "02",
                "未能冻结原因": "" if held else "余额不足",
                "在先冻结机关": "样东市公安局（虚构）" if earlier else "",
                "在先冻结金额": "1000.00" if earlier else "",
                "在先冻结截止": _text(start + 90 * DAY) if earlier else "",
            }
        )
    lines += more
    path = folder / "controls_查控.csv"
    write_csv(path, pl.DataFrame(lines))
    return path.name, len(lines)
