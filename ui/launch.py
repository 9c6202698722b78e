"""What `make run` does: sample or your files, load, detect, local Neo4j beside it, the app on loopback."""

import argparse
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from detect.store import detection_state
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables
from graph.settings import Settings

log = logging.getLogger(__name__)

CHECKOUT = Path(__file__).resolve().parent.parent
EXAMPLES = """examples:
  python -m ui.launch                     sample data, app on http://127.0.0.1:8501
  python -m ui.launch --data ~/sheets     your own files
  python -m ui.launch --no-neo4j          without the local Neo4j
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the stages that are still to do, then the app until it is stopped; the app's exit code."""
    given = _parser().parse_args(arguments)
    # A service manager stops with SIGTERM: as clean an end as Ctrl-C, Neo4j included.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    home = Settings().lake
    if not _port_free(given.host, given.port):
        sys.stderr.write(f"Port {given.port} is in use; run again with `make run PORT={given.port + 1}`.\n")
        return 1
    if given.data is not None and not given.data.exists():
        sys.stderr.write(f"There is no {given.data}; name a file or folder that exists with DATA=path.\n")
        return 2
    if not prepare(home, given.data):
        return 1
    neo4j = not given.no_neo4j and Settings().neo4j_url == "neo4j:local"
    beside = Beside(home)
    if neo4j:
        threading.Thread(target=beside.run, daemon=True).start()
    try:
        return _app(home, given.host, given.port)
    except KeyboardInterrupt:
        return 0
    finally:
        if neo4j:
            beside.close()


def prepare(home: LakeHome, data: Path | None) -> bool:
    """Data, lake and findings, each made only when it is missing or older than what it comes from."""
    source = data
    if source is None and not any(open_tables(home).rows.values()):
        source = home.root / "sample"
        if not (source / "truth").is_dir():
            print("Making the sample: an invented world of 20,000 accounts ...", flush=True)
            if stage("simulate", "--out", str(source)) != 0:
                return False
    if source is not None:
        print(f"Loading {source.name} ...", flush=True)
        files = [str(source)]
        # Exit code 1 says that rows or files were refused: the app shows them and goes on.
        if stage("ingest", *files, home=home) not in (0, 1):
            return False
    if any(open_tables(home).rows.values()) and detection_state(home) != "fresh":
        print("Detecting ...", flush=True)
        if stage("detect", home=home) not in (0, 1):
            return False
    return True


def stage(module: str, *arguments: str, home: LakeHome | None = None, quiet: bool = False) -> int:
    """Run one stage command as a process of its own; its exit code."""
    command = [sys.executable, "-m", module, *arguments]
    if home is not None:
        command += ["--lake", str(home.root)]
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, cwd=CHECKOUT, check=False, stdout=output, stderr=output).returncode


class Beside:
    """The local Neo4j, started and filled while the app is already open; ends with the app."""

    def __init__(self, home: LakeHome) -> None:
        self._home = home
        self._closing = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Start, then bring to the lake's state; what went wrong is one line, the app goes on."""
        if not self._step("start"):
            self._say(
                "The local Neo4j did not start (`python -m graph neo4j start` says why); all else works."
            )
        elif not self._step("sync"):
            self._say("Neo4j could not be brought to the lake's state; see `python -m graph neo4j sync`.")
        else:
            self._say("The local Neo4j runs and equals the lake.")

    def close(self) -> None:
        """End a step under way, then the server; nothing is left behind."""
        self._closing.set()
        child = self._child
        if child is not None and child.poll() is None:
            child.terminate()
            child.wait()
        stage("graph", "neo4j", "stop", home=self._home, quiet=True)

    def _step(self, name: str) -> bool:
        if self._closing.is_set():
            return False
        command = [sys.executable, "-m", "graph", "neo4j", name, "--lake", str(self._home.root)]
        self._child = subprocess.Popen(
            command, cwd=CHECKOUT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        return self._child.wait() == 0

    def _say(self, sentence: str) -> None:
        if not self._closing.is_set():
            print(sentence, flush=True)


def _app(home: LakeHome, host: str, port: int) -> int:
    print(f"Opening http://{host}:{port} (stop with Ctrl-C) ...", flush=True)
    environment = os.environ | {"DUANLIAN_HOME": str(home.root), "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += ["--server.port", str(port), "--server.address", host]
    return subprocess.run(command, cwd=CHECKOUT, check=False, env=environment).returncode


def _port_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ui.launch",
        description="Prepare what is missing and open the app.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, help="file or folder to load; without it the sample is made")
    parser.add_argument("--port", type=int, default=8501, help="port of the app (default 8501)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--no-neo4j", action="store_true", help="leave the local Neo4j alone")
    return parser


if __name__ == "__main__":
    sys.exit(main())
