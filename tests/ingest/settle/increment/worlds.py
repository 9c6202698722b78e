"""Small random worlds full of what makes increments hard; every name and number is invented."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import strategies as st

from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables
from ingest.load import load_files
from ingest.settle import settle
from ingest.settle.increment.run import settle_few
from ingest.settle.outcome import Settled
from ingest.writer import one_writer
from tests.ingest.build import CARD_A, CARD_B, A, B, C, write_text
from tests.ingest.parser import shared_parser

D = "88040001000000004"
NUMBERS = (A, B, C, D, CARD_A, CARD_B)
SHEET = (
    "交易卡号", "交易账号", "账户开户名称", "交易时间", "交易金额", "交易余额", "收付标志",
    "交易对手账卡号", "对手户名",
    "对手开户银行", "现金标志", "交易流水号", "摘要说明", "交易是否成功", "商户号", "商户名称",
    "交易网点代码", "反馈单位地区",
)  # fmt: skip
_TIMES = (
    "2024-03-04 10:00:00", "2024-03-04 10:00:40", "2024-03-04 10:01:55", "2024-03-04 10:30:00", "2024-03-05",
    "2024-03-06 09:00:00",
)  # fmt: skip
_OTHERS: Mapping[str, tuple[str, ...]] = {
    "账户信息.csv": (
        "账号",
        "卡号",
        "户名",
        "证件号码",
        "开户行",
        "开户时间",
        "余额",
        "查询时间",
        "预留手机",
    ),
    "登录日志.csv": ("平台", "账号", "登录时间", "IP", "IMEI", "昵称", "绑定手机"),
    "案件.csv": ("案件编号", "区域", "付款账户", "收款账户", "金额", "转账时间", "来电"),
    "查控.csv": ("查控单号", "账号", "措施", "执行起始"),
    "名单.csv": ("对象类型", "标识", "名单类型", "认定机关", "起", "止"),
    "线索.csv": ("线索号", "收到时间", "渠道", "涉及号码/账户"),
    "机主.csv": ("号码", "机主", "证件号码", "入网时间"),
}


def _one(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(values)


_AMOUNT, _NUMBER, _PHONE = (
    _one("1.00", "2.00", "5.00"),
    _one(*NUMBERS),
    _one("", "13900000001", "13900000002"),
)
_DAY = _one("2024-01-02", "2024-02-03")
_ID = _one("990101199001010011", "990101199001010020")
_SHEET_ROW = st.tuples(
    _one("", "", CARD_A, CARD_B), _one(A, B, C, D, A, B, C, D, ""), _one("", "虚构甲", "虚构乙"),
    _one(*_TIMES), _AMOUNT,
    _one("", "10.00", "9.00", "8.00", "11.00"), _one("出", "出", "进", "进", ""),
    _one(*NUMBERS, *NUMBERS, ""), _one("", "虚构丙"), _one("", "样例银行"), _one("", "是"),
    _one("", "", "S1", "S2"), _one("转账", "转账", "现金", "冲正"), _one("成功", "成功", "成功", "失败"),
    _one("", "M1"), _one("", "虚构商户"), _one("", "N1"), _one("", "000000", "990100"),
).filter(lambda row: bool(row[0] or row[1]))  # fmt: skip
_ROWS: Mapping[str, st.SearchStrategy[tuple[str, ...]]] = {
    "账户信息.csv": st.tuples(
        _one(A, B, C, D, ""), _one("", CARD_A, CARD_B), _one("虚构甲", "虚构乙"), _ID, _one("",
        "样例银行"), _DAY,
        _one("", "9.00"), _one("", "2024-03-05 00:00:00", "2024-03-07 00:00:00"), _PHONE,
    ).filter(lambda row: bool(row[0] or row[1])),
    "登录日志.csv": st.tuples(
        _one("样例平台"), _NUMBER, _one(*_TIMES[:3]), _one("203.0.113.7"), _one("", "D-1"), _one("",
        "虚构"), _PHONE
    ),
    "案件.csv": st.tuples(
        _one("A1", "A2"), _one("990100"), _one("", *NUMBERS), _NUMBER, _AMOUNT, _one(*_TIMES[:3]), _PHONE
    ),
    "查控.csv": st.tuples(_one("K1", "K2", "K3"), _NUMBER, _one("止付"), _one(*_TIMES[:3])),
    "名单.csv": st.tuples(
        _one("银行账户", "个人", "未知"), _NUMBER, _one("惩戒"), _one("虚构机关"), _one("2024-01-01"),
        _one("2025-01-01")
    ),
    "线索.csv": st.tuples(
        _one("T1", "T2"), _one(*_TIMES[:2]), _one("热线"),
        st.lists(_NUMBER, min_size=1, max_size=2).map(" ".join)
    ),
    "机主.csv": st.tuples(_one("13900000001", "13900000002"), _one("虚构甲", "虚构乙"), _ID, _DAY),
}  # fmt: skip
sheets = st.lists(_SHEET_ROW, min_size=1, max_size=8)
others = st.fixed_dictionaries({name: st.lists(rows, max_size=3) for name, rows in _ROWS.items()})
Sheet = Sequence[Sequence[str]]


class World:
    """A lake that is given files one after the other."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="duanlian-increment-"))
        self.home = LakeHome(self._folder / "var")
        self._files = 0

    def __enter__(self) -> "World":
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder)

    def load(self, rows: Sheet, name: str = "sheet.csv", header: Sequence[str] = SHEET) -> None:
        """Load one file; rows that can't be read wait in quarantine."""
        self._files += 1
        path = write_text(self._folder / f"{self._files}-{name}", header, rows, ";")
        load_files(self.home, [path], parser=shared_parser())

    def load_others(self, rows: Mapping[str, Sheet]) -> None:
        """Load registers, logins, cases, orders, lists and tips."""
        for name, some in rows.items():
            if some:
                self.load(some, name, _OTHERS[name])

    def settle_few(self) -> Settled | None:
        """Settle the new sheets alone, however many they are."""
        with one_writer(self.home, ledger_may_be_behind=True) as ledger:
            return settle_few(self.home, ledger, share=1e9)

    def anew(self) -> Settled:
        """What a copy of this lake gives when all its tables are made anew."""
        copy = LakeHome(self._folder / "copy")
        shutil.copytree(self.home.root, copy.root)
        settled = settle(copy, anew=True)
        frames = frames_of(settled.tables)
        shutil.rmtree(copy.root)
        self.expected = frames
        return settled


def frames_of(tables: LakeTables) -> dict[str, pl.DataFrame]:
    """Every table with rows, in one order."""
    frames = {name: tables.frame(name) for name, count in tables.rows.items() if count}
    return {name: frame.sort(frame.columns, nulls_last=True) for name, frame in frames.items()}


def plain(value: Any) -> Any:
    """A report as its JSON reads: pairs are lists."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def must_equal(few: Settled, world: World) -> None:
    """Tables, digest, custody, counts and report are those of the same lake settled anew."""
    anew = world.anew()
    found = frames_of(few.tables)
    assert set(found) == set(world.expected)
    for name, frame in world.expected.items():
        assert found[name].equals(frame), name
    assert few.tables.digest == anew.tables.digest
    assert few.tables.rows == anew.tables.rows
    assert plain(few.report) == plain(anew.report)
