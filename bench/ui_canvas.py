"""One graph in our canvas, st-link-analysis and pyvis: how soon it can be used, how smoothly it moves."""

import contextlib
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Error, Frame, Page

from bench.clock import CHECKOUT
from bench.ui_graph import KINDS, DrawnGraph, label_of, sum_of
from tests.browser import streamlit_app

PAGES = Path(__file__).parent / "ui_pages"
WIDTH, HEIGHT = 1280, 900
STILL_MS = 300
_DRAGS, _STEPS = 4, 40
# A page finds the packages that this process does.
SEEN = {"PYTHONPATH": os.environ.get("PYTHONPATH", str(CHECKOUT))}
# Null until all is there; then where nodes are on the plane, where one is in the picture, and a hover's call.
_CYTOSCAPE = """
    // A component of Streamlit may stand in a shadow root.
    const inside = (root) => root.querySelector(SELECTOR)
        ?? [...root.querySelectorAll('*')].map((e) => e.shadowRoot && inside(e.shadowRoot)).find(Boolean);
    const box = inside(document), cy = box?._cyreg?.cy;
    if (!cy || cy.nodes().length < NODES || cy.edges().length < EDGES) return null;
    return { spots: cy.nodes().map((n) => [n.position('x'), n.position('y')]),
             at: (i) => cy.nodes()[i].renderedPosition(), box: box.getBoundingClientRect(),
             hover: (f) => cy.on('mouseover', 'node', f) };
"""
_VIS = """
    const box = document.querySelector('#mynetwork');
    if (typeof network === 'undefined' || nodes.length < NODES || edges.length < EDGES) return null;
    const bar = document.querySelector('#loadingBar');
    if (bar && bar.style.display !== 'none' && getComputedStyle(bar).opacity !== '0') return null;
    const spots = network.getPositions(), ids = nodes.getIds();
    return { spots: ids.map((i) => [spots[i].x, spots[i].y]), at: (i) => network.canvasToDOM(spots[ids[i]]),
             box: box.getBoundingClientRect(), hover: (f) => network.on('hoverNode', f) };
"""
_SIGMA = """
    const inside = (root) => root.querySelector('.overview .stage')
        ?? [...root.querySelectorAll('*')].map((e) => e.shadowRoot && inside(e.shadowRoot)).find(Boolean);
    const box = inside(document), sigma = box?.sigma, graph = sigma?.getGraph();
    if (!sigma || graph.order < NODES || graph.size < EDGES) return null;
    const spots = graph.mapNodes((_, { x, y }) => [x, y]);
    return { spots, at: (i) => sigma.graphToViewport({ x: spots[i][0], y: spots[i][1] }),
             box: box.getBoundingClientRect(), hover: (f) => sigma.on('enterNode', f) };
"""
# Counts tasks above 50 ms from the first moment on, in every frame.
WATCH = """
    window.longTasks = [];
    new PerformanceObserver((list) => list.getEntries().forEach((e) => longTasks.push(e.duration)))
      .observe({ type: 'longtask', buffered: true });
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """One opening of one page: seconds from navigation to use, frames a second, blocked milliseconds."""

    usable_s: float
    pan_fps: float
    node_fps: float
    blocked_ms: float
    longest_ms: float


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to draw the graph: its name, its address and how its picture is looked into."""

    name: str
    url: str
    look: str


@contextmanager
def contenders(graph: DrawnGraph, counts: Sequence[str], layouts: Sequence[str]) -> Iterator[list[Contender]]:
    """Serve our page, one st-link-analysis page a layout, and a file by pyvis, while the block runs."""
    limits = {"NODES": str(graph.nodes), "EDGES": str(len(graph.edges))}

    def look(text: str, selector: str = "") -> str:
        for name, value in {**limits, "SELECTOR": repr(selector)}.items():
            text = text.replace(name, value)
        return text

    with TemporaryDirectory() as folder, streamlit_app(PAGES / "ours.py", args=counts, env=SEEN) as ours:
        found = [Contender("ours", ours, look(_CYTOSCAPE, ".stage"))]
        file = Path(folder) / "pyvis.html"
        file.write_text(pyvis_page(graph), encoding="utf-8")
        found.append(Contender("pyvis", file.as_uri(), look(_VIS)))
        with _served(layouts, counts) as urls:
            for layout, url in zip(layouts, urls, strict=True):
                found.append(Contender(f"st-link-analysis, {layout}", url, look(_CYTOSCAPE, "#cy")))
            yield found


