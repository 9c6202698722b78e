"""Titles and messages of rules in the reader's language, read once from the rule files."""

import functools

from detect.explain import message
from detect.results import Finding
from detect.rule import Rule, open_library
from ui.words import Language


@functools.cache
def rules_by_id() -> dict[str, Rule]:
    """Every rule and query of the library by its id."""
    return {rule.id: rule for rule in open_library().rules}


def rule_title(rule_id: str, language: Language) -> str:
    """A rule's title; empty when the library no longer has it."""
    rule = rules_by_id().get(rule_id)
    return "" if rule is None else rule.title.said(language)


def finding_message(finding: Finding, language: Language, full: bool) -> str:
    """What a finding says, keys masked unless `full`; the rule's id when the library no longer has it."""
    rule = rules_by_id().get(finding.rule)
    if rule is None:
        return finding.rule
    return message(finding, rule, language, show_keys=full)
