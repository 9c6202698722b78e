"""The sources of the canvas: their stamp, texts and sizes, and that nothing parses data as markup."""

import json
import re
import shutil
from pathlib import Path

from ui.canvas import build
from ui.canvas.words import CANVAS_WORDS

JS = build.HERE / "js"


def copy_sources(folder: Path) -> Path:
    """The files the stamp depends on, alone in a folder."""
    for path in build.source_files():
        target = folder / path.relative_to(build.HERE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    return folder


def test_the_stamp_depends_on_contents_alone(tmp_path: Path) -> None:
    copy = copy_sources(tmp_path)
    assert build.source_hash(copy) == build.source_hash()
    script = copy / "js" / "main.js"
    script.touch()
    assert build.source_hash(copy) == build.source_hash()


def test_any_changed_added_or_renamed_source_changes_the_stamp(tmp_path: Path) -> None:
    copy = copy_sources(tmp_path)
    seen = {build.source_hash(copy)}
    for path in build.source_files(copy):
        path.write_bytes(path.read_bytes() + b"\n")
        seen.add(build.source_hash(copy))
    assert len(seen) == len(build.source_files(copy)) + 1
    (copy / "js" / "more.js").write_text("// more\n", encoding="utf-8")
    added = build.source_hash(copy)
    (copy / "js" / "more.js").rename(copy / "js" / "other.js")
    assert len({*seen, added, build.source_hash(copy)}) == len(seen) + 2


def test_an_environment_without_the_canvas_has_no_stamp(tmp_path: Path) -> None:
    assert build.installed_hash(tmp_path) is None
    (tmp_path / build.PACKAGE).mkdir()
    (tmp_path / build.PACKAGE / build.STAMP).write_text("abc\n", encoding="ascii")
    assert build.installed_hash(tmp_path) == "abc"


def test_the_lock_carries_hashes_and_no_address() -> None:
    text = (build.HERE / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in text
    assert '"resolved"' not in text
    packages = json.loads(text)["packages"]
    assert all("integrity" in facts for name, facts in packages.items() if name)


def test_every_bundled_package_has_a_permissive_licence() -> None:
    packages = json.loads((build.HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    bundled = {
        name.removeprefix("node_modules/"): facts for name, facts in packages.items() if "dev" not in facts
    }
    bundled.pop("")
    assert set(bundled) == set(build.BUNDLED)
    assert {facts["license"] for facts in bundled.values()} == {"MIT", "BSD-3-Clause", "ISC"}


def test_the_browser_asks_only_for_texts_that_exist_and_for_all_of_them() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted(JS.glob("*.js")))
    # Names are written out, or listed: `layout_force` from "force", buttons by their name.
    asked = set(re.findall(r'"([a-z_]+)"', source)) | set(
        re.findall(r"^ {4}([a-z_]+): (?:button\(|\(\) => )", source, re.M)
    )
    layouts = {f"layout_{name}" for name in ("force", "layers", "radial", "time", "preset", "geo")}
    strengths = {f"strength_{name}" for name in ("confirmed", "unconfirmed", "tentative", "recorded")}
    assert set(CANVAS_WORDS) - layouts - strengths - asked == set()
    written = set(re.findall(r'(?:say|item)\((?:app\.say\()?"([a-z_]+)"', source))
    assert written - set(CANVAS_WORDS) == set()


def test_no_source_parses_data_as_markup_or_reaches_out() -> None:
    for path in sorted(JS.rglob("*.js")):
        source = path.read_text(encoding="utf-8")
        for forbidden in (
            "innerHTML",
            "outerHTML",
            "insertAdjacent",
            "document.write",
            "eval(",
            "fetch(",
            "XMLHttp",
        ):
            assert forbidden not in source, f"{path.name}: {forbidden}"


def test_sources_stay_small() -> None:
    for path in sorted(p for p in JS.rglob("*") if p.is_file()):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path.name