@contextmanager
def overview_page(nodes: int, edges: int, counts: Sequence[str]) -> Iterator[Contender]:
    """Serve the overview while the block runs."""
    look = _SIGMA.replace("NODES", str(nodes)).replace("EDGES", str(edges))
    with streamlit_app(PAGES / "overview.py", args=counts, env=SEEN) as url:
        yield Contender("overview", url, look)


@contextmanager
def _served(layouts: Sequence[str], counts: Sequence[str]) -> Iterator[list[str]]:
    if not layouts:
        yield []
        return
    with (
        streamlit_app(PAGES / "st_link.py", args=[*counts, layouts[0]], env=SEEN) as url,
        _served(layouts[1:], counts) as rest,
    ):
        yield [url, *rest]


def pyvis_page(graph: DrawnGraph) -> str:
    """The page that pyvis makes by itself, with its own settings, all scripts inside."""
    from pyvis.network import Network

    colours = ("#1b7f5c", "#c4501b", "#2a6fb0", "#3f7f93")
    network = Network(height="660px", width="100%", directed=True, cdn_resources="in_line")
    for n, kind in enumerate(graph.kinds):
        network.add_node(n, label=label_of(n), color=colours[kind], title=f"{KINDS[kind]} {label_of(n)}")
    for i, (a, b) in enumerate(graph.edges):
        network.add_edge(a, b, label=sum_of(i))
    network.options.interaction.hover = True
    return str(network.generate_html())


def visit(browser: Browser, contender: Contender) -> None:
    """Open a page until something is drawn, so that its server has imported what it needs."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(contender.url, wait_until="commit")
        with contextlib.suppress(Error):
            if "127.0.0.1" in contender.url:
                page.wait_for_selector("iframe, .stage canvas", state="attached", timeout=60_000)


def picture(
    browser: Browser, contender: Contender, timeout_s: float, shot: Path | None = None
) -> Picture | None:
    """Open the page in a context of its own and measure; None when it can't be used within the time."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    try:
        page = context.new_page()
        page.add_init_script(WATCH)
        page.set_default_timeout(timeout_s * 1000)
        started = time.monotonic()
        try:
            page.goto(contender.url, wait_until="commit")
            frame = _still(page, contender.look, started + timeout_s)
            if frame is None:
                return None
            spot = _hovered(page, frame, contender.look, started + timeout_s)
        except Exception as error:
            if "Timeout" in type(error).__name__:
                return None
            raise
        usable = time.monotonic() - started
        tasks: list[float] = frame.evaluate("longTasks")
        if frame != page.main_frame:
            tasks += page.evaluate("longTasks")
        if shot is not None:
            page.screenshot(path=shot)
        return Picture(
            usable,
            _frames(page, frame, _ground(frame, contender.look)),
            _frames(page, frame, spot),
            sum(tasks),
            max(tasks, default=0.0),
        )
    finally:
        context.close()


def _still(page: Page, look: str, deadline: float) -> Frame | None:
    """The frame with the picture, once all is drawn and nothing has moved for STILL_MS."""
    script = f"""async () => {{
        const look = () => {{ {look} }};
        const sum = (p) => p.spots.reduce((s, [x, y], i) => s + x * (i % 7 + 1) + y * (i % 5 + 1), 0);
        let last = null, since = 0;
        for (let turn = 0; turn < 40; turn++) {{
            await new Promise((go) => requestAnimationFrame(() => setTimeout(go, 25)));
            const now = look(), value = now && sum(now);
            if (value === null || value !== last) {{ last = value; since = performance.now(); }}
            else if (performance.now() - since >= {STILL_MS}) return true;
        }}
        return false;
    }}"""
    while time.monotonic() < deadline:
        for frame in page.frames:
            try:
                if frame.evaluate(
                    f"() => {{ const look = () => {{ {look} }}; return look() !== null; }}"
                ) and (frame.evaluate(script)):
                    return frame
            except Exception as error:  # a frame that is just being loaded has no answer yet
                if "Timeout" in type(error).__name__:
                    raise
        page.wait_for_timeout(25)
    return None


