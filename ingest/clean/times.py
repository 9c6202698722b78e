"""Cleans times to UTC instants and dates to days, in declared formats only (GUARANTEES 3.8)."""

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from ingest.clean.cleaned import Cleaned, half_width, only_set, prepare
from ingest.reasons import Reason

INSTANT = pl.Datetime("us", "UTC")
_CLOCK = r"(?:[ T]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?)?"
# Each gives year, month, day, hour, minute, second, fraction; the year comes first, with four digits.
_FORMATS: dict[str, str] = {
    "dash": rf"^([0-9]{{4}})-([0-9]{{1,2}})-([0-9]{{1,2}}){_CLOCK}$",
    "slash": rf"^([0-9]{{4}})/([0-9]{{1,2}})/([0-9]{{1,2}}){_CLOCK}$",
    "compact": r"^([0-9]{4})([0-9]{2})([0-9]{2})(?:([0-9]{2})([0-9]{2})([0-9]{2})()?)?$",
    "hanzi": rf"^([0-9]{{4}})年([0-9]{{1,2}})月([0-9]{{1,2}})日{_CLOCK}$",
}
_ISO = (
    r"^([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})$"
)
_SERIAL = r"^[0-9]{5}(\.[0-9]{1,12})?$"
_EPOCH_1900, _EPOCH_1904 = -25_569, -24_107  # days from Excel's day 0 to 1970-01-01, negative
_PARTS = ("year", "month", "day", "hour", "minute", "second")


def clean_time(texts: pl.Series, formats: Sequence[str], zone: str, from_1904: bool = False) -> Cleaned:
    """UTC instants; `24:00:00` is the next day; a date alone is its midnight, flagged DAY_ONLY.

    Texts that name their own offset (`Z`, `+08:00`) keep it; others are in `zone`. CLOCK_CHANGE marks times
    in China's daylight saving years; a time that a clock change skipped, and any other text, is BAD_TIME.
    """
    prepared = prepare(texts)
    text = half_width(prepared.text)
    local = _nineteen_signs(text) if "dash" in formats else _nothing(len(text))
    day_only = pl.repeat(False, len(text), dtype=pl.Boolean, eager=True)
    for name in formats:
        left = (local.is_null() & text.is_not_null()).arg_true()
        if name == "iso" or not len(left):
            continue
        rest = text.gather(left)
        found, alone = _serial(rest, from_1904) if name == "serial" else _by_pattern(rest, _FORMATS[name])
        local, day_only = local.scatter(left, found), day_only.scatter(left, alone)
    utc = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone(
        "UTC"
    )
    saving = _summer_time(local, utc) if zone == "Asia/Shanghai" else day_only & ~day_only
    left = (utc.is_null() & text.is_not_null()).arg_true()
    if "iso" in formats and len(left):
        utc = utc.scatter(left, _with_offset(text.gather(left)))
    codes = {
        Reason.BAD_TIME: prepared.text.is_not_null() & utc.is_null(),
        Reason.DAY_ONLY: day_only,
        Reason.CLOCK_CHANGE: saving,
        Reason.CELL_ERROR: prepared.error,
    }
    return Cleaned(utc.cast(INSTANT), only_set(codes))


def clean_day(texts: pl.Series, formats: Sequence[str], from_1904: bool = False) -> Cleaned:
    """Days without zone; a clock time after the day is left out."""
    cleaned = clean_time(texts, [f for f in formats if f != "iso"], "UTC", from_1904)
    wanted = {Reason.BAD_TIME, Reason.CELL_ERROR}
    codes = {reason: mask for reason, mask in cleaned.codes.items() if reason in wanted}
    return Cleaned(cleaned.values.dt.date(), codes)


def _nothing(length: int) -> pl.Series:
    return pl.repeat(None, length, dtype=pl.Datetime("us"), eager=True)


def _nineteen_signs(text: pl.Series) -> pl.Series:
    """The commonest form, `yyyy-MM-dd HH:mm:ss`, in one quick pass; anything else is left to the patterns."""
    usable = (text.str.len_bytes() == 19) & text.str.contains(r"^[0-9]{4}-[0-9]")
    return text.set(~usable.fill_null(False), None).str.to_datetime(
        "%Y-%m-%d %H:%M:%S", time_unit="us", strict=False
    )


