"""Kernels that decide cell by cell whether a text is of its kind's plain shape, and then give its value.

A shape is plain when the cleaners of `ingest.clean` surely take such a text as it is, without what surrounds
it, and flag nothing. They judge all other cells (state OTHER). Tests compare both on all of it.
"""

from typing import Any

import numpy as np

from ingest.plain.kernel import kernel, part
from ingest.plain.signs import SHORT, followed, put_view

PLAIN, EMPTY, OTHER = 0, 1, 2
NUMBER, CODE, WORDS, PERSON = 0, 1, 2, 3
_DAY_US = 86_400_000_000


@kernel
def views_at(data: Any, ends: Any, views: Any) -> None:
    """Views of texts that stand one behind the other in `data`."""
    for i in range(len(ends) - 1):
        put_view(data, ends[i], ends[i + 1] - ends[i], views, i)


@part
def _trimmed(text: Any, at: Any, end: Any) -> Any:
    """Without the ASCII signs that may stand around a value: blanks, tabs, line ends, quotes."""
    while at < end and _around(text[at]):
        at += 1
    while at < end and _around(text[end - 1]):
        end -= 1
    return at, end


@part
def _around(sign: Any) -> Any:
    return sign == 9 or sign == 32 or sign == 34 or sign == 39 or sign == 96 or sign == 10 or sign == 13


@part
def _says_nothing(text: Any, at: Any, end: Any) -> Any:
    """Whether the text is one of the words for an empty cell: `-`, `无`, `NULL`, or nothing at all."""
    size = end - at
    if size == 0:
        return True
    if size == 1:
        return text[at] == 45  # -
    if size == 3:
        return text[at] == 0xE6 and text[at + 1] == 0x97 and text[at + 2] == 0xA0  # 无
    return size == 4 and text[at] == 78 and text[at + 1] == 85 and text[at + 2] == 76 and text[at + 3] == 76


@part
def _digit(sign: Any) -> Any:
    return 48 <= sign <= 57


@part
def _is_number(text: Any, at: Any, end: Any) -> Any:
    """4 to 32 digits; a card's must pass the Luhn check; not zeros only from the 16th digit on."""
    size = end - at
    if size < 4 or size > 32:
        return False
    for k in range(at, end):
        if not _digit(text[k]):
            return False
    zeros = 0
    while zeros < size and text[end - 1 - zeros] == 48:
        zeros += 1
    if size >= 16 and size - zeros <= 15:
        return False
    if size < 16 or size > 19 or text[at] < 51 or text[at] > 54:
        return True
    total = 0
    for k in range(size):
        digit = text[end - 1 - k] - 48
        if k % 2 == 1:
            digit = 2 * digit if digit < 5 else 2 * digit - 9
        total += digit
    return total % 10 == 0


@part
def _is_code(text: Any, at: Any, end: Any) -> Any:
    """Visible ASCII without a plus sign, which could be E-notation."""
    for k in range(at, end):  # noqa: SIM110  no generators in a kernel
        if text[k] < 33 or text[k] > 126 or text[k] == 43:
            return False
    return True


@part
def _is_person(text: Any, at: Any, end: Any) -> Any:
    """An id number of 18 signs with the right check sign (GB 11643) that can't be a unit's number."""
    if end - at != 18 or (text[at] == 57 and 49 <= text[at + 1] <= 51):
        return False
    total, weight = 0, 1
    for k in range(16, -1, -1):
        sign = text[at + k]
        if not _digit(sign):
            return False
        weight = weight * 2 % 11  # 2 to the power of the place, from the check sign
        total += (sign - 48) * weight
    wanted = (12 - total % 11) % 11
    last = text[end - 1]
    if not (last == 88 if wanted == 10 else last == 48 + wanted):
        return False
    return not (text[end - 1] == 48 and text[end - 2] == 48 and text[end - 3] == 48)


@part
def _is_words(text: Any, at: Any, end: Any, gb: Any) -> Any:
    """Visible ASCII, blanks and common Chinese signs that written as GB18030 are no UTF-8.

    gb: by code point, the two bytes in GB18030 of the signs that are common, else 0. The bytes are followed
    only as far as UTF-8's leading and following bytes go: what may be UTF-8 may have gone through a wrong
    encoding and is left to the cleaner.
    """
    due, foreign = 0, False
    while at < end:
        sign = text[at]
        if sign < 0x80:
            if sign < 32 or sign > 126:
                return False
            due = followed(due, sign)
            at += 1
            continue
        if sign < 0xE0 or sign > 0xEF:
            return False
        pair = gb[(sign & 15) << 12 | (text[at + 1] & 63) << 6 | (text[at + 2] & 63)]
        if pair == 0:
            return False
        foreign = True
        at += 3
        due = followed(due, np.int64(pair) >> 8)
        due = followed(due, np.int64(pair) & 255)
    return due != 0 or not foreign


