"""The one definition of the rule file format, `queries/<theme>/<name>.yml`, and how rules are loaded.

The JSON schema, the blank template and docs/queries.md come from here (`detect/library.py`).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, PrivateAttr, StringConstraints, ValidationError, model_validator

from detect.rule_checks import check_rule
from detect.rule_fields import RULE_ID, RuleFields
from detect.said import fill
from graph.errors import InvalidRule
from graph.parameters import Plain, Strict, Value, Words, parameter_values
from graph.queries import first_problem
from graph.safe_yaml import parse_yaml, read_yaml

QUERIES = Path(__file__).resolve().parent.parent / "queries"
REGIONS = "regions"
NOT_THEMES = frozenset({REGIONS, "weights", "exceptions"})
"""Folders of `queries/` that hold other data than rules."""


class Rule(RuleFields):
    """One rule or query: what it looks for, its thresholds, its words, its limits and its own tests.

    A *finding* comes out of a rule, never a fact. Exploration queries have the same form, with ids `Qnn`.
    """

    # Values of single regions, from `queries/regions/`.
    _regional: dict[str, dict[str, Value]] = PrivateAttr(default_factory=dict)

    def parameter_values(
        self, overrides: Mapping[str, object] | None = None, region: str | None = None
    ) -> dict[str, Value]:
        """Every parameter's value: the default, then a region's own (430100 before 430000), then `overrides`.

        Durations are timedelta, instants UTC, money fen. InputError names what does not fit.
        """
        given: dict[str, object] = {}
        if region is not None:
            for wider in (region[:2] + "0000", region[:4] + "00", region):
                given |= self._regional.get(wider, {})
        return parameter_values(self.parameters, given | dict(overrides or {}))

    def render(self, values: Mapping[str, Any], language: str, *, show_keys: bool = False) -> str:
        """The message for one hit in `zh` or `en`, by plain substitution.

        values: returned columns and parameters of the hit; a parameter left out has its default. Keys and
        other personal values are masked unless `show_keys`. A name without value is written as a dash.
        """
        defaults = {name: parameter.default for name, parameter in self.parameters.items()}
        text = self.message.said(language)
        return fill(
            text, defaults | dict(values), self.columns, self.parameters, language, show_keys=show_keys
        )

    def with_regions(self, values: Mapping[str, Mapping[str, Value]]) -> "Rule":
        """The same rule knowing the values of single regions: region -> parameter -> value."""
        copy = self.model_copy()
        copy._regional = {region: dict(own) for region, own in values.items()}
        return copy

    @model_validator(mode="after")
    def _check(self) -> "Rule":
        check_rule(self)
        return self


class RegionValues(Strict):
    """`queries/regions/<code>/<rule id>.yml`: a region's own parameter values, never another body."""

    rule: Annotated[str, StringConstraints(pattern=RULE_ID)]
    reason: Words
    parameters: Annotated[dict[str, Plain], Field(min_length=1)]


def load_rule(path: Path) -> Rule:
    """The rule in one file; InvalidRule names file and field of the first thing wrong."""
    return _rule(read_yaml(path), path)


def parse_rule(raw: bytes, path: Path) -> Rule:
    """The rule in `raw` (UTF-8 YAML) as if it stood at `path`; nothing is read from disk."""
    return _rule(parse_yaml(raw, path.name), path)


def load_rules(folder: Path = QUERIES) -> tuple[Rule, ...]:
    """All rules of `folder/<theme>/*.yml` sorted by id, with the values of `folder/regions/`.

    A folder without rules gives none. InvalidRule for a file that does not follow the format, and for an id,
    name or uuid that stands twice.
    """
    rules: dict[str, Rule] = {}
    seen: dict[str, str] = {}
    for path in _rule_files(folder):
        rule = load_rule(path)
        for handle in (rule.id, rule.uuid, rule.name):
            if handle in seen:
                raise InvalidRule(
                    f"{path.name} repeats {handle} of {seen[handle]}; choose another.", file=str(path)
                )
            seen[handle] = path.name
        rules[rule.id] = rule
    return tuple(_with_regions(folder, rules)[key] for key in sorted(rules))


def rule_path(rule_id: str, folder: Path = QUERIES) -> Path:
    """The file of one rule; InvalidRule when the folder has no rule of that id."""
    for path in _rule_files(folder):
        if read_yaml(path).get("id") == rule_id:
            return path
    raise InvalidRule(f"There is no rule {rule_id!r:.20}; `python -m detect rules` lists them.", rule=rule_id)


def _rule_files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*/*.yml")) if path.parent.name not in NOT_THEMES]


def _rule(raw: Mapping[str, Any], path: Path) -> Rule:
    try:
        rule = Rule.model_validate(raw)
    except ValidationError as error:
        raise InvalidRule(first_problem(path.name, error), file=str(path)) from error
    if rule.name != path.stem:
        raise InvalidRule(f"{path.name}, name: it must be the file's name, {path.stem}.", file=str(path))
    return rule


def _with_regions(folder: Path, rules: Mapping[str, Rule]) -> dict[str, Rule]:
    values: dict[str, dict[str, dict[str, Value]]] = {}
    for path in sorted((folder / REGIONS).glob("[0-9][0-9][0-9][0-9][0-9][0-9]/*.yml")):
        try:
            own = RegionValues.model_validate(read_yaml(path))
        except ValidationError as error:
            raise InvalidRule(first_problem(path.name, error), file=str(path)) from error
        rule = rules.get(own.rule)
        if rule is None or own.rule != path.stem:
            raise InvalidRule(f"{path.name}, rule: it must name a known rule and the file.", file=str(path))
        read = values.setdefault(own.rule, {}).setdefault(path.parent.name, {})
        for name, raw in own.parameters.items():
            try:
                read[name] = rule.parameters[name].value(raw)
            except (KeyError, ValueError) as error:
                says = "is no parameter of the rule" if isinstance(error, KeyError) else str(error)
                raise InvalidRule(f"{path.name}, parameters.{name}: {says}.", file=str(path)) from error
    return {key: rule.with_regions(values[key]) if key in values else rule for key, rule in rules.items()}
