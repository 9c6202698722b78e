import hashlib
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graph.errors import InputError
from graph.lake.home import LakeHome
from graph.lake.same import canonical_keys, representatives
from graph.lake.tables import open_tables
from ingest.judgements import Judgement, Judgements
from ingest.ledger import Ledger
from ingest.load import LoadOptions, load_files
from ingest.resolve.judging import judge, take_back
from ingest.resolve.proposals import proposals
from ingest.settle import settle
from ingest.unload import unload
from tests.ingest.build import digest, write_text
from tests.ingest.resolve.registers import ANNA, CLEO, HEADER, HOME, PHONE, local_key, person, registers

AT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def _lake(root: Path) -> LakeHome:
    """Anna with her number, Anna again without, and somebody else without."""
    return registers(
        root,
        [person(number=ANNA, phone=PHONE), person(number=CLEO)],
        [person(phone=PHONE), person("李虚武", home=HOME)],
    )


def _judge(home: LakeHome, one: str, other: str, verdict: str, minute: int = 0) -> Judgement:
    return judge(home, (one, other), verdict, "王样警官", "看过身份证", AT + timedelta(minutes=minute))


def _counts(home: LakeHome) -> dict[str, int]:
    judged: dict[str, int] = settle(home).report["judged"]
    return judged


def _anna(home: LakeHome) -> str:
    people = open_tables(home).frame("Person")
    return next(k for k, phone in people.select("key", "phone").iter_rows() if phone == PHONE and k != ANNA)


def test_nothing_is_merged_before_somebody_says_so(tmp_path: Path) -> None:
    home = _lake(tmp_path)
    assert len(proposals(home, ("Person",)).frame) == 1
    settle(home)
    assert canonical_keys(open_tables(home)).height == 0


def test_a_judged_pair_counts_as_one_and_is_not_asked_again(tmp_path: Path) -> None:
    home = _lake(tmp_path)
    again = _anna(home)
    _judge(home, again, ANNA, "same")
    assert _counts(home) == {"same": 1, "components": 1, "blocked": 0, "waiting": 0, "until": 1}
    tables = open_tables(home)
    row = tables.frame("SAME_AS").row(0, named=True)
    assert (row["from_key"], row["to_key"]) == tuple(sorted((again, ANNA)))
    assert (row["verdict"], row["judged_by"], row["judged_at"]) == ("same", "王样警官", AT)
    assert representatives(tables, "Person") == {again: ANNA, ANNA: ANNA}
    assert tables.rows["Person"] == 4, "both records stay; only their relation is new"
    assert proposals(home, ("Person",)).frame.height == 0


def test_unsure_joins_nobody_and_is_asked_again(tmp_path: Path) -> None:
    home = _lake(tmp_path)
    _judge(home, _anna(home), ANNA, "unsure")
    assert settle(home).report["judged"]["same"] == 0
    assert proposals(home, ("Person",)).frame["verdict"].to_list() == ["unsure"]


def test_a_judgement_is_taken_back_by_a_new_one_and_the_digest_returns(tmp_path: Path) -> None:
    home = _lake(tmp_path)
    before = digest(home.root)
    made = _judge(home, _anna(home), ANNA, "same")
    settle(home)
    assert digest(home.root) != before
    take_back(home, made.seq, "王样警官", "看错文件", AT + timedelta(hours=1))
    settle(home)
    assert digest(home.root) == before
    assert [made.verdict for made in Judgements(home).history()] == ["same", "unsure"]
    with pytest.raises(InputError, match="not the last one"):
        take_back(home, made.seq, "王样警官", "再来", AT)


def test_taking_back_restores_what_held_before(tmp_path: Path) -> None:
    home = _lake(tmp_path)
    _judge(home, _anna(home), ANNA, "different")
    second = _judge(home, _anna(home), ANNA, "same", 1)
    assert take_back(home, second.seq, "王样警官", "更正", AT + timedelta(minutes=2)).verdict == "different"


