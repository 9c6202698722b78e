"""Each stored value leads to its cell, read independently, and equals it or says what was done to it."""

import csv
import random
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph.lake.home import lake_home
from ingest.batch import read_batches
from ingest.citation import original_row
from ingest.ledger import FileRecord, Ledger
from ingest.template import template, template_body
from tests.ingest.build import CARD_A, SHEET, A, B, C, load

SHANGHAI = timezone(timedelta(hours=8))
FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y%m%d%H%M%S")
ROWS = 40
FIELDS = {
    "own_card": "交易卡号", "own_account": "交易账号", "time": "交易时间", "amount": "交易金额",
    "balance": "交易余额", "direction": "收付标志", "peer_account": "交易对手账卡号",
    "serial": "交易流水号", "memo": "摘要说明", "success": "交易是否成功",
}  # fmt: skip


def odd(text: str, draw: random.Random) -> str:
    """A number as people and programs write it: with blanks, invisibles, full-width digits, or plain."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    middle = len(text) // 2
    ways = (
        text,
        text,
        text,
        f"\t{text}",
        f"{text} ",
        f"\u200b{text}",
        text.translate(wide),
        f"{text[:middle]}\u200b{text[middle:]}",
    )
    return draw.choice(ways)


def lines(seed: int) -> list[list[str]]:
    draw = random.Random(seed)
    made = []
    for number in range(ROWS):
        at = datetime(2024, 3, 4, 10, tzinfo=SHANGHAI) + timedelta(minutes=7 * number)
        fen = draw.randint(1, 10**9)
        amount = draw.choice(
            [f"{fen // 100}.{fen % 100:02d}", f"{fen // 100:,}.{fen % 100:02d}", f"{fen // 100}"]
        )
        made.append(
            [
                draw.choice(["", CARD_A]),
                odd(draw.choice([A, B]), draw),
                at.strftime(draw.choice(FORMATS)),
                amount,
                draw.choice(["", "5,000.10"]),
                draw.choice(["出", "进"]),
                odd(C, draw),
                draw.choice(["", f"00{number}", f"Ｓ-{number}", f"00 {number}"]),
                draw.choice(["转账", "NA", "虚构=1", "1e5"]),
                "成功",
            ]
        )
    return made


def write(path: Path, rows: list[list[str]]) -> Path:
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "明细"
        for number, cells in enumerate([list(SHEET), *rows]):
            plain = number and cells[3].replace(".", "").isdigit()
            sheet.append([float(c) if plain and at == 3 else c for at, c in enumerate(cells)])
        book.save(path)
        return path
    encoding = "gb18030" if path.stem == "gb" else "utf-8-sig"
    with path.open("w", encoding=encoding, newline="") as handle:
        csv.writer(handle).writerows([SHEET, *rows])
    return path


def read(path: Path, row: int) -> dict[str, str]:
    """A data row by the library that is not the product's; blank cells left out."""
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path, data_only=True)["明细"]
        cells = [
            "" if c is None else str(c) for c in next(sheet.iter_rows(row + 1, row + 1, values_only=True))
        ]
    else:
        encoding = "gb18030" if path.stem == "gb" else "utf-8-sig"
        with path.open(encoding=encoding, newline="") as handle:
            cells = list(csv.reader(handle))[row]
    return {title: text for title, text in zip(SHEET, cells, strict=True) if text.strip()}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[Path, FileRecord]]:
    folder = tmp_path_factory.mktemp("traced")
    paths = [
        write(folder / name, lines(seed)) for seed, name in enumerate(("plain.csv", "gb.csv", "book.xlsx"))
    ]
    result = load(folder / "var", *paths)
    assert [(r.state, r.rows_in, r.rejected) for r in result.records] == [("loaded", ROWS, 0)] * 3
    return folder / "var", dict(zip(paths, result.records, strict=True))


def stored(root: Path, record: FileRecord) -> list[dict[str, Any]]:
    home = lake_home(root)
    with closing(Ledger(home)) as ledger:
        mine = [batch for batch in ledger.batches() if batch.sha256 == record.sha256]
    return list(read_batches(home, mine, "bank_sheet").iter_rows(named=True))


def same(said: str, read_so: str) -> bool:
    """Equal texts, or one number as two readers print it."""
    if said == read_so.strip():
        return True
    return said.replace(".", "").isdigit() and Decimal(said) == Decimal(read_so)


def test_a_cited_row_is_what_the_file_says_there(loaded: tuple[Path, dict[Path, FileRecord]]) -> None:
    root, files = loaded
    draw = random.Random(1)
    for path, record in files.items():
        rows = stored(root, record)
        assert sorted(row["row"] for row in rows) == list(range(1, ROWS + 1))
        for row in draw.sample(rows, 8):
            assert row["line"] == row["row"] + 1
            found = original_row(lake_home(root), record.sha256, row["row"], full=True)
            wanted = read(path, row["row"])
            assert found.keys() == wanted.keys()
            assert all(same(found[title], wanted[title]) for title in found)


def test_the_template_that_read_a_sheet_is_kept_word_for_word(
    loaded: tuple[Path, dict[Path, FileRecord]],
) -> None:
    root, files = loaded
    with closing(Ledger(lake_home(root))) as ledger:
        for record in files.values():
            (sheet,) = ledger.sheets(record.sha256)
            assert {field: title for field, (_, title) in sheet.columns.items()} == FIELDS
            assert sheet.content == template("bank_sheet").content
            assert ledger.layout_body(sheet.content) == template_body(template("bank_sheet"))


def test_no_value_changes_without_saying_so(loaded: tuple[Path, dict[Path, FileRecord]]) -> None:
    root, files = loaded
    changed = 0
    for path, record in files.items():
        for row in stored(root, record):
            cells = read(path, row["row"])
            flags = set((row["flags"] or "").split())
            for field in ("own_card", "own_account", "peer_account", "serial", "memo"):
                # Blanks and tabs around a value are no part of it in any column (DOMAIN.md 3).
                text, value = cells.get(FIELDS[field], "").strip(" \t"), row[field]
                if (text or None) != value:
                    changed += 1
                    assert f"NORMALISED@{field}" in flags, (path.name, row["row"], field, text, value)
            assert row["amount"] == Decimal(cells["交易金额"].replace(",", "")) * 100
            assert (row["balance"] is None) == ("交易余额" not in cells)
            assert row["time"] == instant(cells["交易时间"])
    assert changed > ROWS


def instant(text: str) -> datetime:
    for known in FORMATS:
        try:
            return datetime.strptime(text, known).replace(tzinfo=SHANGHAI).astimezone(UTC)
        except ValueError:
            continue
    raise AssertionError(text)
