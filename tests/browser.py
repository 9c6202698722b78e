"""Serves a Streamlit script on a free loopback port and opens it in the system's Chromium, for tests."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.chromium import chromium as installed_chromium

READY_TIMEOUT_S = 60
EXPECT_TIMEOUT_MS = 60_000
CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ColourScheme = Literal["light", "dark"]


@dataclass
class WatchedPage:
    """A page and what it did behind the user's back: requests that left the machine, errors it logged."""

    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def note_request(self, request: Request) -> None:
        """Keep the address of a request whose host isn't this machine."""
        if urlsplit(request.url).scheme not in ("data", "blob", "about"):
            host = urlsplit(request.url).hostname
            if host not in ("127.0.0.1", "localhost"):
                self.outside.append(request.url)

    def note_console(self, message: ConsoleMessage) -> None:
        """Keep console errors and warnings."""
        if message.type in ("error", "warning"):
            self.errors.append(f"{message.type}: {message.text}")

    def note_failure(self, error: Exception) -> None:
        """Keep an exception no script of the page caught."""
        self.errors.append(f"uncaught: {error}")

    def assert_quiet(self) -> None:
        """Fail when a request left the machine or the page logged an error or a warning."""
        assert self.outside == [], f"requests left this machine: {self.outside}"
        assert self.errors == [], f"the page logged: {self.errors}"


def chromium_path() -> str:
    """Path of an installed Chromium; skips the test, with the reason, where there is none."""
    found = installed_chromium()
    if found is None:
        pytest.skip("no Chromium found; run `make setup-dev` or install the package chromium")
    return found


def free_port() -> int:
    """A port of the loopback address that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def streamlit_app(
    script_path: Path,
    *,
    env: Mapping[str, str] | None = None,
    args: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Iterator[str]:
    """Serve a script while the block runs and give its address; the server is gone afterwards.

    env: added to this process's environment. args: handed to the script. settings: Streamlit's own, such as
    {"theme.base": "dark"}. cwd: the checkout by default, whose .streamlit/config.toml then applies.
    """
    checkout = Path(__file__).resolve().parent.parent
    port = free_port()
    options = {
        "server.address": "127.0.0.1",
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
    } | dict(settings or {})
    command = [sys.executable, "-m", "streamlit", "run", str(script_path)]
    command += [f"--{name}={value}" for name, value in options.items()]
    if args:
        command += ["--", *args]
    environment = os.environ | {"PYTHONPATH": str(checkout)} | dict(env or {})
    with subprocess.Popen(
        command, cwd=cwd or checkout, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            wait_until_ready(server, port)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()


def wait_until_ready(server: "subprocess.Popen[bytes]", port: int) -> None:
    """Return when the server answers its health check; fail when it ended or the time is over."""
    deadline = time.monotonic() + READY_TIMEOUT_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"the Streamlit server ended with code {server.returncode} before it was ready")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the Streamlit server wasn't ready after {READY_TIMEOUT_S} s")


@contextmanager
def chromium() -> Iterator[Browser]:
    """One headless Chromium while the block runs; expectations wait long: nothing here measures time."""
    path = chromium_path()
    expect.set_options(timeout=EXPECT_TIMEOUT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_page(
    browser: Browser, *, width: int = 1280, height: int = 900, scheme: ColourScheme = "light"
) -> Iterator[WatchedPage]:
    """A page in a context of its own; at the end it must have been quiet (`WatchedPage.assert_quiet`)."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        locale="en-US",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    watched = WatchedPage(context.new_page())
    watched.page.set_default_timeout(20_000)
    context.on("request", watched.note_request)
    watched.page.on("console", watched.note_console)
    watched.page.on("pageerror", watched.note_failure)
    try:
        yield watched
        watched.assert_quiet()
    finally:
        context.close()


@contextmanager
def chromium_page(
    *, width: int = 1280, height: int = 900, scheme: ColourScheme = "light"
) -> Iterator[WatchedPage]:
    """`open_page` in a Chromium of its own."""
    with chromium() as browser, open_page(browser, width=width, height=height, scheme=scheme) as watched:
        yield watched
