"""Writes a gang map as one HTML file by pyvis that opens from a USB stick without any network request."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from export.chart import MapData
from export.manifest import Stamp
from export.page_data import bends, edge_options, node_options, page_facts
from export.signs import Language

if TYPE_CHECKING:
    from jinja2 import Environment

_PAGE = Path(__file__).parent / "page"
_NETWORK_OPTIONS = """{
  "physics": {"enabled": false},
  "interaction": {"hover": true, "multiselect": false, "tooltipDelay": 300, "selectConnectedEdges": false,
                  "hideEdgesOnDrag": false},
  "edges": {"font": {"size": 12, "color": "#2b3440", "strokeWidth": 3, "strokeColor": "#ffffff"},
            "scaling": {"label": {"enabled": false, "drawThreshold": 7}},
            "hoverWidth": 0.6, "selectionWidth": 1.2, "arrowStrikethrough": false,
            "selfReference": {"size": 18, "angle": 0.785}}
}"""


def render_gang_html(data: MapData, stamp: Stamp, language: Language = "zh") -> bytes:
    """The map as a self-contained page in UTF-8; the same map and stamp give the same bytes.

    language: shown first, the page switches. At most 200 citations a relation are listed, the count says so.
    An empty map gives a page that says so.
    """
    from pyvis.network import Network  # pulls in IPython: a second that only this writer pays

    net = Network(height="100%", width="100%", directed=True, cdn_resources="in_line")
    for node in data.nodes:
        net.add_node(node.id, label=node.id, **node_options(node))
    bent = bends(data.edges)
    for edge in data.edges:
        net.add_edge(edge.start, edge.end, **edge_options(edge, bent[edge.id]))
    net.set_options(_NETWORK_OPTIONS)
    net.templateEnv = _environment(page_facts(data, stamp, language))
    net.path = "gang_map.html.j2"
    page: str = net.generate_html("offline.html", notebook=False)
    return page.encode("utf-8")


def _environment(facts: dict[str, Any]) -> "Environment":
    """Our template, pyvis' folder for the network library, and the parts the page's policy names by hash."""
    import pyvis
    from jinja2 import ChoiceLoader, Environment, FileSystemLoader
    from markupsafe import Markup

    library = Path(pyvis.__file__).parent / "templates"
    loader = ChoiceLoader([FileSystemLoader(_PAGE), FileSystemLoader(library)])
    environment = Environment(loader=loader, autoescape=True)
    parts = _parts(library / "lib" / "vis-9.1.2" / "vis-network.min.js")
    scripts = " ".join(_hash(parts[name]) for name in ("network", "script"))
    environment.globals.update(
        page=facts,
        policy=f"default-src 'none'; script-src {scripts}; style-src {_hash(parts['style'])}; "
        "base-uri 'none'; form-action 'none'",
        **{name: Markup(text) for name, text in parts.items()},  # noqa: S704 (our own files and the library)
    )
    return environment


@cache
def _parts(network: Path) -> dict[str, str]:
    """The page's scripts and style as they stand in it, to the letter, because the policy hashes them."""
    return {
        "network": _read(network),
        "script": "\n".join(_read(_PAGE / name) for name in ("signs.js", "panel.js", "gang_map.js")),
        "style": _read(_PAGE / "gang_map.css"),
    }


def _read(path: Path) -> str:
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    for end in ("</script", "</style", "<!--"):
        if end in text.lower():
            raise ValueError(f"{path.name} holds {end}, which would end its element; change the file")
    return text


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
