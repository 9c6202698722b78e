"""Durations of rule files: ISO 8601 without months and years, so that each has one fixed length."""

import re
from datetime import timedelta

_SHAPE = re.compile(
    r"P(?:(?P<weeks>\d{1,4})W|(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,7})M)?(?:(?P<seconds>\d{1,9})S)?)?)",
    re.ASCII,
)


def parse_duration(text: str) -> timedelta:
    """`PT24H`, `P30D`, `P1DT12H`, `P2W` as a timedelta; ValueError for all else, months and years too."""
    found = _SHAPE.fullmatch(text)
    if found is None or not any(found.groupdict().values()):
        raise ValueError(
            f"{text!r} is no duration such as PT24H or P30D (months and years have no fixed length)"
        )
    return timedelta(**{unit: int(value) for unit, value in found.groupdict().items() if value is not None})


def _parts(value: timedelta) -> list[tuple[int, str]]:
    """Whole units, largest first, none of them zero; under two days hours are not folded into days."""
    if value < timedelta(0) or value.microseconds:
        raise ValueError("a rule's duration is not negative and has whole seconds")
    seconds = value.days * 86_400 + value.seconds
    days = seconds // 86_400 if seconds >= 2 * 86_400 else 0
    rest = seconds - days * 86_400
    parts = [(days, "D"), (rest // 3600, "H"), (rest // 60 % 60, "M"), (rest % 60, "S")]
    return [(count, unit) for count, unit in parts if count] or [(0, "S")]


def format_duration(value: timedelta) -> str:
    """The ISO text of a duration; `parse_duration(format_duration(x)) == x` for whole seconds >= 0."""
    parts = _parts(value)
    days = "".join(f"{count}{unit}" for count, unit in parts if unit == "D")
    clock = "".join(f"{count}{unit}" for count, unit in parts if unit != "D")
    return "P" + days + ("T" + clock if clock else "")


_WORDS = {
    "zh": {"D": "天", "H": "小时", "M": "分钟", "S": "秒"},
    "en": {"D": "day", "H": "hour", "M": "minute", "S": "second"},
}


def say_duration(value: timedelta, language: str) -> str:
    """A duration in words, `24 小时` or `24 hours`."""
    words = _WORDS[language]
    if language == "zh":
        return " ".join(f"{count} {words[unit]}" for count, unit in _parts(value))
    return " ".join(f"{count} {words[unit]}{'' if count == 1 else 's'}" for count, unit in _parts(value))
