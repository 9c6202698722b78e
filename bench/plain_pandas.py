"""The peer that ingest is measured against: a plain pandas script (C engine, all text) with the same checks.

`python -m bench.plain_pandas FOLDER OUT` reads the bank sheets of a folder, cleans and checks every column
that ingest checks, drops repeated rows, checks running balances, matches mirror rows and writes Parquet and
rejects, as an analyst who knows pandas would: vectorised where pandas can, a function a value where it can't.
"""

import hashlib
import re
import sys
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

EMPTY = {"", "-", "无", "NULL"}
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
ACCOUNT = re.compile(r"[A-Z]{0,4}[0-9]{4,32}")
SCIENTIFIC = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+")
PRIVATE = re.compile("[\ue000-\uf8ff]")
IPV4 = re.compile(r"([0-9]{1,3}\.){3}[0-9]{1,3}")
MAC = re.compile(r"[0-9a-f]{12}")
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
OUT, IN = {"出", "付", "支出", "借", "D", "转出"}, {"进", "入", "收", "收入", "贷", "C", "转入"}
YES = {"成功", "是", "Y", "1", "01", ""}
FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y/%m/%d %H:%M:%S")


def fields() -> dict[str, str]:
    """Field of each column name, from the template that ingest uses as well."""
    path = Path(__file__).parent.parent / "ingest" / "templates" / "bank_sheet.yml"
    columns = yaml.safe_load(path.read_text(encoding="utf-8"))["columns"]
    return {name: field for field, c in columns.items() for name in (c["header"], *c.get("aliases", ()))}


def kinds() -> dict[str, str]:
    """Kind of each field."""
    path = Path(__file__).parent.parent / "ingest" / "templates" / "bank_sheet.yml"
    columns = yaml.safe_load(path.read_text(encoding="utf-8"))["columns"]
    return {field: c["kind"] for field, c in columns.items()}


def luhn(text: str) -> bool:
    """ISO/IEC 7812-1."""
    total = 0
    for place, sign in enumerate(reversed(text)):
        digit = int(sign) * (1 + place % 2)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def account(text: str) -> tuple[str | None, str]:
    """Value and code of an account or card number."""
    if not text or text == "0":
        return None, ""
    text = text.translate(HALF_WIDTH).upper().replace(" ", "").replace("-", "")
    if SCIENTIFIC.fullmatch(text):
        return None, "SCIENTIFIC_TEXT"
    if "*" in text:
        return None, "MASKED"
    if not ACCOUNT.fullmatch(text):
        return None, "BAD_IDENTIFIER"
    if text.isdigit() and 16 <= len(text) <= 19 and text[0] in "3456" and not luhn(text):
        return (None, "SUSPECT_15_DIGIT") if set(text[15:]) == {"0"} else (text, "CHECK_DIGIT")
    return text, ""


def identity(text: str) -> tuple[str | None, str]:
    """Value and code of a certificate number."""
    if not text:
        return None, ""
    text = text.translate(HALF_WIDTH).upper().replace(" ", "")
    if len(text) == 18 and text[:17].isdigit():
        check = "10X98765432"[sum(int(d) * w for d, w in zip(text, ID_WEIGHTS, strict=False)) % 11]
        return text, "" if check == text[17] else "CHECK_DIGIT"
    return text, "UNKNOWN_SHAPE"


def money(text: str) -> tuple[int | None, str]:
    """Fen and code of an amount."""
    if not text:
        return None, ""
    try:
        fen = Decimal(text.translate(HALF_WIDTH).replace(",", "").strip("¥￥元")) * 100
    except InvalidOperation:
        return None, "BAD_AMOUNT"
    return (int(fen), "") if fen == int(fen) else (None, "BAD_AMOUNT")


def words(text: str) -> tuple[str | None, str]:
    """Value and code of a text."""
    if not text:
        return None, ""
    if text.isascii():
        return text, ""
    try:
        if any("\u0800" <= sign for sign in text.encode("gb18030").decode("utf-8")):
            return None, "MOJIBAKE"
    except UnicodeError:
        pass
    return text, "PRIVATE_USE" if PRIVATE.search(text) else ""


def address(text: str) -> tuple[str | None, str]:
    """Value and code of an IP address."""
    return (text or None, "" if not text or IPV4.fullmatch(text) else "UNKNOWN_SHAPE")


def hardware(text: str) -> tuple[str | None, str]:
    """Value and code of a MAC address."""
    bare = text.translate(HALF_WIDTH).replace(":", "").replace("-", "").lower()
    return (bare or None, "" if not bare or MAC.fullmatch(bare) else "UNKNOWN_SHAPE")


