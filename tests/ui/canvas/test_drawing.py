"""What an SVG from the browser may hold."""

import pytest

from ui.canvas.drawing import harmless_svg
from ui.canvas.events import Picture, read_event

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
PLAIN = (
    f'{HEAD}<g clip-path="url(#view)"><path d="M 0 0 L 1 1"/><text>&lt;script&gt; a &amp; b</text></g></svg>'
)


def test_shapes_and_texts_are_let_through() -> None:
    assert harmless_svg(PLAIN.encode())
    assert read_event("png", {"command": "1", "svg": PLAIN}) == Picture("1", svg=PLAIN.encode())


@pytest.mark.parametrize(
    "inside",
    [
        "<script>1</script>",
        '<g onload="1"/>',
        '<a href="https://example.org"><text>x</text></a>',
        '<image href="data:image/png;base64,AA"/>',
        '<text xlink:href="#a" xmlns:xlink="http://www.w3.org/1999/xlink">x</text>',
        "<foreignObject/>",
        "<style>*{}</style>",
        '<rect style="fill:url(https://example.org)"/>',
        '<rect fill="url(https://example.org)"/>',
        '<g xmlns="http://www.w3.org/1999/xhtml"/>',
        "<animate/>",
    ],
)
def test_what_runs_or_is_fetched_is_refused(inside: str) -> None:
    content = f"{HEAD}{inside}</svg>"
    assert not harmless_svg(content.encode())
    assert read_event("png", {"command": "1", "svg": content}) is None


@pytest.mark.parametrize(
    "content",
    ["", "no", "<html/>", f"<!DOCTYPE svg>{PLAIN}", f'<?xml-stylesheet href="x"?>{PLAIN}', PLAIN[:-3]],
)
def test_other_documents_are_refused(content: str) -> None:
    assert not harmless_svg(content.encode())