@part
def _text(kind: Any, text: Any, at: Any, size: Any, gb: Any, out: Any, i: Any) -> Any:
    """The state of one cell of a kind stored as text; its view in `out` when it is plain."""
    at, end = _trimmed(text, at, at + size)
    if _says_nothing(text, at, end):
        return EMPTY
    if kind == NUMBER:
        fits = _is_number(text, at, end)
    elif kind == CODE:
        fits = _is_code(text, at, end)
    elif kind == PERSON:
        fits = _is_person(text, at, end)
    else:
        fits = _is_words(text, at, end, gb)
    if fits:
        put_view(text, at, end - at, out, i)
    return PLAIN if fits else OTHER


@kernel
def plain_texts(kind: Any, views: Any, data: Any, filled: Any, gb: Any, out: Any, state: Any) -> Any:
    """Views of the values of plain cells in `out` (zeros), the state of every cell; how many are OTHER."""
    short = views.view(data.dtype)
    others = 0
    for i in range(len(filled)):
        state[i] = EMPTY
        if filled[i]:
            size = views[4 * i]
            # The two arrays are never one variable: choosing between them costs more than a short text.
            if size <= SHORT:
                state[i] = _text(kind, short, 16 * i + 4, size, gb, out, i)
            else:
                state[i] = _text(kind, data, np.int64(views[4 * i + 3]), size, gb, out, i)
            others += state[i] == OTHER
    return others


@part
def _fen(text: Any, at: Any, size: Any, out: Any, i: Any) -> Any:
    """The state of one cell of money; its fen in `out` when it is plain."""
    at, end = _trimmed(text, at, at + size)
    if _says_nothing(text, at, end):
        return EMPTY
    minus = text[at] == 45
    at += minus
    fen, start = 0, at
    while at < end and at - start < 16 and _digit(text[at]):
        fen = fen * 10 + (text[at] - 48)
        at += 1
    if at == start or at - start > 15 or end - at > 3:
        return OTHER
    fen *= 100
    if at < end:
        if text[at] != 46 or end - at == 1:
            return OTHER
        worth = 10
        for k in range(at + 1, end):
            if not _digit(text[k]):
                return OTHER
            fen += (text[k] - 48) * worth
            worth = 1
    out[i] = -fen if minus else fen
    return PLAIN


@kernel
def plain_money(views: Any, data: Any, filled: Any, out: Any, state: Any) -> Any:
    """Fen of `123`, `-123.4` and `123.45` with at most 15 digits before the point, and the rest as above."""
    short = views.view(data.dtype)
    others = 0
    for i in range(len(filled)):
        state[i] = EMPTY
        if filled[i]:
            size = views[4 * i]
            if size <= SHORT:
                state[i] = _fen(short, 16 * i + 4, size, out, i)
            else:
                state[i] = _fen(data, np.int64(views[4 * i + 3]), size, out, i)
            others += state[i] == OTHER
    return others


@part
def _pair(text: Any, at: Any) -> Any:
    """The number of two digits, -1000 when they are none."""
    if _digit(text[at]) and _digit(text[at + 1]):
        return (text[at] - 48) * 10 + (text[at + 1] - 48)
    return -1000


@part
def _instant(text: Any, at: Any) -> Any:
    """Microseconds since 1970 of `yyyy-MM-dd HH:mm:ss` from 1992 on, -1 when it is none."""
    if text[at + 4] != 45 or text[at + 7] != 45 or text[at + 10] != 32:
        return -1
    if text[at + 13] != 58 or text[at + 16] != 58:
        return -1
    year = _pair(text, at) * 100 + _pair(text, at + 2)
    month, day = _pair(text, at + 5), _pair(text, at + 8)
    hour, minute, second = _pair(text, at + 11), _pair(text, at + 14), _pair(text, at + 17)
    if year < 1992 or month < 1 or month > 12 or day < 1 or hour < 0 or minute < 0 or second < 0:
        return -1
    length = 31
    if month == 2:
        length = 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    elif month == 4 or month == 6 or month == 9 or month == 11:
        length = 30
    if day > length or hour > 23 or minute > 59 or second > 59:
        return -1
    # Days since 1970 with years that start in March, so that a leap day is the last one.
    late = month <= 2
    y, m = year - late, month + 9 if late else month - 3
    days = 365 * y + y // 4 - y // 100 + y // 400 + (153 * m + 2) // 5 + day - 1 - 719_468
    return days * _DAY_US + ((hour * 60 + minute) * 60 + second) * 1_000_000


@kernel
def plain_times(ahead_us: Any, views: Any, data: Any, filled: Any, out: Any, state: Any) -> Any:
    """UTC microseconds of `yyyy-MM-dd HH:mm:ss` from 1992 on, in a zone that is `ahead_us` ahead of UTC."""
    others = 0
    for i in range(len(filled)):
        state[i] = EMPTY
        if filled[i]:
            state[i] = OTHER
            size = views[4 * i]
            if size >= 19:
                at, end = _trimmed(data, np.int64(views[4 * i + 3]), np.int64(views[4 * i + 3]) + size)
                found = _instant(data, at) if end - at == 19 else -1
                if found >= 0:
                    state[i] = PLAIN
                    out[i] = found - ahead_us
            others += state[i] == OTHER
    return others
