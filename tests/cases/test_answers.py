from cases.answers import answer_rows
from cases.scope import MASKED, Scope
from detect.rule import load_rules
from graph.contract import QueryResult

RULE = next(
    rule for rule in load_rules() if rule.form == "query" and any(c.node for c in rule.columns.values())
)
NAME, COLUMN = next((name, c) for name, c in RULE.columns.items() if c.node and not c.many)
KEY = "88010000007683005"
ANSWER = QueryResult((NAME, "secret"), ((KEY, KEY),))


def test_keys_are_masked_under_their_heading_in_the_readers_language() -> None:
    row = answer_rows(RULE, ANSWER, "zh", MASKED)[0]
    assert COLUMN.zh in row and KEY not in str(row[COLUMN.zh])
    assert COLUMN.en in answer_rows(RULE, ANSWER, "en", MASKED)[0]


def test_a_column_that_no_rule_declares_is_masked_too() -> None:
    assert KEY not in str(answer_rows(RULE, ANSWER, "en", MASKED)[0]["secret"])


def test_full_scope_shows_whole_keys() -> None:
    row = answer_rows(RULE, ANSWER, "en", Scope(full=True))[0]
    assert (row[COLUMN.en], row["secret"]) == (KEY, KEY)
