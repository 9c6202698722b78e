"""The limits of size, names and layers, checked over every file that git tracks."""

import ast
import re
import subprocess
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("graph", "ingest", "simulate", "detect", "funds", "cases", "export", "ui")
FORBIDDEN_NAMES = re.compile(
    r"^(utils?|helpers?|helper_.*|common|base|manager|misc|core|lib|new_.*|process_.*|handle_.*)$"
)


def tracked(*patterns: str) -> list[Path]:
    """Files that git tracks; the whole tree where there is no git."""
    answer = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, check=True)  # noqa: S607
    return [ROOT / name for name in answer.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def python_files() -> list[Path]:
    return tracked("*.py")


def test_no_python_file_is_above_400_lines() -> None:
    long = {
        str(p.relative_to(ROOT)): n for p in python_files() if (n := len(p.read_text().splitlines())) > 400
    }
    assert long == {}


def test_no_function_is_above_60_lines() -> None:
    long = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > 60:
                    long.append(f"{path.relative_to(ROOT)}:{node.name} {length}")
    assert long == []


def test_every_module_begins_with_a_sentence_saying_what_it_is() -> None:
    bare = []
    for path in python_files():
        inside = path.relative_to(ROOT).parts
        if inside[0] in (*PACKAGES, "app.py", "bench"):
            doc = ast.get_docstring(ast.parse(path.read_text()))
            first = path.read_text().lstrip().splitlines()[:1]
            if not doc or not first or not first[0].startswith(('"""', "'''")):
                bare.append(str(path.relative_to(ROOT)))
    assert bare == []


def test_names_say_something() -> None:
    assert [str(p.relative_to(ROOT)) for p in python_files() if FORBIDDEN_NAMES.match(p.stem)] == []


def test_no_init_file_is_more_than_a_door() -> None:
    assert [
        str(p) for p in python_files() if p.name == "__init__.py" and len(p.read_text().splitlines()) > 40
    ] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_dependency_ships_a_package_of_our_name(package: str) -> None:
    owners = {
        dist.metadata["Name"]
        for dist in metadata.distributions()
        for file in dist.files or ()
        if file.parts[0] == package and file.suffix == ".py"
    }
    assert owners == set()


def test_nothing_names_this_machine_or_a_package_registry() -> None:
    host = re.compile(r"//(registry|repo[0-9]?|files|proxy|index|deb)\.[a-z]+|/simple/?[\"' ]|maven2")
    path = re.compile(r"(^|[^A-Za-z0-9._-])/(work|farm|root)/[a-z.]")
    found = []
    for file in tracked():
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if file == Path(__file__):
            continue
        if host.search(text) or path.search(text):
            found.append(str(file.relative_to(ROOT)))
    assert found == []


def test_requirements_are_hashed_and_name_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-setup.txt"):
        lines = (ROOT / name).read_text().splitlines()
        pins = [line for line in lines if "==" in line]
        assert pins
        assert all(line.rstrip().endswith("\\") for line in pins)
        assert not [line for line in lines if "://" in line or line.startswith("-i ")]


def test_only_connect_names_the_engines() -> None:
    importing = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in tracked(f"{package}/*.py")
        if not path.is_relative_to(ROOT / "graph/engines")
        and re.search(r"^\s*(from|import) graph\.engines", path.read_text(), re.MULTILINE)
    }
    # projection.py administers the local server; whoever works with a graph goes through connect.py.
    assert importing <= {"graph/connect.py", "graph/projection.py"}


def test_py2neo_has_exactly_one_place() -> None:
    users = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in tracked(f"{package}/*.py")
        if re.search(r"^\s*(from|import) py2neo", path.read_text(), re.MULTILINE)
    ]
    assert len(users) == 1 and users[0].startswith("export/")
