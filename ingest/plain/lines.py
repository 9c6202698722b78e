"""Kernels over whole texts: fields of even lines as views, and GB18030 to UTF-8."""

from typing import Any

import numpy as np

from ingest.plain.kernel import kernel, part
from ingest.plain.signs import followed, put_view

_LINE_END, _RETURN, _QUOTE, _SPACE = 10, 13, 34, 32
BREAK, ODD = 1, 2


@kernel
def split_lines(text: Any, signs: Any, tabbed: Any, longest: Any, views: Any, filled: Any) -> Any:
    """Fields of lines that all have the same number of them, by column; False when the text is not even.

    text: ends with a line end. signs: by byte, BREAK for the separator and the line end, ODD for quotes and
    control characters (the carriage return is one), else 0. filled: false, columns by lines; views: zeros,
    four words for each. What is even says `readers.even`; a line may also end with CR LF.
    """
    width, rows = filled.shape
    at, row = 0, 0
    while at < len(text):
        start, stop, column, seen, sign = at, at, 0, not tabbed, 0
        while sign != _LINE_END:
            if column == width:
                return False
            first = at
            while signs[text[at]] == 0:
                at += 1
            end = at
            if text[at] == _QUOTE and at == first:
                first, end = at + 1, _text_end(text, at + 1, signs)
                at = end + 1
                if text[end] != _QUOTE:
                    return False
            stop = at
            if text[at] == _RETURN and text[at + 1] == _LINE_END:
                at += 1
            sign = text[at]
            if signs[sign] != BREAK:
                return False
            if end > first:
                filled[column, row] = True
                put_view(text, first, end - first, views, column * rows + row)
            column += 1
            at += 1
        for k in range(start, at):
            if seen:
                break
            seen = text[k] > _SPACE
        if column != width or stop - start > longest or not seen:
            return False
        row += 1
    return True


@part
def _text_end(text: Any, at: Any, signs: Any) -> Any:
    """Where a quoted text ends: at the next quote, or at what may not stand in it."""
    while text[at] != _LINE_END and signs[text[at]] != ODD:
        at += 1
    return at


@kernel
def has_lone_return(text: Any) -> Any:
    """Whether a carriage return stands anywhere but before a line feed."""
    lone = False
    for at in range(len(text) - 1):  # without a way out, so that many bytes are compared at once
        lone |= (text[at] == _RETURN) & (text[at + 1] != _LINE_END)
    return lone or (len(text) > 0 and text[len(text) - 1] == _RETURN)


@kernel
def decode_pairs(data: Any, points: Any, out: Any) -> Any:
    """UTF-8 of GB18030 text in one and two bytes a sign; its length.

    points: code point by pair of bytes, 0 for what is none. -1 when there is anything else in it, or a line
    that may be UTF-8 with a sign of three bytes: no such line is missed.
    """
    at, to, size = 0, 0, len(data)
    due, three = 0, False
    while at < size:
        sign = data[at]
        if sign < 0x80:
            if due > 0:
                due = -1
            if sign == _LINE_END:
                if three and due == 0:
                    return -1
                due, three = 0, False
            out[to] = sign
            at += 1
            to += 1
            continue
        if at + 1 == size:
            return -1
        follower = data[at + 1]
        for byte in (sign, follower):
            if due >= 0:
                due = followed(due, byte)
                three = three or due == 2
        point = points[np.int64(sign) << 8 | follower]
        if point < 0x80:
            return -1
        if point < 0x800:
            out[to] = 0xC0 | point >> 6
        else:
            out[to] = 0xE0 | point >> 12
            to += 1
            out[to] = 0x80 | (point >> 6 & 63)
        out[to + 1] = 0x80 | (point & 63)
        to += 2
        at += 2
    return -1 if three and due == 0 else to
