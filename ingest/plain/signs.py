"""What the kernels share: how a view of a text is written, and how far bytes may be UTF-8."""

from typing import Any

from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from ingest.plain.kernel import part, written_in

SHORT = 12
"""The longest text, in bytes, that a view holds itself."""


def _copying(context: Any, target: Any, to: Any, source: Any, at: Any, size: Any) -> Any:
    """target[to : to + size] = source[at : at + size] by the C library: a third of the time of a loop."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        places = []
        for array, index in ((0, 1), (2, 3)):
            made = context.make_array(signature.args[array])(context, builder, values[array])
            places.append(builder.gep(made.data, [values[index]]))
        cgutils.raw_memcpy(builder, places[0], places[1], values[4], 1)  # type: ignore[no-untyped-call]
        return context.get_dummy_value()

    return types.void(target, types.int64, source, types.int64, types.int64), generate


copy_bytes: Any = intrinsic(_copying)


@written_in
def word_at(text: Any, at: Any) -> Any:
    """The four bytes from `at` on, as one number."""
    return text[at] | text[at + 1] << 8 | text[at + 2] << 16 | text[at + 3] << 24


@written_in
def put_view(text: Any, at: Any, size: Any, views: Any, place: Any) -> None:
    """The view of `size` bytes from `at` on; `text` is the buffer itself unless the text is short.

    views: zeros, the view of text n at 4 * n; `place` is that n. No slice of `views` is made: each would be
    counted by the processes' reference counter, which costs more than the view.
    """
    first = 4 * place
    views[first] = size
    if size > SHORT:
        views[first + 1] = word_at(text, at)
        views[first + 3] = at
        return
    for word in range(3):
        left = size - 4 * word
        if left >= 4:
            views[first + 1 + word] = word_at(text, at + 4 * word)
        elif left > 0:
            rest = 0
            for k in range(left):
                rest |= text[at + 4 * word + k] << (8 * k)
            views[first + 1 + word] = rest


@part
def followed(due: Any, sign: Any) -> Any:
    """How many following bytes UTF-8 is waiting for after `sign`; -1 from where on it can't be UTF-8.

    due: the same before it. Only leading and following bytes are told apart: some texts that are no UTF-8
    pass, none that is UTF-8 fails.
    """
    if due > 0:
        return due - 1 if 0x80 <= sign < 0xC0 else -1
    if due < 0 or sign < 0x80:
        return due
    if sign < 0xC2 or sign > 0xF4:
        return -1
    return 1 if sign < 0xE0 else 2 if sign < 0xF0 else 3
