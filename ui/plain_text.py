"""Shows text that came out of a file as it is: a name must not become a link, a picture or bold type."""

import re

_MARKUP = re.compile(r"[\\`*_{}\[\]()<>#+\-!|$:~&]")


def as_text(text: str) -> str:
    """The text with every sign escaped that Markdown would take for markup."""
    return _MARKUP.sub(r"\\\g<0>", text)
