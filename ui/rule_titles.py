"""Titles and messages of rules in the reader's language, read once from the rule files."""

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING

from detect.results import Finding
from detect.rule_heads import rule_titles
from ui.words import Language

# The whole library takes a second to read and check: a table of titles does without.
if TYPE_CHECKING:
    from detect.rule import Rule


@functools.cache
def rules_by_id() -> "dict[str, Rule]":
    """Every rule and query of the library by its id."""
    from detect.rule import open_library

    return {rule.id: rule for rule in open_library().rules}


def rule_title(rule_id: str, language: Language) -> str:
    """A rule's title; empty when the library no longer has it."""
    return _titles().get(rule_id, {}).get(language, "")


def finding_message(finding: Finding, language: Language, full: bool) -> str:
    """What a finding says, keys masked unless `full`; the rule's id when the library no longer has it."""
    from detect.explain import message

    rule = rules_by_id().get(finding.rule)
    if rule is None:
        return finding.rule
    return message(finding, rule, language, show_keys=full)


@functools.cache
def _titles() -> dict[str, Mapping[str, str]]:
    return rule_titles()
