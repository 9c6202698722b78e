"""Titles and messages of rules in the reader's language, read once from the rule files."""

import functools

from detect.excuses import excuse_said
from detect.results import Finding
from detect.rule import Rule, load_rules
from ui.words import Language


@functools.cache
def rules_by_id() -> dict[str, Rule]:
    """Every rule and query of the library by its id."""
    return {rule.id: rule for rule in load_rules()}


def rule_title(rule_id: str, language: Language) -> str:
    """A rule's title; empty when the library no longer has it."""
    rule = rules_by_id().get(rule_id)
    return "" if rule is None else rule.title.said(language)


def finding_message(finding: Finding, language: Language, full: bool) -> str:
    """What a finding says, keys masked unless `full`; the rule's id when the library no longer has it."""
    rule = rules_by_id().get(finding.rule)
    if rule is None:
        return finding.rule
    values = {"subject": finding.subject.key, **finding.parameters, **finding.values}
    return rule.render(values, language, show_keys=full) + excuse_said(finding, language)
