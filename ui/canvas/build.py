"""Bundles the canvas sources and installs them into the running environment: `python -m ui.canvas.build`."""

import argparse
import hashlib
import itertools
import json
import logging
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from graph.errors import DuanlianError

log = logging.getLogger(__name__)

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
PACKAGE = "duanlian_canvas"
STAMP = "stamp.txt"
BUNDLED = (
    "cytoscape", "cytoscape-fcose", "cose-base", "layout-base",
    "d3-sankey", "d3-array", "d3-shape", "d3-path", "internmap",
    "sigma", "graphology", "graphology-types", "graphology-utils", "events",
)  # fmt: skip
# Each is one step of the recipe; a step that hangs (no network) must not hold `make` for ever.
STEP_TIMEOUT_S = 600


class CanvasBuildFailed(DuanlianError):
    """A step of the canvas build ended with an error; `facts["step"]` names it."""

    code = "CANVAS_BUILD"


def source_files(root: Path = HERE) -> list[Path]:
    """All files the installed canvas depends on, in a stable order."""
    single = [root / name for name in ("build.py", "package.json", "package-lock.json", ".npmrc")]
    package = [root / PACKAGE / name for name in ("__init__.py", "pyproject.toml")]
    return single + package + sorted(p for p in (root / "js").rglob("*") if p.is_file())


def source_hash(root: Path = HERE) -> str:
    """SHA-256 over names and contents of `source_files`; changes when any of them does."""
    digest = hashlib.sha256()
    for path in source_files(root):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def installed_hash(site: Path | None = None) -> str | None:
    """The stamp of the canvas in this environment (or in folder `site`); None when it isn't installed.

    The stamp travels inside the package, so a new environment is never mistaken for a built one.
    """
    folder = site if site is not None else Path(sysconfig.get_path("purelib"))
    try:
        return (folder / PACKAGE / STAMP).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


def cache_folder() -> Path:
    """Where downloads and half-built files lie: DUANLIAN_CACHE, or `.cache` of the checkout."""
    return Path(os.environ.get("DUANLIAN_CACHE") or CHECKOUT / ".cache").resolve()


def build(*, force: bool = False) -> bool:
    """Bundle and install the canvas unless the installed one comes from these sources; True if built.

    Work happens in `cache_folder()`, never in the source folder. Raises CanvasBuildFailed.
    """
    wanted = source_hash()
    if not force and installed_hash() == wanted:
        return False
    scripts = Path(sys.executable).parent
    for tool in ("node", "npm"):
        if not (scripts / tool).exists():
            raise CanvasBuildFailed(
                f"{tool} is missing in the environment; install requirements.txt, then run the build again.",
                step=tool,
            )
    work = cache_folder() / "canvas"
    shutil.rmtree(work, ignore_errors=True)
    bundle = work / "bundle"
    shutil.copytree(HERE / "js", bundle / "js")
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy2(HERE / name, bundle / name)
    run_bundler(bundle, scripts, work / "package" / "frontend" / "dist")
    install(work / "package", wanted)
    shutil.rmtree(work, ignore_errors=True)
    return True


def run_bundler(bundle: Path, scripts: Path, dist: Path) -> None:
    """Fetch the locked packages; write each bundle as `NAME-<hash>.js`, and the licences, into `dist`."""
    environment = os.environ | {
        # Another Node may come first on the user's PATH.
        "PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}",
        "npm_config_cache": str(cache_folder() / "npm"),
        # Trust what the system trusts: a mirror may have a certificate of the house.
        "NODE_OPTIONS": f"{os.environ.get('NODE_OPTIONS', '')} --use-system-ca".strip(),
    }
    npm = [str(scripts / "npm"), "ci", "--ignore-scripts", "--loglevel=error"]
    run_step("npm ci", npm, bundle, environment)
    esbuild = [
        str(bundle / "node_modules" / ".bin" / "esbuild"),
        "index=js/main.js",
        "flow=js/flow/main.js",
        "time=js/time/main.js",
        "overview=js/overview/main.js",
        "--bundle",
        "--format=esm",
        "--minify",
        "--target=es2022",
        "--charset=utf8",
        "--legal-comments=eof",
        "--loader:.css=text",
        "--entry-names=[name]-[hash]",
        "--log-level=warning",
        f"--outdir={dist}",
    ]
    run_step("esbuild", esbuild, bundle, environment)
    (dist / "LICENSES.txt").write_text(licence_texts(bundle / "node_modules"), encoding="utf-8")


def licence_texts(modules: Path) -> str:
    """Name, version, licence and licence text of every bundled package, as their licences ask for."""
    parts = []
    for name in BUNDLED:
        facts = json.loads((modules / name / "package.json").read_text(encoding="utf-8"))
        texts = sorted(p for p in (modules / name).iterdir() if p.name.upper().startswith("LICEN"))
        body = "\n".join(p.read_text(encoding="utf-8") for p in texts)
        parts.append(f"{name} {facts['version']} ({facts['license']})\n\n{body.strip()}\n")
    return "\n---\n\n".join(parts)


def install(package: Path, stamp: str) -> None:
    """Install the staged package into the running environment, without asking any index."""
    for name in ("__init__.py", "pyproject.toml"):
        shutil.copy2(HERE / PACKAGE / name, package / name)
    (package / STAMP).write_text(stamp + "\n", encoding="ascii")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--force-reinstall", "--disable-pip-version-check", str(package)]
    run_step("pip install", command, package, dict(os.environ))


def run_step(step: str, command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Run one command; its last line of error output goes into the message."""
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=STEP_TIMEOUT_S
        )
    except subprocess.TimeoutExpired as error:
        raise CanvasBuildFailed(
            f"{step} took more than {STEP_TIMEOUT_S} s; check the network and run the build again.", step=step
        ) from error
    if done.returncode != 0:
        lines = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()
        raise CanvasBuildFailed(
            f"{step} failed ({lines[-1].strip()}); correct that and run the build again.",
            step=step,
            output=lines[-20:],
        )


def compile_places() -> None:
    """Compile the loops that place a large chart's nodes, so that no first chart waits for them."""
    from cases.places import place_hints
    from graph.contract import Ref

    chain = [Ref("Account", str(number)) for number in range(6)]
    place_hints(chain, itertools.pairwise(chain))


def main() -> int:
    """Exit code 0 when the canvas is in place, 1 when a step failed."""
    parser = argparse.ArgumentParser(
        prog="python -m ui.canvas.build",
        description="Bundle the network canvas and install it; does nothing when it is already in place.",
        epilog="examples:\n  python -m ui.canvas.build\n  python -m ui.canvas.build --force --json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    options = parser.parse_args()
    try:
        built = build(force=options.force)
        compile_places()
    except CanvasBuildFailed as error:
        print(error.message, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps({"built": built, "stamp": source_hash()}))
    elif built:
        print("Network canvas built and installed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
