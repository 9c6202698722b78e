"""Sums by province and city, by the codes of GB/T 2260; what has no such code is counted and said."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from graph.lake.tables import LakeTables

PROVINCES: dict[str, tuple[str, str, str, int, int]] = {
    "11": ("京", "北京", "Beijing", 2, 7), "12": ("津", "天津", "Tianjin", 2, 8),
    "13": ("冀", "河北", "Hebei", 3, 7), "14": ("晋", "山西", "Shanxi", 2, 6),
    "15": ("蒙", "内蒙古", "Inner Mongolia", 1, 6), "21": ("辽", "辽宁", "Liaoning", 2, 9),
    "22": ("吉", "吉林", "Jilin", 1, 9), "23": ("黑", "黑龙江", "Heilongjiang", 0, 9),
    "31": ("沪", "上海", "Shanghai", 4, 8), "32": ("苏", "江苏", "Jiangsu", 4, 7),
    "33": ("浙", "浙江", "Zhejiang", 5, 7), "34": ("皖", "安徽", "Anhui", 4, 6),
    "35": ("闽", "福建", "Fujian", 6, 6), "36": ("赣", "江西", "Jiangxi", 5, 6),
    "37": ("鲁", "山东", "Shandong", 3, 8), "41": ("豫", "河南", "Henan", 3, 6),
    "42": ("鄂", "湖北", "Hubei", 4, 5), "43": ("湘", "湖南", "Hunan", 5, 5),
    "44": ("粤", "广东", "Guangdong", 6, 5), "45": ("桂", "广西", "Guangxi", 6, 4),
    "46": ("琼", "海南", "Hainan", 7, 4), "50": ("渝", "重庆", "Chongqing", 4, 4),
    "51": ("川", "四川", "Sichuan", 4, 3), "52": ("黔", "贵州", "Guizhou", 5, 4),
    "53": ("滇", "云南", "Yunnan", 5, 3), "54": ("藏", "西藏", "Xizang", 3, 1),
    "61": ("陕", "陕西", "Shaanxi", 3, 5), "62": ("甘", "甘肃", "Gansu", 2, 3),
    "63": ("青", "青海", "Qinghai", 3, 2), "64": ("宁", "宁夏", "Ningxia", 2, 4),
    "65": ("新", "新疆", "Xinjiang", 1, 1), "71": ("台", "台湾", "Taiwan", 6, 8),
    "81": ("港", "香港", "Hong Kong", 7, 6), "82": ("澳", "澳门", "Macao", 7, 5),
}  # fmt: skip
"""First two digits -> sign, names, row and column of its tile: rough places in a grid, no borders."""
_CODE = r"^[0-9]{6}$"


class Counted(StrEnum):
    """What is counted by region."""

    VICTIMS = "victims"  # reports, by the region of the report
    MULES = "mules"  # mule accounts, by the first digits of their holders' identity numbers
    HOLDERS = "holders"  # persons with accounts, by the same
    BANKS = "banks"  # accounts, by the region of the branch that opened them
    CELLS = "cells"  # base stations


@dataclass(frozen=True, slots=True)
class Regions:
    """count: rows by six-digit code; fen: their sum where there is money. outside: codes of no province.

    unknown: rows without a code. An invented world uses codes that no province has.
    """

    count: dict[str, int]
    fen: dict[str, int]
    outside: int
    unknown: int

    def province(self, code: str) -> tuple[int, int]:
        """How many rows and fen lie in a province."""
        return _sum(self.count, code), _sum(self.fen, code)

    def cities(self, code: str) -> list[tuple[str, int, int]]:
        """(four-digit code, rows, fen) of a province or of other codes that begin so, most rows first."""
        found: dict[str, tuple[int, int]] = {}
        for region, rows in self.count.items():
            if region.startswith(code):
                before = found.get(region[:4], (0, 0))
                found[region[:4]] = before[0] + rows, before[1] + self.fen.get(region, 0)
        return sorted(((city, *sums) for city, sums in found.items()), key=lambda one: (-one[1], one[0]))


def regions(tables: LakeTables, what: Counted, mules: Sequence[str] = ()) -> Regions:
    """What lies in which region; `mules` are the accounts that count as such. No rows give empty sums."""
    return _summed(_coded(tables, what, mules).collect())


def _coded(tables: LakeTables, what: Counted, mules: Sequence[str]) -> pl.LazyFrame:
    """One row a counted thing: code (null: unknown), fen."""
    none = pl.lit(None, pl.Int64).alias("fen")
    if what is Counted.VICTIMS:
        return tables.scan("Report").select(pl.col("region").alias("code"), pl.col("amount_fen").alias("fen"))
    if what is Counted.CELLS:
        return tables.scan("Cell").select(pl.col("region").alias("code"), none)
    if what is Counted.BANKS:
        branches = tables.scan("Branch").select(pl.col("key").alias("branch"), pl.col("region").alias("code"))
        return (
            tables.scan("Account")
            .select("branch")
            .join(branches, on="branch", how="left")
            .select("code", none)
        )
    holds = tables.scan("HOLDS").filter((pl.col("from_type") == "Person") & (pl.col("to_type") == "Account"))
    if what is Counted.MULES:
        wanted = pl.LazyFrame({"to_key": list(mules)}, schema={"to_key": pl.String})
        holds = wanted.unique().join(holds.select("to_key", "from_key"), on="to_key", how="left")
        holds = holds.sort("from_key").unique("to_key", keep="first", maintain_order=True)
    else:
        holds = holds.select("from_key").unique()
    whole = pl.col("from_key").str.contains(r"^[0-9]{17}[0-9X]$")
    return holds.select(pl.when(whole).then(pl.col("from_key").str.slice(0, 6)).alias("code"), none)


def _summed(rows: pl.DataFrame) -> Regions:
    known = pl.col("code").str.contains(_CODE) & (pl.col("code") != "000000")
    coded = rows.filter(known.fill_null(False))
    sums = coded.group_by("code").agg(pl.len().alias("n"), pl.col("fen").sum()).sort("code")
    count = dict(sums.select("code", "n").iter_rows())
    fen = {code: own for code, own in sums.select("code", "fen").iter_rows() if own}
    outside = sum(n for code, n in count.items() if code[:2] not in PROVINCES)
    return Regions(count, fen, outside, rows.height - coded.height)


def _sum(of: dict[str, int], code: str) -> int:
    return sum(n for region, n in of.items() if region.startswith(code))