def _hovered(page: Page, frame: Frame, look: str, deadline: float) -> tuple[float, float]:
    """Move the pointer on a node until the picture says that it is over one; where that was."""
    frame.evaluate(
        f"() => {{ const p = (() => {{ {look} }})(); window.hovers = 0; p.hover(() => window.hovers++); }}"
    )
    spots = _middle_nodes(frame, look)
    while time.monotonic() < deadline:
        for x, y in spots:
            page.mouse.move(x + 40, y + 40)
            page.mouse.move(x, y, steps=3)
            page.wait_for_timeout(60)
            if frame.evaluate("window.hovers > 0"):
                return x, y
    raise TimeoutError("no node could be hovered")


def _middle_nodes(frame: Frame, look: str) -> list[tuple[float, float]]:
    """Page coordinates of nodes well inside the picture, nearest to its middle first."""
    script = f"""() => {{
        const p = (() => {{ {look} }})(), box = p.box, found = [];
        for (let i = 0; i < p.spots.length; i++) {{
            const at = p.at(i);
            const [a, b] = [at.x / box.width, at.y / box.height];
            if (a > .3 && a < .7 && b > .2 && b < .8)
                found.push([Math.hypot(a - .5, b - .5), at.x + box.x, at.y + box.y]);
        }}
        return found.sort((a, b) => a[0] - b[0]).slice(0, 8).map((one) => one.slice(1));
    }}"""
    return _on_page(frame, frame.evaluate(script))


def _ground(frame: Frame, look: str) -> tuple[float, float]:
    """A spot of the picture as far from every node as there is one, where a drag moves all."""
    script = f"""() => {{
        const p = (() => {{ {look} }})(), box = p.box, taken = p.spots.map((_, i) => p.at(i));
        let best = [-1, 0, 0];
        for (let a = 0.35; a < 0.95; a += 0.05) for (let b = 0.12; b < 0.9; b += 0.06) {{
            const x = box.width * a, y = box.height * b;
            const room = Math.min(...taken.map((t) => Math.hypot(t.x - x, t.y - y)));
            if (room > best[0]) best = [room, x + box.x, y + box.y];
        }}
        return [best.slice(1)];
    }}"""
    return _on_page(frame, frame.evaluate(script))[0]


def _on_page(frame: Frame, spots: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    owner = frame.frame_element().bounding_box() if frame.parent_frame is not None else None
    left, top = (owner["x"], owner["y"]) if owner else (0.0, 0.0)
    return [(x + left, y + top) for x, y in spots]


def _frames(page: Page, frame: Frame, start: tuple[float, float]) -> float:
    """Frames a second while the pointer drags from `start` to and fro; the pointer waits for the page."""
    frame.evaluate(
        """() => { window.frameCount = { n: 0, on: true }; const tick = () => {
            if (window.frameCount.on) { window.frameCount.n++; requestAnimationFrame(tick); } };
            requestAnimationFrame(tick); }"""
    )
    x, y = start
    page.mouse.move(x, y)
    page.mouse.down()
    before, began = frame.evaluate("[window.frameCount.n, performance.now()]")
    for turn in range(_DRAGS):
        across = 160 if turn % 2 == 0 else 0
        page.mouse.move(x + across, y + across / 2, steps=_STEPS)
    after, ended = frame.evaluate("[window.frameCount.n, performance.now()]")
    page.mouse.up()
    frame.evaluate("() => { window.frameCount.on = false; }")
    return float((after - before) / ((ended - began) / 1000))


def described(values: Sequence[float], form: Callable[[float], str]) -> str:
    """Median and range."""
    return f"{form(statistics.median(values))} ({form(min(values))}–{form(max(values))})"
