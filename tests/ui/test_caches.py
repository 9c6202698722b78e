"""What all sessions of a server share holds nothing that a reader's mask or case has made."""

import ast
from pathlib import Path

UI = Path(__file__).parents[2] / "ui"
SHARED = {
    "words.all_words": "the texts of the interface",
    "rule_titles.rules_by_id": "the rule files",
    "rule_titles._titles": "the titles of the rule files",
    "widget.component": "the registered canvas",
    "flow.component": "the registered flow chart",
    "time_axis.component": "the registered time axis",
    "overview.component": "the registered overview of a chart",
    "desk._engine": "the engine over a home's tables, before any mask: each desk masks what it reads",
}
"""Every answer that is kept for the whole server, with what it holds. Add one only with its reason."""
OF_A_READER = {"scope", "words", "settings", "handles", "handle", "ref_of"}


def cached(tree: ast.AST) -> list[ast.FunctionDef]:
    """Functions whose answer is kept beyond a session."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and any("cache" in ast.unparse(d) for d in node.decorator_list)
    ]


def test_nothing_of_a_reader_is_kept_in_what_all_users_share() -> None:
    found = set()
    for path in sorted([*UI.rglob("*.py"), UI.parent / "app.py"]):
        for function in cached(ast.parse(path.read_text(encoding="utf-8"))):
            found.add(f"{path.stem}.{function.name}")
            reads = {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
            assert not reads & OF_A_READER, function.name
            assert "session_state" not in reads, function.name
    assert found == set(SHARED), "state here what a new shared answer holds"
