"""A small world written once, and readers for its files that share no code with the writers."""

import csv
import io
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import openpyxl

Row = dict[str, str]
NAMES = {
    "serial": ("交易流水号",),
    "account": ("交易账号", "本方账号"),
    "time": ("交易时间",),
    "amount": ("交易金额",),
    "balance": ("交易余额",),
    "direction": ("收付标志", "借贷标志"),
    "peer": ("交易对手账卡号", "对方账号"),
    "success": ("交易是否成功",),
    "memo": ("摘要说明", "交易摘要"),
    "terminal": ("终端号",),
    "cash": ("现金标志",),
}
MONEY_IN = {"进", "贷", "收", "入", "C", "收入"}
FAILED = {"失败", "否", "N"}


@dataclass
class Sheet:
    """The rows of one bank, in file order, with plain field names."""

    bank: int
    rows: list[Row] = field(default_factory=list)


def read_table(path: Path) -> list[Row]:
    """Rows of a CSV (UTF-8 with BOM, else GB18030) or XLSX file; tabs behind identifiers are taken off."""
    if path.suffix == ".xlsx":
        rows: list[Row] = []
        for sheet in openpyxl.load_workbook(path, read_only=True).worksheets:
            lines = sheet.iter_rows(values_only=True)
            header = [str(cell) for cell in next(lines)]
            for line in lines:
                assert all(cell is None or isinstance(cell, str) for cell in line)
                rows.append({name: str(cell or "") for name, cell in zip(header, line, strict=False)})
        return rows
    data = path.read_bytes()
    text = data.decode("utf-8-sig") if data.startswith(b"\xef\xbb\xbf") else data.decode("gb18030")
    return [
        {k: v.strip("\t") for k, v in row.items()} for row in csv.DictReader(io.StringIO(text, newline=""))
    ]


@dataclass
class Written:
    """A written world; tables are read when first asked for."""

    folder: Path

    def truth(self, name: str) -> list[Row]:
        """Rows of a truth file."""
        with (self.folder / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def tables(self, start: str) -> list[Row]:
        """Rows of all files whose name starts so, in name order."""
        return [row for path in sorted(self.folder.glob(f"{start}*")) for row in read_table(path)]

    def sheets(self) -> list[Sheet]:
        """Bank sheets with plain field names, repeated rows of overlapping exports taken out."""
        found = []
        for bank in range(1, 7):
            sheet, seen = Sheet(bank), set()
            for row in self.tables(f"bank_sheet_{bank}_"):
                mark = tuple(row.values())
                if mark not in seen:
                    seen.add(mark)
                    sheet.rows.append(
                        {f: blank(next((row[h] for h in hs if h in row), "")) for f, hs in NAMES.items()}
                    )
            found.append(sheet)
        return found


def blank(text: str) -> str:
    """Empty text where a bank writes a dash."""
    return "" if text == "-" else text


@cache
def sheets_of(folder: Path) -> list[Sheet]:
    """The bank sheets of a world, read once."""
    return Written(folder).sheets()


def fen(text: str) -> int:
    """Fen of an amount text."""
    whole, part = text.removeprefix("-").replace(",", "").split(".")
    return (int(whole) * 100 + int(part)) * (-1 if text.startswith("-") else 1)


def second(text: str) -> int:
    """Local second of a time text in one of the two written formats."""
    form = "%Y-%m-%d %H:%M:%S" if "-" in text else "%Y%m%d%H%M%S"
    return int(datetime.strptime(text, form).replace(tzinfo=UTC).timestamp())
