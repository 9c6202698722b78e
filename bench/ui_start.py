"""From the start of the app's process to its overview drawn in a browser that is already open."""

import os
import resource
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser

from bench.clock import CHECKOUT
from tests.browser import chromium, free_port

# Every table of the screen has its canvas, and no run of the script is under way.
_DRAWN = """() => document.querySelectorAll('[data-testid=stDataFrame] canvas').length >= 3
    && document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]") !== null"""


def cold_starts(home: Path, runs: int) -> None:
    """Print each run and the medians: listening, heading, drawn; the server's processor seconds."""
    rows = []
    with chromium() as browser:
        for turn in range(runs):
            row = _start(browser, home)
            rows.append(row)
            said = ", ".join(f"{name} {value:.1f} s" for name, value in row.items())
            print(f"run {turn + 1}: {said}; load {os.getloadavg()[0]:.1f}", flush=True)
    for name in rows[0]:
        values = [row[name] for row in rows]
        print(f"{name}: median {statistics.median(values):.1f} s ({min(values):.1f}–{max(values):.1f})")


def _start(browser: Browser, home: Path) -> dict[str, float]:
    port = free_port()
    environment = os.environ | {"DUANLIAN_HOME": str(home)}
    environment["PYTHONPATH"] = os.environ.get("PYTHONPATH", str(CHECKOUT))
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    found: dict[str, float] = {}
    with subprocess.Popen(
        command, cwd=CHECKOUT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            while not _listens(port):
                time.sleep(0.02)
            found["listening"] = time.monotonic() - began
            with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
                page = context.new_page()
                page.set_default_timeout(120_000)
                page.goto(f"http://127.0.0.1:{port}/", wait_until="commit")
                page.wait_for_selector('[data-testid="stHeading"]')
                found["heading"] = time.monotonic() - began
                page.wait_for_function(_DRAWN)
                found["drawn"] = time.monotonic() - began
        finally:
            server.terminate()
            server.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found["server's processor"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return found


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0
