"""The jar lock and its fetching: pinned, without addresses, checked after download, mirrors honoured."""

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from graph.engines.neo4j_gds.maven import ROOTS, Jar, fetch, locked_jars, mirror_of_central, settings_files
from graph.errors import EngineUnavailable

_SETTINGS = "<settings><mirrors>{}</mirrors></settings>"
_MIRROR = "<mirror><id>m</id><mirrorOf>{of}</mirrorOf><url>{url}</url>{more}</mirror>"


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a Maven mirror on loopback that an otherwise empty HOME names in its settings."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings = tmp_path / "home" / ".m2" / "settings.xml"
    settings.parent.mkdir(parents=True)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    settings.write_text(_SETTINGS.format(_MIRROR.format(of="*", url=url, more="")), encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("M2_REPO", raising=False)
    yield folder
    server.shutdown()
    server.server_close()


def _jar(content: bytes) -> Jar:
    return Jar("org.example.invented", "thing", "1.0", "", hashlib.sha256(content).hexdigest())


def _publish(folder: Path, jar: Jar, content: bytes) -> None:
    place = folder / jar.path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)


def test_the_lock_pins_every_jar_by_sha256_and_names_no_address() -> None:
    jars = locked_jars()
    assert len(jars) > 300
    assert all(len(jar.sha256) == 64 and set(jar.sha256) <= set("0123456789abcdef") for jar in jars)
    assert len({jar.path for jar in jars}) == len(jars)
    assert set(ROOTS) <= {f"{jar.group}:{jar.artifact}:{jar.version}" for jar in jars}
    assert "//" not in "".join(str(jar) for jar in jars)
    assert sum(jar.is_plugin for jar in jars) == 13


def test_a_jar_comes_from_the_machines_mirror_and_is_kept(tmp_path: Path, mirror: Path) -> None:
    jar = _jar(b"right")
    _publish(mirror, jar, b"right")
    seen: list[tuple[int, int]] = []
    fetch([jar], tmp_path / "repository", lambda done, total: seen.append((done, total)))
    assert (tmp_path / "repository" / jar.path).read_bytes() == b"right"
    assert seen == [(1, 1)]
    (mirror / jar.path).unlink()
    fetch([jar], tmp_path / "repository")


def test_a_jar_that_differs_from_the_lock_is_refused_and_does_not_stay(tmp_path: Path, mirror: Path) -> None:
    jar = _jar(b"right")
    _publish(mirror, jar, b"tampered")
    with pytest.raises(EngineUnavailable, match="not the locked one"):
        fetch([jar], tmp_path / "repository")
    assert not (tmp_path / "repository" / jar.path).exists()


def test_a_damaged_jar_in_the_cache_is_fetched_again(tmp_path: Path, mirror: Path) -> None:
    jar = _jar(b"right")
    _publish(mirror, jar, b"right")
    _publish(tmp_path / "repository", jar, b"cut of")
    fetch([jar], tmp_path / "repository")
    assert (tmp_path / "repository" / jar.path).read_bytes() == b"right"


def test_a_jar_that_nobody_has_is_named(tmp_path: Path, mirror: Path) -> None:
    with pytest.raises(EngineUnavailable, match=r"thing-1\.0\.jar .*make setup"):
        fetch([_jar(b"right")], tmp_path / "repository")


def test_the_users_own_maven_repository_is_read_and_never_written(tmp_path: Path, mirror: Path) -> None:
    jar = _jar(b"right")
    own = tmp_path / "home" / ".m2" / "repository"
    _publish(own, jar, b"right")
    before = sorted(own.rglob("*"))
    fetch([jar], tmp_path / "repository")
    assert (tmp_path / "repository" / jar.path).read_bytes() == b"right"
    assert sorted(own.rglob("*")) == before


@pytest.mark.parametrize(
    ("of", "more", "taken"),
    [
        ("central", "", True), ("*", "", True), ("external:*", "", True), ("*,!central", "", False),
        ("other", "", False), ("*", "<blocked>true</blocked>", False), ("external:http:*", "", False),
    ],
)  # fmt: skip
def test_only_a_mirror_of_the_central_repository_is_taken(
    tmp_path: Path, of: str, more: str, taken: bool
) -> None:
    file = tmp_path / "settings.xml"
    file.write_text(_SETTINGS.format(_MIRROR.format(of=of, url="https://mirror.invalid/maven", more=more)))
    assert mirror_of_central([file]) == ("https://mirror.invalid/maven" if taken else None)


def test_damaged_or_missing_settings_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "settings.xml").write_text("<settings><mirr")
    assert mirror_of_central([tmp_path / "settings.xml", tmp_path / "none.xml"]) is None
    assert tmp_path / ".m2" / "settings.xml" not in settings_files({"HOME": str(tmp_path)})