def _by_pattern(text: pl.Series, pattern: str) -> tuple[pl.Series, pl.Series]:
    parts = text.str.extract_groups(pattern).struct.unnest()
    parts.columns = [*_PARTS, "fraction"]
    return _local(parts), parts["year"].is_not_null() & parts["hour"].is_null()


def _local(parts: pl.DataFrame) -> pl.Series:
    """Local wall time of year, month, ... texts; null where the day or the clock does not exist."""
    number = parts.select(
        *(pl.col(part).cast(pl.Int32, strict=False) for part in ("year", "month", "day")),
        *(pl.col(part).cast(pl.Int32, strict=False).fill_null(0) for part in ("hour", "minute", "second")),
        micros=pl.col("fraction").str.pad_end(6, "0").cast(pl.Int32, strict=False).fill_null(0),
    )
    leap = (pl.col("year") % 4 == 0) & ((pl.col("year") % 100 != 0) | (pl.col("year") % 400 == 0))
    length = (
        pl.when(pl.col("month").is_in([4, 6, 9, 11]))
        .then(30)
        .when(pl.col("month") == 2)
        .then(pl.when(leap).then(29).otherwise(28))
        .otherwise(31)
    )
    exists = (pl.col("year") > 0) & pl.col("month").is_between(1, 12) & pl.col("day").is_between(1, length)
    midnight = (pl.col("hour") == 24) & (pl.col("minute") + pl.col("second") + pl.col("micros") == 0)
    clock = midnight | ((pl.col("hour") < 24) & (pl.col("minute") < 60) & (pl.col("second") < 60))
    year, month, day = (pl.when(exists & clock).then(pl.col(part)) for part in ("year", "month", "day"))
    seconds = pl.col("hour").cast(pl.Int64) * 3600 + pl.col("minute") * 60 + pl.col("second")
    since = pl.duration(seconds=seconds, microseconds=pl.col("micros"))
    return number.select(at=pl.date(year, month, day).cast(pl.Datetime("us")) + since)["at"]


def _serial(text: pl.Series, from_1904: bool) -> tuple[pl.Series, pl.Series]:
    """Excel day numbers; the fraction is rounded to the whole second that the clock showed."""
    shape = text.str.contains(_SERIAL).fill_null(False)
    parts = text.set(~shape, None).str.splitn(".", 2).struct.unnest()
    whole = parts["field_0"].cast(pl.Int64)
    fraction = ("0." + parts["field_1"].fill_null("0")).cast(pl.Float64)
    epoch = _EPOCH_1904 if from_1904 else _EPOCH_1900
    seconds = (whole + epoch) * 86_400 + (fraction * 86_400).round().cast(pl.Int64)
    # Day numbers up to 60 stand before Excel's invented 29 February 1900; five digits never reach down there.
    at = (seconds * 1_000_000).cast(pl.Datetime("us"))
    return at.rename("at"), shape & parts["field_1"].is_null()


def _with_offset(text: pl.Series) -> pl.Series:
    parts = text.str.extract_groups(_ISO).struct.unnest()
    parts.columns = [*_PARTS, "fraction", "offset"]
    local = _local(parts.drop("offset"))
    sign = pl.when(pl.col("offset").str.starts_with("-")).then(-1).otherwise(1)
    digits = pl.col("offset").str.replace_all(r"[^0-9]", "")
    minutes = parts.select(
        m=pl.when(pl.col("offset") == "Z")
        .then(0)
        .otherwise(
            sign
            * (
                digits.str.slice(0, 2).cast(pl.Int64, strict=False) * 60
                + digits.str.slice(2).cast(pl.Int64, strict=False)
            )
        )
    )["m"]
    shifted: pl.Series = local - (minutes * 60_000_000).cast(pl.Duration("us"))
    return shifted.dt.replace_time_zone("UTC")


def _summer_time(local: pl.Series, utc: pl.Series) -> pl.Series:
    offset = local.dt.replace_time_zone("UTC") - utc
    years = local.dt.year().is_between(1986, 1991)
    return years & (offset != timedelta(hours=8))
