"""Makes a Chromium available to the browser tests: the system's, Debian's, playwright's, or none."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """Path of the Chromium to use (DUANLIAN_CHROMIUM first), None when there is none."""
    chosen = os.environ.get("DUANLIAN_CHROMIUM")
    if chosen:
        return chosen
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in found if path), None) or downloaded()


def downloaded() -> str | None:
    """The Chromium that playwright brought, None when it has none."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and os.path.exists(path) else None  # noqa: PTH110  (a plain string from outside)


def install() -> str | None:
    """Try the system's package manager, then playwright's own download; the path, None when neither works."""
    if chromium():
        return chromium()
    attempts = []
    if shutil.which("apt-get") and os.geteuid() == 0:
        attempts += [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]]
    attempts.append([sys.executable, "-m", "playwright", "install", "chromium"])
    for command in attempts:
        if command[0] == sys.executable and chromium():
            break
        subprocess.run(  # the next attempt follows when this one fails
            command,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            timeout=900,
        )
    return chromium()


if __name__ == "__main__":
    path = install()
    print(
        f"browser tests use {path}" if path else "no Chromium can be had: the browser tests will be skipped"
    )
