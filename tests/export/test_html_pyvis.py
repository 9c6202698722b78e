"""The page: its policy names exactly its own scripts, nothing in it is fetched, data stays data."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from export.chart import MapData
from export.html_pyvis import render_gang_html
from export.page_data import CITATIONS_SHOWN, edge_width
from export.page_words import PAGE_WORDS
from export.signs import Language
from tests.export.payloads import ALL, LONG
from tests.export.ring import FULL, STAMP, ring_map


class Page(HTMLParser):
    """Collects elements, attributes and the texts of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, dict[str, str | None], str]] = []
        self._raw: tuple[str, dict[str, str | None]] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._raw = (tag, dict(attrs)) if tag in ("script", "style") else None

    def handle_data(self, data: str) -> None:
        if self._raw is not None:
            self.texts.append((*self._raw, data))

    def handle_endtag(self, tag: str) -> None:
        self._raw = None


def island(text: str) -> dict[str, object]:
    found = next(body for tag, a, body in Page(text).texts if a.get("id") == "island")
    loaded: dict[str, object] = json.loads(found)
    return loaded


def hostile(data: MapData, *texts: str) -> MapData:
    """The map with the texts, in turn, wherever a text can stand; every text stands in every field."""
    nodes = tuple(
        replace(
            node,
            id=f"n{n + 1}",
            name=texts[n % len(texts)],
            key=texts[(n + 1) % len(texts)],
            properties=dict.fromkeys(node.properties, texts[(n + 2) % len(texts)]),
        )
        for n, node in enumerate(data.nodes * (1 + len(texts) // len(data.nodes)))
    )
    return replace(data, title=texts[0], nodes=nodes, rules=tuple((text, 1) for text in texts))


def two(data: MapData) -> MapData:
    """Two nodes of the map, to be given texts so long that more would only take time."""
    return replace(data, nodes=data.nodes[:2], edges=())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> MapData:
    return ring_map(Path(tmp_path_factory.mktemp("ring")))


def test_the_policy_allows_exactly_the_scripts_and_style_of_the_page(data: MapData) -> None:
    page = Page(render_gang_html(data, STAMP).decode("utf-8"))
    policy = next(
        a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None and policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy and "http" not in policy and "data:" not in policy
    allowed = set(re.findall(r"'(sha256-[^']+)'", policy))
    run = {body for tag, a, body in page.texts if tag == "style" or a.get("type") is None}
    hashed = {
        "sha256-" + base64.b64encode(hashlib.sha256(body.encode("utf-8")).digest()).decode() for body in run
    }
    assert len(run) == 3 and allowed == hashed


def test_no_element_fetches_or_carries_script_in_an_attribute(data: MapData) -> None:
    for given in (data, hostile(data, *ALL), hostile(data, *ALL[::-1])):
        page = Page(render_gang_html(given, STAMP).decode("utf-8"))
        tags = [tag for tag, _ in page.elements]
        assert set(tags) <= set("html head meta title style body header div b span h1 input ul button main p "
                                "section aside footer script".split())  # fmt: skip
        assert tags.count("script") == 3
        names = {name for _, attributes in page.elements for name in attributes}
        assert not {n for n in names if n.startswith("on") or n in ("src", "href", "style")}


def test_texts_come_through_as_data_with_hidden_signs_written_out(data: MapData) -> None:
    shown = island(render_gang_html(hostile(data, "</script>\u202e<b>{{7*7}}"), STAMP).decode("utf-8"))
    page = shown["page"]
    assert isinstance(page, dict)
    assert page["title"] == "</script>‹U+202E›<b>{{7*7}}"
    assert {node["name"] for node in page["nodes"].values()} == {"</script>‹U+202E›<b>{{7*7}}"}


def test_a_label_of_a_million_signs_is_cut_and_says_so(data: MapData) -> None:
    content = render_gang_html(hostile(two(data), LONG), STAMP)
    assert len(content) < 700_000
    page = island(content.decode("utf-8"))["page"]
    assert isinstance(page, dict)
    assert page["nodes"]["n1"]["key"].endswith("长… (+999,800)")


def test_a_masked_page_holds_no_key_and_a_full_one_is_marked(data: MapData, tmp_path: Path) -> None:
    masked = render_gang_html(data, STAMP).decode("utf-8")
    assert "6200000000000000001" not in masked and "虚甲" not in masked
    assert '<body class="masked">' in masked and "catalog-masks-1" in masked
    full = render_gang_html(ring_map(tmp_path, FULL), STAMP).decode("utf-8")
    assert "6200000000000000001" in full and '<body class="full">' in full


def test_the_page_states_what_it_was_made_from(data: MapData) -> None:
    page = island(render_gang_html(data, STAMP).decode("utf-8"))["page"]
    assert isinstance(page, dict)
    foot = dict(page["foot"])
    assert foot["lake_digest"] == data.lake_digest and foot["content_digest"] == data.digest
    assert foot["export_id"] == STAMP.export_id(data.digest) and foot["audit_head"] == STAMP.audit_head
    assert page["rules"] == [["D01", 2], ["F09", 1]]


def test_long_evidence_is_listed_in_part_and_counted_whole(data: MapData) -> None:
    edge = next(e for e in data.edges if e.kind == "TRANSFER")
    many = replace(edge, citations=edge.citations * 500)
    page = island(render_gang_html(replace(data, edges=(many,)), STAMP).decode("utf-8"))["page"]
    assert isinstance(page, dict)
    shown = page["edges"][edge.id]
    assert (len(shown["citations"]), shown["cited"]) == (CITATIONS_SHOWN, 500)


def test_same_map_and_stamp_give_the_same_bytes_and_an_empty_map_a_page(data: MapData) -> None:
    assert render_gang_html(data, STAMP, "en") == render_gang_html(data, STAMP, "en")
    assert render_gang_html(data, STAMP, "en") != render_gang_html(data, STAMP, "zh")
    assert b"<!doctype html>" in render_gang_html(replace(data, nodes=(), edges=()), STAMP)


def test_lines_grow_with_the_order_of_the_sum(data: MapData) -> None:
    edge = next(e for e in data.edges if e.kind == "TRANSFER")
    widths = [edge_width(replace(edge, total=10**n)) for n in range(0, 13, 2)]
    assert widths == sorted(widths) and (widths[0], widths[-1]) == (1.0, 6.0)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_holds_the_doubts_in_both_languages(data: MapData, language: Language) -> None:
    page = island(render_gang_html(data, STAMP, language).decode())["page"]
    assert isinstance(page, dict) and page["said"] == [list(pair) for pair in data.said]
    assert len(page["said"]) == 2 and set(page["words"]["doubts"]) == set(PAGE_WORDS["doubts"])
