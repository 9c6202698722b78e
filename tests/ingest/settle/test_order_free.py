"""The tables depend on the set of rows only: not on order, splits, repeats or layouts of files."""

import random
import shutil
from pathlib import Path

import pytest

from tests.ingest.build import CARD_A, CARD_B, A, B, C, digest, load, only, sheet_row, write_sheet, write_text

NUMBERS = (A, B, C, CARD_A, CARD_B)


def world(seed: int, count: int = 60) -> list[tuple[str, ...]]:
    """Rows of both sides with overlaps, reversals, failures and equal instants."""
    chance = random.Random(seed)
    rows = []
    for index in range(count):
        own, peer = chance.sample(NUMBERS[:3], 2)
        at = f"2024-03-{chance.randint(4, 6):02d} 10:00:{chance.randint(0, 59):02d}"
        amount = f"{chance.choice((5, 5, 7, 120))}.00"
        memo = chance.choice(("转账", "转账", "冲正"))
        success = chance.choice(("成功", "成功", "成功", "失败"))
        balance = f"{chance.randint(1, 900)}.00"
        serial = chance.choice((f"S{index}", ""))
        row = sheet_row(own, peer, amount, chance.choice("进出"), at, balance, serial, memo, success=success)
        rows += [row, sheet_row(peer, own, amount, "进" if row[5] == "出" else "出", at, "", "", memo)]
    return [*rows, sheet_row(A, CARD_B, card=CARD_A), sheet_row(B, CARD_A, card=CARD_B, direction="进")]


@pytest.mark.parametrize("seed", range(6))
def test_order_split_repeat_and_unload_leave_one_digest(tmp_path: Path, seed: int) -> None:
    chance, rows = random.Random(seed), world(seed)
    whole = tmp_path / "whole"
    load(whole, write_sheet(tmp_path / "whole.csv", rows))
    parts: list[Path] = []
    shuffled = chance.sample(rows, len(rows))
    cuts = sorted(chance.sample(range(1, len(rows)), 3))
    for index, (first, last) in enumerate(zip([0, *cuts], [*cuts, len(rows)], strict=True)):
        piece = shuffled[max(0, first - 5) : last]  # neighbouring parts overlap
        parts.append(write_sheet(tmp_path / f"part{index}.csv", piece, chance.choice(("utf-8", "gb18030"))))
    split = tmp_path / "split"
    load(split, *chance.sample(parts, 2))
    extra = only(load(split, write_sheet(tmp_path / "extra.csv", [sheet_row(amount="999.00")])))
    load(split, *parts)
    from graph.lake.home import lake_home
    from ingest.unload import unload

    unload(lake_home(split), extra.sha256)
    load(split)
    assert digest(split) == digest(whole)


def test_the_same_table_in_other_layouts_gives_the_same_digest(tmp_path: Path) -> None:
    header = ("姓名", "证件号码", "手机号")
    rows = [(f"周拟{i}", f"99010119910319976{i}", "15400003268") for i in range(9)]
    found = set()
    for index, (encoding, delimiter, order) in enumerate(
        [
            ("utf-8", ",", (0, 1, 2)),
            ("gb18030", "\t", (2, 0, 1)),
            ("utf-8-sig", ";", (1, 2, 0)),
            ("utf-16", "|", (0, 2, 1)),
        ]
    ):
        cells = [tuple(row[i] for i in order) for row in rows]
        path = write_text(tmp_path / f"{index}.csv", [header[i] for i in order], cells, delimiter, encoding)
        root = tmp_path / f"var{index}"
        load(root, path)
        found.add(digest(root))
        shutil.rmtree(root)
    assert len(found) == 1
