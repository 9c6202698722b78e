"""The one definition of the rule file format, `queries/<theme>/<name>.yml`, and how rules are loaded.

The JSON schema, the blank template and docs/queries.md come from here (`detect/library.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, PrivateAttr, StringConstraints, ValidationError, model_validator

from detect.rule_checks import check_rule
from detect.rule_fields import RULE_ID, RuleFields
from detect.rule_heads import QUERIES, REGIONS, rule_files
from detect.said import fill
from graph.checked_yaml import first_problem, read_checked
from graph.errors import InvalidRule
from graph.parameters import Plain, Strict, Value, Words, parameter_values
from graph.safe_yaml import line_of, parse_yaml, read_yaml, yaml_bytes


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

    def with_region(self, region: str, values: Mapping[str, Value]) -> "Rule":
        """The same rule knowing the values of a region (six digits) too."""
        copy = self.model_copy()
        copy._regional = self._regional | {region: dict(values)}
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
    """The rule in one file; InvalidRule names file, line and field of the first thing wrong."""
    return parse_rule(yaml_bytes(path), path)


def parse_rule(raw: bytes, path: Path) -> Rule:
    """The rule in `raw` (UTF-8 YAML) as if it stood at `path`; nothing is read from disk."""
    try:
        rule = Rule.model_validate(parse_yaml(raw, path.name))
    except ValidationError as error:
        raise first_problem(path, raw, error) from error
    if rule.name != path.stem:
        raise InvalidRule(f"{path.name}, name: it must be the file's name, {path.stem}.", file=str(path))
    return rule


@dataclass(frozen=True, slots=True)
class RuleLibrary:
    """The rules that can be used, sorted by id, and the sentences on files that can't, in order of file."""

    rules: tuple[Rule, ...]
    refused: tuple[InvalidRule, ...]


def load_rules(folder: Path = QUERIES) -> tuple[Rule, ...]:
    """All rules of a folder as `open_library` finds them; InvalidRule for the first that is refused."""
    library = open_library(folder)
    for refusal in library.refused:
        raise refusal
    return library.rules


def open_library(folder: Path = QUERIES) -> RuleLibrary:
    """All rules of `folder/<theme>/*.yml`, with the values of `folder/regions/`; a folder may hold none.

    Refused is a file that does not follow the format, an id, name or uuid that stands in an earlier file, and
    a region's file that doesn't fit its rule: the others are used.
    """
    rules: dict[str, Rule] = {}
    seen: dict[str, str] = {}
    refused = []
    for path in rule_files(folder):
        try:
            rule = load_rule(path)
            for handle in (rule.id, rule.uuid, rule.name):
                if handle in seen:
                    raise InvalidRule(
                        f"{path.name} repeats {handle} of {seen[handle]}; choose another.", file=str(path)
                    )
        except InvalidRule as error:
            refused.append(error)
            continue
        seen |= dict.fromkeys((rule.id, rule.uuid, rule.name), path.name)
        rules[rule.id] = rule
    for path in sorted((folder / REGIONS).glob("[0-9][0-9][0-9][0-9][0-9][0-9]/*.yml")):
        try:
            rule, values = _region_values(path, rules)
        except InvalidRule as error:
            refused.append(error)
            continue
        rules[rule.id] = rule.with_region(path.parent.name, values)
    return RuleLibrary(tuple(rules[key] for key in sorted(rules)), tuple(refused))


def rule_path(rule_id: str, folder: Path = QUERIES) -> Path:
    """The file of one rule; InvalidRule when the folder has no rule of that id."""
    for path in rule_files(folder):
        if read_yaml(path).get("id") == rule_id:
            return path
    raise InvalidRule(f"There is no rule {rule_id!r:.20}; `python -m detect rules` lists them.", rule=rule_id)


def _region_values(path: Path, rules: Mapping[str, Rule]) -> tuple[Rule, dict[str, Value]]:
    """The rule that a region's file is for, and its own values of the parameters."""
    own = read_checked(path, RegionValues)
    rule = rules.get(own.rule)
    if rule is None or own.rule != path.stem:
        raise InvalidRule(f"{path.name}, rule: it must name a known rule and the file.", file=str(path))
    values = {}
    for name, given in own.parameters.items():
        try:
            values[name] = rule.parameters[name].value(given)
        except (KeyError, ValueError) as error:
            says = "is no parameter of the rule" if isinstance(error, KeyError) else str(error)
            line = line_of(yaml_bytes(path), ("parameters", name))
            text = f"{path.name}, line {line}, parameters.{name}: {says}; correct the file."
            raise InvalidRule(text, file=str(path), line=line) from error
    return rule, values
