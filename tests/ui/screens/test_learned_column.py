"""The learned score has a column of its own on the screen of mules, only while a fresh model exists."""

import shutil
from datetime import timedelta
from pathlib import Path

from detect.learn.labels import Label, LabelFile
from detect.learn.train import train
from detect.rule import load_rules
from detect.store import open_detection
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables
from tests.detect.learn.shared_devices import FIRST
from tests.ui.screens.screen import screen, texts
from ui.words import Words

# Few and quick: the tests of a fold run them on the sample as it was then.
RULES = tuple(rule for rule in load_rules() if rule.id in ("D01", "C04"))


def _labels(home: LakeHome) -> LabelFile:
    """Sixty listed or other found accounts as mules, sixty others not, decided over eighty days: invented."""
    detection = open_detection(home)
    assert detection is not None
    found = sorted({f.subject.key for f in detection.findings if f.subject.type == "Account"})[:60]
    rest = sorted(set(open_tables(home).frame("Account")["key"]) - set(found))[:60]
    rows = [
        Label(number + 2, account, account in found, FIRST + timedelta(days=80 * (number % 60) / 60))
        for number, account in enumerate([*found, *rest])
    ]
    return LabelFile(tuple(rows), (), "0" * 64)


def test_the_column_stands_beside_the_rule_score_while_the_model_is_fresh(
    sample_home: LakeHome, tmp_path: Path
) -> None:
    words = Words("en")
    shutil.copytree(sample_home.root, tmp_path / "home")
    home = LakeHome(tmp_path / "home")
    before = screen("mules", home).dataframe[0].value
    assert words("mules.learned") not in before.columns
    train(home, _labels(home), rules=RULES)
    app = screen("mules", home)
    shown = app.dataframe[0].value
    assert not app.exception
    assert words("mules.learned_note") in texts(app)
    assert shown[words("mules.learned")].str.len().gt(0).all()
    assert shown.drop(columns=words("mules.learned")).equals(before)
    (model,) = home.models.glob("*.txt")
    model.write_bytes(model.read_bytes() + b" ")
    assert words("mules.learned") not in screen("mules", home).dataframe[0].value.columns
