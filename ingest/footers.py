"""Tells the notes under a table (注：, 制表人：) from its rows, so that they are counted apart."""

import re
from dataclasses import replace

import polars as pl

from ingest.readers.grid import Grid
from ingest.reasons import Reason
from ingest.template import Template

# What a note begins with. Only these words: a row that merely looks odd is rejected, never taken for a note.
_LABELS = (
    r"注|附注|备注|说明|提示|温馨提示|声明|免责声明"
    r"|(?:制表|打印|导出|生成|查询|填表|报送|下载)(?:人|人员|单位|机构|网点|柜员|日期|时间|次数|编号)?"
    r"|(?:经办|复核|审核|审批|负责|联系)(?:人|人员|电话)?|单位负责人|盖章|页码|页数"
)
_NOTE = (
    rf"^\s*[（(【\[*※]*\s*(?:{_LABELS})\s*[0-9]{{0,2}}\s*[:：]"
    r"|^[\s\-—=*]*(?:以下空白|以下无正文|(?:报表|数据|查询结果|明细)(?:到此)?结束)[\s\-—=*。]*$"
    r"|^\s*(?:以上|上述)(?:数据|信息|内容|明细|记录|交易)[^0-9]*$"
    r"|^\s*第\s*[0-9]+\s*页(?:\s*[，/]?\s*共\s*[0-9]+\s*页)?\s*$"
    r"|^\s*共\s*[0-9]+\s*[页笔条行](?:记录|数据|明细)?[\s。]*$"
)
_MOST_CELLS = 4
# A line of text is one cell only if nothing in it could part fields or quote them.
_PARTED = re.compile(r'[,;|\t"]')
_ONE_CELL = re.compile(_NOTE)


def without_notes(grid: Grid, template: Template) -> tuple[Grid, int]:
    """The grid without its notes, and how many there were; no notes, the grid as it is.

    A note is a row whose first cell is filled and whose few filled cells all begin with a word of notes; of
    delimited text also a line that is one such cell. Tip-offs have no notes: what somebody wrote stays a row.
    """
    if template.has_vault:
        return grid, 0
    cells, faults = _rows(grid.cells), _lines(grid)
    found = cells.height + faults.height
    if not found:
        return grid, 0
    kept = grid.cells.join(cells, on="line", how="anti", maintain_order="left")
    left = grid.faults.join(faults, on="line", how="anti", maintain_order="left")
    return replace(grid, cells=kept, faults=left), found


def _rows(cells: pl.DataFrame) -> pl.DataFrame:
    """`line` of the rows that are notes."""
    names = [name for name in cells.columns if name != "line"]
    # Few rows are nearly empty: only those are looked at sign by sign.
    filled = pl.sum_horizontal(pl.col(name).is_not_null() for name in names)
    few = cells.filter((filled <= _MOST_CELLS) & pl.col(names[0]).is_not_null())
    note = pl.all_horizontal(pl.col(name).is_null() | pl.col(name).str.contains(_NOTE) for name in names)
    return few.filter(note).select("line")


def _lines(grid: Grid) -> pl.DataFrame:
    """`line` of lines that lack fields and are nothing but one note."""
    short = grid.faults.filter(pl.col("code") == Reason.FIELD_COUNT.value)
    encoding = grid.encoding.removesuffix("-sig")
    texts = [bytes.fromhex(raw).decode(encoding, "ignore") for raw in short["raw"].to_list()]
    notes = [_ONE_CELL.search(text) is not None and _PARTED.search(text) is None for text in texts]
    return short.filter(pl.Series(notes, dtype=pl.Boolean)).select("line")
