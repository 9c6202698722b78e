"""The rule format: what a file must say, what is refused and how the refusal names file and field."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from detect.rule import load_rule, load_rules, open_library
from graph.errors import InputError, InvalidRule
from tests.detect.rule_samples import SQL, TEXT, fields, rule


def test_a_complete_file_loads_with_typed_parameters() -> None:
    read = rule()
    assert read.form == "query" and read.returned == ("subject", "holders", "since")
    assert read.parameter_values() == {"min_holders": 3, "window": timedelta(hours=24)}
    assert read.parameter_values({"window": "P2D"})["window"] == timedelta(days=2)


def test_a_rule_cant_be_changed() -> None:
    with pytest.raises(Exception, match="frozen"):
        rule().revision = 9


def test_sql_and_detector_are_the_other_two_bodies() -> None:
    assert rule(**SQL).form == "sql"
    declared = {"query": None, "evidence": None, "detector": "fan", "columns": SQL["columns"]}
    assert rule(**declared).returned == ("subject", "holders", "since")


EXAMPLES = fields()["examples"]
NO_WINDOW = fields()["query"].replace("WITH d,", "WHERE l.at <= l.at + $window WITH d,")
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"id": "X"}, "id"),
    ({"uuid": "no"}, "uuid"),
    ({"revision": 0}, "revision"),
    ({"revision": "2"}, "revision"),
    ({"name": "other_name"}, "name: it must be the file's name"),
    ({"title": {"zh": "", "en": "x"}}, "title.zh"),
    ({"title": {"zh": "名"}}, "title.en"),
    ({"colour": "red"}, "colour"),
    ({"limits": []}, "limits"),
    ({"changed": fields()["created"].replace(year=2020)}, "changed is before created"),
    ({"status": "retired"}, "states its reason"),
    ({"region": "430100"}, "region's own rule"),
    ({"answers": ["HN-99"]}, "HN-99 is no known clause"),
    ({"answers": []}, "answers"),
    ({"exclude": ["aliens"]}, "aliens is no known exception"),
    ({"basis": "X"}, "basis"),
    ({"confidence": 0.95}, "confidence of a rule of medium severity"),
    ({"needs": {"relations": ["HOLDS"], "promises": ["cypher"]}}, "needs.relations lacks LOGGED_IN"),
    ({"needs": {"relations": ["HOLDS", "LOGGED_IN", "SMS"], "promises": ["cypher"]}}, "needs names SMS"),
    ({"needs": {"relations": ["HOLDS", "LOGGED_IN"]}}, "promises"),
    ({"needs": {"relations": ["CONTROLS"], "promises": ["cypher"]}}, "stores no relation CONTROLS"),
    ({"needs": {"properties": ["Account.colour"]}}, "no property Account.colour"),
    ({"sql": "SELECT 1 AS subject ORDER BY 1"}, "exactly one of sql, query, detector"),
    ({"query": None, "evidence": None}, "exactly one of sql, query, detector"),
    ({"query": None, "detector": "fan", "evidence": None}, "declares the columns"),
    ({"query": NO_WINDOW, "evidence": None, "status": "stable"}, "a stable rule has evidence"),
    ({"evidence": None}, "parameters.window is used neither"),
    ({"message": {"zh": "{nobody}", "en": "x"}}, "message.zh uses {nobody}"),
    ({"message": {"zh": "{{subject}}", "en": "x"}}, "brace"),
    ({"columns": {"subject": {"node": "Device", "zh": "设备", "en": "device"}}}, "columns must list"),
    ({"columns": {"subject": {"zh": "设备", "en": "device"}}}, "exactly one of node"),
    ({"columns": {"subject": {"node": "Ghost", "zh": "设备", "en": "device"}}}, "no node type Ghost"),
    ({"examples": EXAMPLES | {"fires": []}}, "examples.fires"),
    ({"examples": {"fires": EXAMPLES["fires"]}}, "examples.stays_silent"),
    ({"query": "MATCH (d:Ghost) RETURN d.key AS subject, 1 AS holders, 2 AS since ORDER BY 1"}, "Ghost"),
    ({"query": "MATCH (d:Device) RETURN d.kye AS subject, 1 AS holders, 2 AS since ORDER BY 1"}, "kye"),
    ({"query": "MATCH (d:Device) RETURN d.key AS subject, 1 AS holders, 2 AS since"}, "ORDER BY"),
    ({"query": "MATCH (d:Device) RETURN d.key, 1 AS holders ORDER BY 1"}, "AS name"),
    ({"parameters": {}}, "is no parameter"),
]


@pytest.mark.parametrize(("changes", "says"), REFUSED, ids=[says for _, says in REFUSED])
def test_a_wrong_field_is_named_with_the_file(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidRule) as caught:
        rule(**changes)
    assert "device_shared_by_holders.yml" in caught.value.message
    assert says in caught.value.message


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"type": "integer", "default": 3, "min": 2}, "min and max are needed"),
        ({"type": "integer", "default": 1, "min": 2, "max": 9}, "must be from 2 to 9"),
        ({"type": "integer", "default": 2.5, "min": 2, "max": 9}, "a whole number"),
        ({"type": "duration", "default": "P1M", "min": "PT1H", "max": "P3D"}, "no months or years"),
        ({"type": "identifier", "default": "13800000000"}, "an identifier has no default"),
        ({"type": "integer", "default": 3, "min": 9, "max": 2}, "min is above max"),
        ({"type": "colour"}, "type"),
    ],
)
def test_a_parameter_needs_type_and_bounds(changes: dict[str, Any], says: str) -> None:
    parameters = fields()["parameters"] | {"min_holders": changes | {"meaning": {"zh": "数", "en": "number"}}}
    with pytest.raises(InvalidRule, match=r"parameters\.min_holders") as caught:
        rule(parameters=parameters)
    assert says in caught.value.message


def test_sql_that_does_more_than_reading_the_views_is_refused() -> None:
    for text in ("SELECT * FROM read_csv('x') ORDER BY 1", "DELETE FROM transfer", "SELECT 1 AS subject"):
        with pytest.raises(InvalidRule):
            rule(**SQL | {"sql": text})


def test_a_message_masks_keys_and_says_values_in_words() -> None:
    read = rule(columns={
        "subject": {"node": "Device", "zh": "设备", "en": "device"},
        "holders": {"kind": "count", "zh": "人数", "en": "holders"},
        "since": {"kind": "instant", "zh": "开始", "en": "since"},
    })  # fmt: skip
    hit = {"subject": "imei:00000000000017", "holders": 3, "since": datetime(2024, 3, 1, 1, tzinfo=UTC)}
    assert read.render(hit, "zh") == (
        "自 2024-03-01 09:00:00 起 24 小时 内，设备 imei:00**********17 登录了 3 名持有人的账户。"
    )
    assert "imei:00000000000017" in read.render(hit, "en", show_keys=True)


def test_a_value_that_looks_like_a_placeholder_is_not_replaced_again() -> None:
    text = rule().render({"subject": "{window}{window}", "holders": 1, "since": None}, "en", show_keys=True)
    assert "device {window}{window} logged" in text and "of — device" in text


def test_an_unknown_parameter_is_refused_without_its_value() -> None:
    with pytest.raises(InputError, match="min_holders, window") as caught:
        rule().parameter_values({"windw": "13800000000"})
    assert "13800000000" not in caught.value.message


def _library(folder: Path) -> Path:
    theme = folder / "devices"
    theme.mkdir()
    (theme / "device_shared_by_holders.yml").write_text(TEXT, encoding="utf-8")
    return folder


def test_rules_load_sorted_from_theme_folders_and_none_from_an_empty_one(tmp_path: Path) -> None:
    assert load_rules(tmp_path) == ()
    assert [read.id for read in load_rules(_library(tmp_path))] == ["Z01"]


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    _library(tmp_path)
    other = fields(name="twin", uuid="6b1f0c52-3a54-4c0e-9d0f-2f8f3f1f7a12")
    (tmp_path / "devices" / "twin.yml").write_text(yaml.safe_dump(other), encoding="utf-8")
    with pytest.raises(InvalidRule, match="repeats Z01"):
        load_rules(tmp_path)


def test_a_region_changes_values_and_a_city_goes_before_its_province(tmp_path: Path) -> None:
    _library(tmp_path)
    for region, value in (("430000", 4), ("430100", 5)):
        folder = tmp_path / "regions" / region
        folder.mkdir(parents=True)
        own = {"rule": "Z01", "reason": {"zh": "试点", "en": "pilot"}, "parameters": {"min_holders": value}}
        (folder / "Z01.yml").write_text(yaml.safe_dump(own, allow_unicode=True), encoding="utf-8")
    (read,) = load_rules(tmp_path)
    found = [
        read.parameter_values(region=region)["min_holders"] for region in ("430100", "430200", "420100", None)
    ]
    assert found == [5, 4, 3, 3]
    assert read.parameter_values({"min_holders": 9}, "430100")["min_holders"] == 9


@pytest.mark.parametrize("parameters", [{"min_holders": 99}, {"nobody": 1}, {}])
def test_a_region_may_not_leave_the_bounds_or_add_a_parameter(
    tmp_path: Path, parameters: dict[str, int]
) -> None:
    folder = _library(tmp_path) / "regions" / "430100"
    folder.mkdir(parents=True)
    own = {"rule": "Z01", "reason": {"zh": "试点", "en": "pilot"}, "parameters": parameters}
    (folder / "Z01.yml").write_text(yaml.safe_dump(own, allow_unicode=True), encoding="utf-8")
    with pytest.raises(InvalidRule, match=r"Z01\.yml, line \d+, parameters"):
        load_rules(tmp_path)


def test_a_refused_file_names_its_line_and_leaves_the_others_in_use(tmp_path: Path) -> None:
    folder = _library(tmp_path) / "devices"
    (folder / "unknown.yml").write_text(TEXT.replace("severity:", "colour: red\nseverity:"), encoding="utf-8")
    (folder / "writes.yml").write_text(_writing(), encoding="utf-8")
    (folder / "broken.yml").write_text("id: Z07\nname: [", encoding="utf-8")
    library = open_library(tmp_path)
    assert [rule.id for rule in library.rules] == ["Z01"]
    said = {Path(str(error.facts["file"])).name: error for error in library.refused}
    lines = TEXT.splitlines()
    colour = next(n for n, line in enumerate(lines, 1) if line.startswith("severity:"))
    assert said["unknown.yml"].facts["line"] == colour and "colour" in said["unknown.yml"].message
    body = next(n for n, line in enumerate(_writing().splitlines(), 1) if line.startswith("sql:"))
    assert said["writes.yml"].facts["line"] == body
    assert "broken.yml, line 2" in said["broken.yml"].message


def _writing() -> str:
    """A rule whose body deletes."""
    changed = fields(**SQL | {"sql": "DELETE FROM transfer"}, name="writes")
    return str(yaml.safe_dump(changed, allow_unicode=True, sort_keys=False))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidRule, match=r"nothing\.yml can't be opened"):
        load_rule(tmp_path / "nothing.yml")
