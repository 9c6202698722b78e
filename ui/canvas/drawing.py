"""Looks at an SVG from the browser before anybody is given it: nothing in it runs or is fetched."""

import xml.etree.ElementTree as ET

SPACE = "{http://www.w3.org/2000/svg}"
ALLOWED = frozenset(
    f"{SPACE}{name}"
    for name in (
        "svg", "g", "rect", "circle", "ellipse", "line", "polyline", "polygon", "path", "text", "tspan",
        "title", "desc", "defs", "clipPath",
    )
)  # fmt: skip


def harmless_svg(content: bytes) -> bool:
    """Whether these bytes are an SVG of plain shapes and texts: no script, event, link, picture, style."""
    # A browser writes neither; entities and style sheets would need one, and no text can hold them bare.
    if b"<!" in content or b"<?" in content:
        return False
    try:
        root = ET.fromstring(content)  # noqa: S314  (no document type, so no entities)
    except ET.ParseError:
        return False
    return root.tag == f"{SPACE}svg" and all(harmless(element) for element in root.iter())


def harmless(element: ET.Element) -> bool:
    """An element of the list whose attributes neither run nor fetch anything."""
    names = [name.lower() for name in element.attrib]
    runs = any(name.startswith("on") or name.endswith("href") or name == "style" for name in names)
    fetches = any("url(" in value and "url(#" not in value for value in element.attrib.values())
    return element.tag in ALLOWED and not runs and not fetches
