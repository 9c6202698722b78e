"""Answers that the embedded engine keeps: the same as asked anew, and bounded."""

from graph.contract import Ref
from graph.engines.embedded.kept import Kept
from graph.engines.embedded.store import EmbeddedEngine
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables


def test_the_oldest_answers_make_room_and_a_too_large_one_is_not_kept() -> None:
    kept: Kept[str, str] = Kept(10, len)
    kept.put("a", "1234")
    kept.put("b", "1234")
    assert kept.get("a") == "1234"
    kept.put("c", "1234")
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == ("1234", None, "1234")
    kept.put("d", "x" * 11)
    assert kept.get("d") is None
    kept.put("a", "changed")
    assert kept.get("a") == "1234"


def test_kept_answers_equal_those_asked_anew(sample_home: LakeHome) -> None:
    tables = open_tables(sample_home)
    old, new = EmbeddedEngine(tables), EmbeddedEngine(tables)
    rows = old.edges("TRANSFER").head(40)
    refs = [
        Ref("Account", key) for key in dict.fromkeys(rows["from_key"].to_list() + rows["to_key"].to_list())
    ]
    first = [
        old.expansions_of(refs[:10]),
        old.expansions_of(refs),
        old.subgraph(refs),
        old.subgraph(refs, limit=3),
    ]
    again = [
        old.expansions_of(refs[:10]),
        old.expansions_of(refs),
        old.subgraph(refs),
        old.subgraph(refs, limit=3),
    ]
    anew = [new.expansions_of(refs[:10]), {ref: new.expansions(ref) for ref in refs}]
    assert first == again
    assert first[:2] == anew
    assert list(first[1]) == refs
    assert again[2] is first[2]
    assert first[3].truncated and len(first[3].edges) == 3
    assert new.subgraph(refs) == first[2]
    assert len(first[2].edges) >= rows.height
    old.close()
    new.close()
