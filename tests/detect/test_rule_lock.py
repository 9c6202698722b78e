"""The lock of the library: bodies, revisions and uuids."""

import json
from pathlib import Path

import pytest

from detect.library import derived_files, refresh, stale_files
from detect.rule import load_rules
from detect.rule_fields import RuleFields
from detect.rule_lock import body_digest, lock_problems, next_lock, read_lock
from detect.rule_words import FIELD_WORDS, blank_template
from graph.errors import InvalidRule
from graph.safe_yaml import parse_yaml
from tests.detect.rule_samples import TEXT, fields, rule

LOCK = next_lock([rule()], {})


def test_words_may_change_without_a_new_revision() -> None:
    assert lock_problems([rule(title={"zh": "新名", "en": "new"}, status="draft")], LOCK) == []


def test_a_changed_threshold_or_text_needs_a_higher_revision() -> None:
    parameters = fields()["parameters"]
    changed = {"parameters": parameters | {"min_holders": parameters["min_holders"] | {"default": 4}}}
    assert lock_problems([rule(**changed)], LOCK) == ["Z01 has a changed body; give it revision 3."]
    assert lock_problems([rule(revision=3, **changed)], LOCK) == []
    assert lock_problems([rule(query=fields()["query"] + " // x")], LOCK) != []
    assert next_lock([rule(revision=3, **changed)], LOCK)[rule().uuid]["revision"] == 3


def test_a_lower_revision_a_reused_uuid_and_a_vanished_rule_are_refused() -> None:
    assert "2 was locked" in lock_problems([rule(revision=1)], LOCK)[0]
    assert "uuid of Z01" in lock_problems([rule(id="Z02")], LOCK)[0]
    assert "is gone" in lock_problems([], LOCK)[0]
    with pytest.raises(InvalidRule, match="is gone"):
        next_lock([], LOCK)


def test_a_digest_depends_on_nothing_but_the_body() -> None:
    assert body_digest(rule()) == body_digest(rule(message={"zh": "甲", "en": "a"}))
    assert body_digest(rule()) != body_digest(rule(exclude=["family"]))


def _library(folder: Path) -> Path:
    (folder / "devices").mkdir()
    (folder / "devices" / "device_shared_by_holders.yml").write_text(TEXT, encoding="utf-8")
    return folder


def test_derived_files_are_written_once_and_then_fresh(tmp_path: Path) -> None:
    folder, page = _library(tmp_path), tmp_path / "docs" / "queries.md"
    assert len(stale_files(load_rules(folder), folder, page)) == 4
    assert len(refresh(folder, page)) == 4
    assert stale_files(load_rules(folder), folder, page) == [] and refresh(folder, page) == []
    page.write_text("old", encoding="utf-8")
    assert refresh(folder, page) == [page]


def test_the_page_tells_every_rule_and_the_schema_every_field(tmp_path: Path) -> None:
    folder, page = _library(tmp_path), tmp_path / "queries.md"
    files = derived_files(load_rules(folder), folder, page)
    for words in (
        "Z01",
        "最少持有人数",
        "a shared terminal in a branch",
        "`window` | duration | PT24H | PT1H … P30D",
    ):
        assert words in files[page]
    schema = json.loads(files[folder / "schema.json"])
    assert set(schema["properties"]) == set(RuleFields.model_fields)


def test_a_damaged_lock_is_named(tmp_path: Path) -> None:
    assert read_lock(tmp_path) == {}
    (tmp_path / "lock.json").write_text("{", encoding="utf-8")
    with pytest.raises(InvalidRule, match="damaged"):
        read_lock(tmp_path)


def test_the_blank_template_names_every_field_in_order() -> None:
    assert list(FIELD_WORDS) == list(RuleFields.model_fields)
    read = parse_yaml(blank_template().encode(), "blank.yml")
    optional = {"reason", "successor", "sql", "query", "detector", "evidence"}
    assert set(read) == set(RuleFields.model_fields) - optional
