"""Forms of names, addresses and device texts in which different spellings of one thing come out equal."""

import re

import polars as pl

# What people put between the parts of a name, and blanks.
_BETWEEN = r"[·•・．.\s()（）'’-]"
_LEGAL_FORM = r"(股份有限公司|有限责任公司|有限公司|股份公司|分公司|公司|个体工商户|经营部|商行|厂|店)$"
_UNITS: tuple[tuple[str, str], ...] = (
    ("号楼", "栋"), ("楼栋", "栋"), ("单元", "元"), ("栋", "栋"), ("幢", "栋"), ("座", "栋"),
    ("号", "号"), ("#", "号"), ("室", "室"), ("房", "室"), ("户", "室"), ("层", "层"), ("楼", "层"),
    ("组", "组"), ("队", "组"), ("弄", "弄"), ("门", "元"),
)  # fmt: skip
_UNIT = "|".join(re.escape(word) for word, _ in _UNITS)
_UNIT_CLASS = dict(_UNITS)
_HAN_NUMBER = re.compile(rf"[〇零一二三四五六七八九十百]+(?=(?:{_UNIT}))")
_PART = re.compile(rf"([0-9]+[A-Z]?|[A-Z](?={_UNIT}))({_UNIT})?")
_SEPARATORS = re.compile(r"[\s,，、。.;；:：()（）/\\_~—–-]+")
_CITY = re.compile(r"^(?:.{2,3}省|.{2,7}自治区)?(.{2,6}?[市州盟])")
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}

ADDRESS_SCHEMA: dict[str, pl.DataType] = {
    "key": pl.String(),
    "words": pl.String(),
    "city": pl.String(),
    "numbers": pl.String(),
    "units": pl.String(),
}


def plain_names(names: pl.Series) -> pl.Series:
    """Names without dots, blanks and brackets, Latin letters in capitals; null stays null."""
    return names.str.replace_all(_BETWEEN, "").str.to_uppercase()


def firm_names(names: pl.Series) -> pl.Series:
    """Names of units without brackets, blanks and the legal form at the end; null stays null."""
    bare = plain_names(names)
    cut = bare.str.replace(_LEGAL_FORM, "")
    return cut.zip_with(cut.str.len_chars() >= 2, bare)


def sounds(names: pl.Series) -> pl.Series:
    """Names in toneless pinyin without blanks, so that 张伟, 章伟 and ZHANG WEI are equal; null stays null.

    Each character has its most usual reading, whatever stands beside it.
    """
    from pypinyin import lazy_pinyin

    bare = plain_names(names)
    signs = sorted(set("".join(bare.drop_nulls().unique().to_list())))
    read = {sign: lazy_pinyin(sign)[0] for sign in signs if ord(sign) > 0x2E7F}
    spoken = bare.str.replace_many(list(read), list(read.values())) if read else bare
    return spoken.str.to_lowercase()


def holes(texts: pl.Series) -> pl.Series:
    """Each text with every character in turn taken out (list): texts one wrong character apart share one.

    Texts of fewer than three characters have none: two short names one character apart are simply two names.
    """
    lists = [
        [f"{text[:place]}_{text[place + 1 :]}" for place in range(len(text))]
        if text and len(text) > 2
        else []
        for text in texts.to_list()
    ]
    return pl.Series(lists, dtype=pl.List(pl.String()))


def address_parts(keys: pl.Series) -> pl.DataFrame:
    """One row an address text: key, words (all but numbers and their units), city ("" unknown),
    numbers (house, building, unit, room, in order, "," between), units (class of each, "" unknown).

    Two spellings of one address agree in words and numbers: 2幢, 2座 and 2号楼, 十二号 and 12号, 52-2-16.
    """
    rows = [_parts(key) for key in keys.to_list()]
    return pl.DataFrame(rows, schema=ADDRESS_SCHEMA, orient="row")


def _parts(key: str) -> tuple[str, str, str, str, str]:
    text = _HAN_NUMBER.sub(lambda match: str(_han_value(match.group())), key.upper())
    found = _PART.findall(text)
    numbers = [number.lstrip("0") or "0" for number, _ in found]
    units = [_UNIT_CLASS.get(unit, "") for _, unit in found]
    words = _SEPARATORS.sub("", _PART.sub("", text))
    city = _CITY.match(words)
    return key, words, city.group(1) if city else "", ",".join(numbers), ",".join(units)


def _han_value(text: str) -> int:
    """Value of a Chinese numeral below 1,000; digits in a row (一二〇) are read one by one."""
    if not set(text) & set("十百"):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    total, digit = 0, 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            total += max(digit, 1) * (10 if sign == "十" else 100)
            digit = 0
    return total + digit


def units_agree(one: str, other: str) -> bool:
    """Whether no number is a building here and a unit there; an unknown unit agrees with any."""
    pairs = zip(one.split(","), other.split(","), strict=False)
    return all(a == b or not a or not b for a, b in pairs)


def device_form(keys: pl.Series) -> pl.Series:
    """A device key in one spelling: a fingerprint text without blanks and hyphens in lower case.

    14 to 16 digits are an IMEI's 14, 12 hexadecimal digits written in pairs a MAC address.
    """
    kind = keys.str.extract(r"^([a-z]+):")
    value = keys.str.replace(r"^[a-z]+:", "").str.to_lowercase()
    bare = value.str.replace_all(r"[\s:._{}-]", "")
    imei = bare.str.contains(r"^[0-9]{14,16}$")
    mac = value.str.contains(r"^[0-9a-f]{2}([:.-][0-9a-f]{2}){5}$|^[0-9a-f]{4}([.-][0-9a-f]{4}){2}$")
    return pl.select(
        pl.when(pl.lit(kind) != "fp")
        .then(pl.lit(keys))
        .when(pl.lit(imei))
        .then("imei:" + pl.lit(bare).str.slice(0, 14))
        .when(pl.lit(mac))
        .then("mac:" + pl.lit(bare))
        .otherwise("fp:" + pl.lit(bare))
    ).to_series()
