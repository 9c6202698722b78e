"""Files of labels: every row is judged by itself, a wrong one is named by its row and one sentence."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from detect.learn.figures import figures
from detect.learn.folds import Decision, by_time, enough
from detect.learn.labels import read_labels
from graph.errors import InputError, UnreadableSource

ACCOUNT = "88010000000000001"


def _file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "labels.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("label", "mule"), [("1", True), ("yes", True), ("是", True), ("0", False), ("NO", False), ("否", False)]
)
def test_labels_in_both_languages(tmp_path: Path, label: str, mule: bool) -> None:
    text = f"账号,结论,认定时间\n{ACCOUNT},{label},2024-03-01 09:00\n"
    (found,) = read_labels(_file(tmp_path, text, "gb18030")).labels
    assert (found.account, found.mule, found.row) == (ACCOUNT, mule, 2)
    assert found.decided_at == datetime(2024, 3, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("2024-03-01", datetime(2024, 3, 1, 16, tzinfo=UTC)),  # known for certain when the day is over
        ("2024/3/1", datetime(2024, 3, 1, 16, tzinfo=UTC)),
        ("2024-03-01T09:00:00Z", datetime(2024, 3, 1, 9, tzinfo=UTC)),
        ("2024/3/1 9:05", datetime(2024, 3, 1, 1, 5, tzinfo=UTC)),
    ],
)
def test_times_without_a_zone_are_chinas_and_days_count_from_their_end(
    tmp_path: Path, written: str, known: datetime
) -> None:
    path = _file(tmp_path, f"account,label,decided_at\n{ACCOUNT},1,{written}\n")
    assert [one.decided_at for one in read_labels(path).labels] == [known]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",1,2024-03-01", "account is missing"),
        ("a b/c,1,2024-03-01", "no account number"),
        (f"{ACCOUNT},maybe,2024-03-01", "label is none of"),
        (f"{ACCOUNT},1,", "decided_at is no day or time"),
        (f"{ACCOUNT},1,2024-02-30", "no day of the calendar"),
        (ACCOUNT, "label is none of"),
    ],
)
def test_a_bad_row_is_named_and_the_others_count(tmp_path: Path, row: str, says: str) -> None:
    text = f"account,label,decided_at\n{ACCOUNT},1,2024-03-01\n\n{row}\n{ACCOUNT},1,2024-03-02\n"
    found = read_labels(_file(tmp_path, text))
    assert len(found.labels) == 2
    ((number, sentence),) = found.problems
    assert number == 4 and says in sentence
    assert ACCOUNT not in sentence and "maybe" not in sentence


def test_a_workbook_is_read_and_a_number_that_lost_digits_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["account", "label", "decided_at"])
    sheet.append([ACCOUNT, 1, datetime(2024, 3, 1, 9)])
    sheet.append([int(ACCOUNT), 0, "2024-03-01"])
    sheet.append(["88010000000000002", "否", "2024-03-02"])
    book.save(tmp_path / "labels.xlsx")
    found = read_labels(tmp_path / "labels.xlsx")
    assert [(one.account[-1], one.mule) for one in found.labels] == [("1", True), ("2", False)]
    assert found.labels[0].decided_at == datetime(2024, 3, 1, 1, tzinfo=UTC)
    assert found.problems[0][0] == 3 and "lost digits" in found.problems[0][1]


@pytest.mark.parametrize("heading", ["account,label", "account,label,decided_at,label", ""])
def test_columns_must_be_there_once(tmp_path: Path, heading: str) -> None:
    with pytest.raises(InputError, match="column"):
        read_labels(_file(tmp_path, f"{heading}\n{ACCOUNT},1,2024-03-01\n"))


def test_what_is_no_file_of_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="can't be read"):
        read_labels(tmp_path / "none.csv")
    for raw in (b"PK\x03\x04no book", b"\xff\xff\xff"):
        (tmp_path / "labels.csv").write_bytes(raw)
        with pytest.raises(UnreadableSource):
            read_labels(tmp_path / "labels.csv")


def _decisions(count: int) -> list[Decision]:
    day = [datetime(2024, 3, 1 + n % 28, tzinfo=UTC) for n in range(count)]
    return [Decision(f"{n:04d}", n % 3 == 0, day[n]) for n in range(count)]


@settings(phases=[Phase.explicit, Phase.reuse, Phase.generate], max_examples=40)
@given(st.integers(150, 400), st.integers(3, 5))
def test_folds_learn_from_before_and_test_on_after(count: int, folds: int) -> None:
    cut = by_time(_decisions(count), folds)
    assert len(cut) == folds
    tested = [one.account for fold in cut for one in fold.tested]
    assert len(tested) == len(set(tested))
    for fold in cut:
        assert max(one.decided_at for one in fold.trained) <= fold.at
        assert all(fold.at < one.decided_at <= fold.until for one in fold.tested)
        assert not {one.account for one in fold.trained} & {one.account for one in fold.tested}


def test_fifty_of_each_kind_are_enough_and_forty_nine_are_not() -> None:
    both = [Decision(f"{n}", n < 50, datetime(2024, 3, 1, tzinfo=UTC)) for n in range(100)]
    enough(both)
    with pytest.raises(InputError, match="Only 49 usable labels are 0"):
        enough(both[:-1])


@settings(phases=[Phase.explicit, Phase.reuse, Phase.generate], max_examples=60)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=40))
def test_the_area_is_that_of_scikit_learn_ties_too(pairs: list[tuple[bool, int]]) -> None:
    truth = np.array([mule for mule, _ in pairs])
    score = np.array([float(value) for _, value in pairs])
    found = figures(truth, score, score / 6)
    if truth.any():
        assert found.pr_auc == pytest.approx(average_precision_score(truth, score), abs=1e-4)
    else:
        assert found.pr_auc is None and found.precision_at_recall is None
    assert found.brier == pytest.approx(float(np.mean((score / 6 - truth) ** 2)), abs=1e-4)
