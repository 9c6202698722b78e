"""Analysts at work at once on one lake: real sessions in one browser, and the server's part alone."""

import asyncio
import os
import random
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from playwright.async_api import Browser, Page, async_playwright

from bench.clock import CHECKOUT
from graph.connect import open_engine
from graph.contract import Direction, Ref, View
from graph.lake.home import LakeHome, lake_home
from tests.browser import CHROMIUM_FLAGS, chromium_path, streamlit_app

LIMIT = 60
_LONG_MS = 240_000
_LOST_S = 60.0
_COUNT = "(stage) => stage._cyreg.cy.nodes().length"
# A node that has more to show than stands round it, and few enough for one double click.
_NEXT = """(stage, at) => {
    const cy = stage._cyreg.cy, total = (n) => n.data('expansions').reduce((s, one) => s + one.count, 0);
    const open = cy.nodes().filter((n) => total(n) > n.degree() + 1 && total(n) <= 50);
    return open.empty() ? null : open.map((n) => n.id()).sort()[at % open.length];
}"""
_EXPAND = "(stage, id) => { stage._cyreg.cy.getElementById(id).emit('dbltap'); }"


@dataclass
class Steps:
    """Seconds of each step, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def said(self) -> str:
        """Median, p95, longest; the errors."""
        if not self.seconds:
            return f"no step; {len(self.errors)} errors: {self.errors[:3]}"
        ordered = sorted(self.seconds)
        p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
        return (
            f"{len(ordered)} expands: median {statistics.median(ordered):.2f} s, p95 {p95:.2f} s, "
            f"longest {ordered[-1]:.2f} s, {len(self.errors)} errors {self.errors[:3] or ''}"
        )


def starts(home: LakeHome, count: int, seed: int) -> list[Ref]:
    """Accounts with 8 to 40 transfers, `count` of them by chance."""
    with open_engine("embedded:", home) as engine:
        rows = engine.edges("TRANSFER").select("from_type", "from_key")
    counted = rows.filter(pl.col("from_type") == "Account").group_by("from_key").len()
    some = counted.filter(pl.col("len").is_between(8, 40)).sort("from_key")["from_key"].to_list()
    return [Ref("Account", key) for key in random.Random(seed).sample(some, count)]


def server_alone(home: LakeHome, refs: Sequence[Ref], steps: int, think_s: float, seed: int) -> Steps:
    """Threads over one engine do what a double click asks of it; seconds without browser and Streamlit."""
    found = Steps()
    lock = threading.Lock()
    with open_engine("embedded:", home) as engine:
        engine.search(refs[0].key, limit=1)

        def analyst(number: int) -> None:
            rng = random.Random(seed + number)
            shown = [refs[number]]
            for _ in range(steps):
                time.sleep(rng.uniform(0.5, 1.5) * think_s)
                ref = rng.choice(shown)
                began = time.monotonic()
                try:
                    shown = _expand(engine, ref, shown)
                except Exception as error:  # what goes wrong is counted, whatever it is
                    with lock:
                        found.errors.append(type(error).__name__)
                    continue
                with lock:
                    found.seconds.append(time.monotonic() - began)

        threads = [threading.Thread(target=analyst, args=(n,)) for n in range(len(refs))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return found


def _expand(engine: View, ref: Ref, shown: list[Ref]) -> list[Ref]:
    """As `ui.chart_steps.expand` and the drawing after it: counts, neighbours, the chart, its counts."""
    fetched: list[Ref] = []
    for way in engine.expansions(ref):
        near = engine.neighbours(ref, way.relation, way.direction or Direction.BOTH, limit=LIMIT * 20)
        fetched += [node.ref for node in near.nodes if node.ref != ref][:LIMIT]
    whole = list(dict.fromkeys([*shown, *fetched]))[:300]
    engine.subgraph(whole)
    engine.expansions_of(whole)
    return whole


def in_browsers(
    home: Path, refs: Sequence[Ref], steps: int, think_s: float, seed: int
) -> tuple[Steps, float]:
    """One browser context each; seconds from double click to the new nodes drawn, and the server's MiB."""
    env = {
        "DUANLIAN_HOME": str(home),
        "DUANLIAN_LANGUAGE": "en",
        "PYTHONPATH": os.environ.get("PYTHONPATH", str(CHECKOUT)),
    }
    with streamlit_app(CHECKOUT / "app.py", env=env) as url:
        return asyncio.run(_all(url, refs, steps, think_s, seed)), _memory_mib(url)


def _memory_mib(url: str) -> float:
    """Peak memory of the server that listens there."""
    port = url.rstrip("/").rpartition(":")[2].encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            status = (process / "status").read_text()
        except OSError:
            continue
        if b"streamlit" in command and port in command:
            return int(status.partition("VmHWM:")[2].split()[0]) / 1024
    return 0.0


async def _all(url: str, refs: Sequence[Ref], steps: int, think_s: float, seed: int) -> Steps:
    found = Steps()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_FLAGS))
        pages = [await _opened(browser, url, ref) for ref in refs]
        await asyncio.gather(
            *(_analyst(page, steps, think_s, random.Random(seed + n), found) for n, page in enumerate(pages))
        )
        await browser.close()
    return found


async def _opened(browser: Browser, url: str, ref: Ref) -> Page:
    """A session of its own with one account on its chart."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = await context.new_page()
    page.set_default_timeout(_LONG_MS)
    await page.goto(f"{url}explore")
    field = page.locator(".st-key-search_text input")
    await field.fill(ref.key)
    await field.press("Enter")
    await page.locator("[class*='st-key-hit-'] button").first.click()
    await _drawn(page, 1)
    return page


async def _drawn(page: Page, least: int) -> None:
    """Wait until so many nodes are on the chart."""
    began = time.monotonic()
    while await page.locator(".stage").evaluate(_COUNT) < least:
        if time.monotonic() - began > _LOST_S:
            raise TimeoutError("nothing new was drawn")
        await asyncio.sleep(0.02)


async def _analyst(page: Page, steps: int, think_s: float, rng: random.Random, found: Steps) -> None:
    stage = page.locator(".stage")
    for _ in range(steps):
        await asyncio.sleep(rng.uniform(0.5, 1.5) * think_s)
        try:
            ident = await stage.evaluate(_NEXT, rng.randrange(1 << 30))
            if ident is None:
                return
            before = await stage.evaluate(_COUNT)
            began = time.monotonic()
            await stage.evaluate(_EXPAND, ident)
            await _drawn(page, before + 1)
            found.seconds.append(time.monotonic() - began)
            if await page.locator("[data-testid='stAlertContentError'], [data-testid='stException']").count():
                found.errors.append("an error stands on the page")
        except Exception as error:  # what goes wrong is counted, whatever it is
            found.errors.append(f"{type(error).__name__}: {str(error)[:80]}")


def many(home: Path, analysts: int, steps: int, think_s: float, seed: int) -> None:
    """Print both measures with the load of the machine."""
    lake = lake_home(home)
    refs = starts(lake, analysts, seed)
    print(f"{analysts} analysts, {steps} expands each, {think_s:.0f} s to think on average, seed {seed}")
    alone = server_alone(lake, refs, steps, think_s, seed)
    print(f"server's look-ups alone: {alone.said()}; load {os.getloadavg()[0]:.1f}", flush=True)
    drawn, peak = in_browsers(home, refs, steps, think_s, seed)
    print(f"double click to drawn: {drawn.said()}; server {peak:,.0f} MiB; load {os.getloadavg()[0]:.1f}")
