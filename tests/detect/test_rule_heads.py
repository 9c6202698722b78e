"""Titles read from the heads of rule files."""

from pathlib import Path

from detect.rule import open_library
from detect.rule_heads import rule_titles


def test_the_titles_are_those_of_the_whole_library() -> None:
    library = {rule.id: {"zh": rule.title.zh, "en": rule.title.en} for rule in open_library().rules}
    assert len(library) > 30
    assert rule_titles() == library


def test_files_without_id_or_title_are_left_out_and_the_first_of_two_counts(tmp_path: Path) -> None:
    theme = tmp_path / "cards"
    theme.mkdir()
    (theme / "a.yml").write_text(
        "id: C01\nauthors: [x, y]\ntitle:\n  zh: 甲\n  en: 'First: one'\nid2: 1\n", "utf-8"
    )
    (theme / "b.yml").write_text("id: C01\ntitle: {zh: 乙, en: Second}\n", "utf-8")
    (theme / "c.yml").write_text("id: C02\ntitle: {zh: 丙}\n", "utf-8")
    (theme / "d.yml").write_text("title: {zh: 丁, en: D}\n", "utf-8")
    (theme / "e.yml").write_text("id: C03\n\ttitle: [", "utf-8")
    (theme / "f.yml").write_bytes(b"\xff\xfe\x00")
    assert rule_titles(tmp_path) == {"C01": {"zh": "甲", "en": "First: one"}}