CLEANERS: dict[str, Callable[[str], tuple[Any, str]]] = {
    "account": account, "peer": account, "id": identity, "money": money, "name": words, "text": words,
    "code": words, "ip": address, "mac": hardware,
}  # fmt: skip
REJECT = {"SCIENTIFIC_TEXT", "SUSPECT_15_DIGIT", "BAD_AMOUNT", "MOJIBAKE"}


def read(path: Path) -> pd.DataFrame:
    """One CSV as text under the template's field names."""
    data = path.read_bytes()
    try:
        data.decode("utf-8-sig")
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        data.decode("gb18030")
        encoding = "gb18030"
    frame = pd.read_csv(
        path, dtype=str, keep_default_na=False, na_filter=False, encoding=encoding, engine="c"
    )
    names = fields()
    frame = frame.rename(columns=lambda name: names.get(name.strip(), name.strip()))
    return frame[[c for c in frame.columns if c in set(names.values())]]


def clean(frame: pd.DataFrame, source: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cleaned rows and rejects of one file."""
    by_kind, bad = kinds(), pd.Series("", index=frame.index)
    made: dict[str, Any] = {}
    for field in frame.columns:
        text = frame[field].str.strip(" \t\r\n\"'“”‘’　")
        text = text.where(~text.isin(EMPTY), "")
        kind = by_kind[field]
        if kind in CLEANERS:
            pairs = [CLEANERS[kind](one) for one in text]
            made[field] = [value for value, _ in pairs]
            codes = pd.Series([code for _, code in pairs], index=frame.index)
            own = codes.eq("BAD_IDENTIFIER") | codes.eq("MASKED") if kind == "account" else False
            bad = bad.where(bad.ne("") | ~(codes.isin(REJECT) | own), codes)
        elif kind == "time":
            at = pd.Series(pd.NaT, index=frame.index)
            for form in FORMATS:
                at = at.fillna(pd.to_datetime(text.where(at.isna()), format=form, errors="coerce"))
            made[field] = at.dt.tz_localize("Asia/Shanghai").dt.tz_convert("UTC")
            bad = bad.where(bad.ne("") | at.notna(), "BAD_TIME")
        elif kind == "direction":
            made[field] = text.map(lambda one: "out" if one in OUT else "in" if one in IN else None)
        elif kind == "success":
            made[field] = text.isin(YES)
        else:
            made[field] = text
    rows = pd.DataFrame(made, index=frame.index)
    parts = ["\x1f".join(map(str, row)) for row in rows.itertuples(index=False, name=None)]
    rows["row_key"] = [hashlib.blake2b(part.encode(), digest_size=16).hexdigest() for part in parts]
    rows["source"], rows["row"] = source, range(1, len(rows) + 1)
    rejects = frame[bad.ne("")].assign(code=bad[bad.ne("")])
    return rows[bad.eq("")], rejects


def balances(rows: pd.DataFrame) -> pd.Series:
    """Whether each row's balance follows from the row before it in its account."""
    rows = rows.sort_values(["own_account", "time", "serial"])
    signed = rows["amount"].where(rows["direction"].eq("in"), -rows["amount"])
    return rows["balance"].eq(rows.groupby("own_account")["balance"].shift() + signed)


def mirrors(rows: pd.DataFrame) -> pd.DataFrame:
    """Pairs of rows that report one transfer: nearest in time within 120 seconds, one to one."""
    pairs = rows[["own_card", "own_account"]].dropna().drop_duplicates("own_card")
    cards = dict(zip(pairs["own_card"], pairs["own_account"], strict=True))
    peer = rows["peer_account"].map(cards).fillna(rows["peer_account"])
    rows = rows.assign(peer=peer)[rows["peer_account"].notna()]
    out, into = rows[rows["direction"].eq("out")], rows[rows["direction"].eq("in")]
    both = out.merge(
        into, left_on=["own_account", "peer", "amount"], right_on=["peer", "own_account", "amount"]
    )
    both["apart"] = (both["time_x"] - both["time_y"]).abs()
    both = both[both["apart"] <= pd.Timedelta(seconds=120)].sort_values("apart")
    return both.drop_duplicates("row_key_x").drop_duplicates("row_key_y")


def main() -> None:
    """Load the folder's bank sheets."""
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    kept = []
    for path in sorted(folder.glob("bank_sheet*.csv")):
        rows, rejects = clean(read(path), path.name)
        rejects.to_csv(out / f"{path.stem}.rejects.csv", index=False)
        kept.append(rows)
    rows = pd.concat(kept, ignore_index=True).drop_duplicates("row_key")
    rows = rows[rows["success"]]
    held = balances(rows)
    pairs = mirrors(rows)
    rows.to_parquet(out / "rows.parquet", index=False)
    pairs[["row_key_x", "row_key_y"]].to_parquet(out / "mirrors.parquet", index=False)
    print(f"rows {len(rows)}, balances that follow {int(held.sum())}, mirror pairs {len(pairs)}")


if __name__ == "__main__":
    main()
