"""Reading Cypher text: what it names, told apart from what stands in strings and comments."""

import pytest

from detect.cypher_text import read_cypher


def test_names_are_read_from_patterns_not_from_strings_or_comments() -> None:
    read = read_cypher(
        "MATCH (p:Person|Organization)-[h:HOLDS*1..2]->(:Account {key: $account}) // :Ghost $nothing\n"
        "WHERE p.name <> ':Ghost $x RETURN' /* RETURN 1 AS a */\n"
        "AND NOT EXISTS { (p)-[:SMS|CALLED]->(:Sim) }\n"
        "RETURN p.key AS subject, collect({a: 1, b: [1, 2]})[0] AS many, h ORDER BY subject"
    )
    assert read.columns == ("subject", "many", "h")
    assert read.types == {"Person", "Organization", "Account", "Sim"}
    assert read.relations == {"HOLDS", "SMS", "CALLED"}
    assert read.parameters == {"account"} and read.unknown == () and read.ordered


def test_names_that_the_catalog_lacks_are_told() -> None:
    read = read_cypher("MATCH (p:Persn)-[:HOLDS]->(a:Account) RETURN a.blance AS x, p.name AS y")
    assert read.unknown == ("Persn", "blance") and not read.ordered


def test_keys_of_a_map_and_parts_of_a_time_are_no_properties() -> None:
    read = read_cypher(
        "WITH {fen: 1, at: 2} AS best RETURN best.fen AS fen, best.at.epochSeconds AS s ORDER BY s"
    )
    assert read.unknown == ()


def test_the_last_return_counts() -> None:
    read = read_cypher(
        "CALL () { MATCH (p:Person) RETURN p UNION MATCH (p:Person) RETURN p } "
        "RETURN DISTINCT p.key AS k LIMIT 3"
    )
    assert read.columns == ("k",) and not read.ordered


@pytest.mark.parametrize(
    "text", ["MATCH (p:Person)", "MATCH (p:Person) RETURN p.key", "MATCH (p) RETURN count(*)"]
)
def test_a_returned_value_without_a_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"RETURN|AS name"):
        read_cypher(text)