def test_a_difference_inside_a_component_blocks_it_and_is_reported(tmp_path: Path) -> None:
    home = _lake(tmp_path)
    again, other = _anna(home), next(k for k in (local_key(home), local_key(home, 1)) if k != _anna(home))
    _judge(home, again, ANNA, "same")
    _judge(home, again, other, "same", 1)
    assert settle(home).report["judged"]["components"] == 1
    _judge(home, ANNA, other, "different", 2)
    assert _counts(home) == {"same": 0, "components": 0, "blocked": 1, "waiting": 0, "until": 3}
    assert canonical_keys(open_tables(home)).height == 0


def test_judgements_survive_rebuild_unload_and_reload(tmp_path: Path) -> None:
    home = _lake(tmp_path)
    _judge(home, _anna(home), ANNA, "same")
    settle(home)
    judged = digest(home.root)
    ledger = Ledger(home)
    second = next(record for record in ledger.files() if record.file == "register1.csv")
    ledger.close()
    unload(home, second.sha256)
    assert _counts(home) == {"same": 0, "components": 0, "blocked": 0, "waiting": 1, "until": 1}
    assert open_tables(home).rows["SAME_AS"] == 0
    load_files(home, [tmp_path / "register1.csv"], LoadOptions("person_register"))
    settle(home)
    assert digest(home.root) == judged


def test_a_judged_record_is_found_again_when_an_equal_row_of_another_file_stands_for_it(
    tmp_path: Path,
) -> None:
    home = _lake(tmp_path)
    old = _anna(home)
    _judge(home, old, ANNA, "same")
    settle(home)
    rows, number = [person(phone=PHONE)], 0
    path = write_text(tmp_path / "again.csv", HEADER, rows)
    # Of equal rows the one in the file with the least sha256 stands for all.
    while hashlib.sha256(path.read_bytes()).hexdigest() > old.split(":")[1]:
        number += 1
        path = write_text(path, HEADER, [*rows, person(f"赵虚{number}")])
    load_files(home, [path], LoadOptions("person_register"))
    assert _counts(home)["same"] == 1
    new = _anna(home)
    assert new != old
    assert representatives(open_tables(home), "Person")[new] == ANNA
    assert proposals(home, ("Person",)).frame.height == 0
    unload(home, old.split(":")[1])
    assert _counts(home)["same"] == 1, "the same row is still there, in the other file"
    _judge(home, new, ANNA, "different", 5)
    assert _counts(home)["same"] == 0, "the later word about the same two records holds"


def test_judgements_can_only_be_added(tmp_path: Path) -> None:
    home = _lake(tmp_path)
    _judge(home, _anna(home), ANNA, "same")
    with sqlite3.connect(home.ledger) as connection:
        for statement in ("UPDATE judgements SET verdict = 'different'", "DELETE FROM judgements"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)


@pytest.mark.parametrize(
    ("keys", "verdict", "by", "reason", "sentence"),
    [
        ((ANNA, ANNA), "same", "王样警官", "理由", "two different ones"),
        ((ANNA, CLEO), "merge", "王样警官", "理由", "one of same, different, unsure"),
        ((ANNA, CLEO), "same", " ", "理由", "the name of who decides"),
        ((ANNA, CLEO), "same", "王样警官", "", "a reason"),
        ((ANNA, "990101199003079999"), "same", "王样警官", "理由", "does not hold"),
    ],
)
def test_a_judgement_needs_two_loaded_records_a_name_and_a_reason(
    tmp_path: Path, keys: tuple[str, str], verdict: str, by: str, reason: str, sentence: str
) -> None:
    home = _lake(tmp_path)
    with pytest.raises(InputError, match=sentence):
        judge(home, keys, verdict, by, reason, AT)
    assert Judgements(home).history() == []
    assert not any(key in sentence for key in keys)
