"""One finding as a row of a table."""

from detect.results import Finding
from export.signs import local_text
from ui.desk import Desk
from ui.rule_titles import rule_title, rules_by_id
from ui.tables import Row


def finding_row(desk: Desk, finding: Finding) -> Row:
    """Column title -> what is shown; keys as the desk's scope allows."""
    words = desk.words
    rule = rules_by_id().get(finding.rule)
    return {
        words("findings.rule"): f"{finding.rule} {rule_title(finding.rule, words.language)}",
        words("findings.severity"): words(f"findings.severity_{rule.severity}") if rule else "",
        words("findings.subject"): (
            f"{words.type_label(finding.subject.type)} {desk.scope.key(finding.subject)}"
        ),
        words("findings.score"): round(finding.score, 3),
        words("findings.first"): local_text(finding.first_at),
        words("findings.last"): local_text(finding.last_at),
        words("findings.rows"): len(finding.rows),
    }
