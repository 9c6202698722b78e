"""Training by time: a sign known in time is learned, one known only later is not; the same bytes twice."""

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from detect.__main__ import main
from detect.learn.labels import LabelFile
from detect.learn.model import CARD, read_model
from detect.learn.scored import learned_scores
from detect.learn.train import Training, decided, train
from detect.pipeline import run_detection
from detect.worlds import World
from graph.errors import InputError, UnreadableSource
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables, write_tables
from tests.detect.learn.shared_devices import RULES, labels_of, written

Trained = tuple[LakeHome, World, Training]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    home, world = written(tmp_path_factory.mktemp("trained"))
    return home, world, train(home, labels_of(world, days=40), rules=RULES)


def copied(trained: Trained, folder: Path) -> LakeHome:
    shutil.copytree(trained[0].root, folder / "home")
    return LakeHome(folder / "home")


def test_a_sign_known_in_time_is_learned_in_every_fold(trained: Trained) -> None:
    card = trained[2].card
    assert len(card.folds) == 3
    assert [fold.learned.pr_auc for fold in card.folds] == [1.0, 1.0, 1.0]
    assert all(fold.learned.precision_at_recall == 1.0 for fold in card.folds)
    assert card.pooled[0].n == sum(fold.learned.n for fold in card.folds) > 60
    assert card.pooled[1].pr_auc == 1.0


def test_what_was_known_only_later_is_no_help_to_a_fold(tmp_path: Path) -> None:
    home, world = written(tmp_path)
    card = train(home, labels_of(world, days=-120), rules=RULES).card
    for fold in card.folds:
        share = fold.learned.positives / fold.learned.n
        assert fold.learned.pr_auc == pytest.approx(share, abs=1e-3)
        assert fold.learned == replace(fold.rule, brier=fold.learned.brier)
    # The kept model sees the lake as it is now, as the card's notice says.
    found = {one.account: one.probability for one in learned_scores(home)[1]}
    assert min(found[world.names[f"K{n}"].key] for n in (1, 30, 60)) > 0.9


def test_the_same_labels_give_the_same_bytes(trained: Trained, tmp_path: Path) -> None:
    home = copied(trained, tmp_path)
    before = {path.name: path.read_bytes() for path in home.models.iterdir()}
    shutil.rmtree(home.models)
    train(home, labels_of(trained[1], days=40), rules=RULES)
    assert {path.name: path.read_bytes() for path in home.models.iterdir()} == before


def test_no_account_number_stands_in_the_model_text(trained: Trained) -> None:
    home, world, _ = trained
    text = read_model(home)[1]
    assert world.names["K1"].key not in text and "D01_others" in text


def test_parts_and_base_sum_to_the_score_and_name_the_rule(trained: Trained) -> None:
    _, scores = learned_scores(trained[0])
    assert len(scores) == 60
    for one in scores:
        assert one.base + sum(part.weight for part in one.parts) == pytest.approx(one.score, abs=1e-9)
        assert one.parts[0].of == "D01" and one.parts[0].findings[0].startswith("D01-")
        assert one.labelled is True


def test_one_rule_alone_lists_nobody(trained: Trained) -> None:
    both = {trained[1].names[name].key for name in ("K1", "K2")}
    for one in learned_scores(trained[0])[1]:
        assert one.probability > 0.9
        assert (one.rules, one.listed) == ((2, True) if one.account in both else (1, False))


def test_a_changed_lake_makes_the_model_stale(trained: Trained, tmp_path: Path) -> None:
    home = copied(trained, tmp_path)
    frames = {name: open_tables(home).frame(name) for name, rows in open_tables(home).rows.items() if rows}
    write_tables(home, frames | {"HOLDS": frames["HOLDS"].head(50)})
    with pytest.raises(InputError, match="The lake changed"):
        read_model(home)
    with pytest.raises(InputError, match="older than the lake"):
        train(home, labels_of(trained[1], days=40))


def test_another_detection_makes_the_model_stale(trained: Trained, tmp_path: Path) -> None:
    home = copied(trained, tmp_path)
    run_detection(home, rules=["C04"])
    with pytest.raises(InputError, match="Detection ran again"):
        read_model(home)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("rules", {"D01": [99, "0"]}, "The rules changed"),
        ("exceptions", "0", "The rules changed"),
        ("signs", ["D01 others"], "other signs"),
        ("parameters", {}, "other signs"),
    ],
)
def test_a_model_of_other_rules_or_signs_is_refused(
    trained: Trained, tmp_path: Path, name: str, value: object, says: str
) -> None:
    from graph.lake.seal import read_sealed, write_sealed

    home = copied(trained, tmp_path)
    card = read_sealed(home.models / CARD)
    assert card is not None
    write_sealed(home.models / CARD, card | {name: value})
    with pytest.raises(InputError, match=says):
        read_model(home)


def test_damage_to_card_or_model_is_refused(trained: Trained, tmp_path: Path) -> None:
    home = copied(trained, tmp_path)
    (model,) = home.models.glob("*.txt")
    whole = model.read_bytes()
    model.write_bytes(whole.replace(b"D01_others", b"C04_others"))
    with pytest.raises(UnreadableSource, match="damaged"):
        read_model(home)
    model.unlink()
    with pytest.raises(UnreadableSource, match="missing or damaged"):
        read_model(home)
    model.write_bytes(whole)
    card = home.models / CARD
    card.write_bytes(card.read_bytes().replace(b'"format": 1', b'"format": 2'))
    with pytest.raises(UnreadableSource, match="card"):
        read_model(home)


def test_without_a_model_the_command_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trained", "--lake", str(tmp_path)]) == 1
    assert "train --labels FILE" in capsys.readouterr().err


def test_contradicting_labels_are_refused_by_row(trained: Trained) -> None:
    home, world, _ = trained
    labels = labels_of(world, days=40).labels
    wrong = replace(labels[0], row=999, mule=not labels[0].mule)
    with pytest.raises(InputError, match="rows 2 and 999"):
        decided([*labels, wrong], open_tables(home))


def test_unknown_accounts_are_reported_and_repeats_count_once(trained: Trained) -> None:
    home, world, _ = trained
    labels = labels_of(world, days=40).labels
    stranger = replace(labels[0], row=998, account="99999999999999999")
    earlier = replace(labels[0], row=999, decided_at=labels[0].decided_at - timedelta(days=9))
    decisions, unknown, repeated = decided([*labels, stranger, earlier], open_tables(home))
    assert (len(decisions), unknown, repeated) == (120, (998,), 1)
    assert {one.account: one for one in decisions}[labels[0].account].decided_at == earlier.decided_at


def test_too_few_of_a_kind_are_refused_with_the_count(trained: Trained) -> None:
    home, world, _ = trained
    labels = [one for one in labels_of(world, days=40).labels if not one.mule or one.row < 100]
    with pytest.raises(InputError, match=r"Only 49 usable labels are 1 .* at least 50"):
        train(home, LabelFile(tuple(labels), (), "0"))


def test_labels_of_one_day_cannot_be_tested_by_time(trained: Trained) -> None:
    home, world, _ = trained
    labels = [
        replace(one, decided_at=labels_of(world, 40).labels[0].decided_at)
        for one in labels_of(world, 40).labels
    ]
    with pytest.raises(InputError, match="can't be tested by time"):
        train(home, LabelFile(tuple(labels), (), "0"))


def test_the_commands_print_both_scores_apart_and_mask_keys(
    trained: Trained, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, world, _ = trained
    assert main(["trained", "--json", "--lake", str(home.root)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said) == {"notice", "model", "accounts"} and set(said["notice"]) == {"zh", "en"}
    assert len(said["accounts"]) == 2  # found by two rules
    for one in said["accounts"]:
        assert set(one) == {"account", "learned", "rule", "labelled"}
        assert set(one["learned"]) == {"score", "probability", "listed", "base", "parts"}
        assert "*" in one["account"] and one["labelled"] is True
        assert one["learned"]["listed"] and not one["rule"]["listed"]
        assert one["rule"]["probability"] < 0.5 < one["learned"]["probability"]
        assert {part.get("rule") for part in one["learned"]["parts"]} == {"D01", "C04"}
    assert "labelled" not in said["model"] and world.names["K1"].key not in json.dumps(said)
    assert main(["trained", "--lake", str(home.root)]) == 0
    table = capsys.readouterr().out
    assert "never mixed" in " ".join(table.split()) and "D01 +" in table
    assert world.names["K1"].key not in table
    assert main(["trained", "--json", "--show-keys", "--lake", str(home.root)]) == 0
    assert world.names["K1"].key in capsys.readouterr().out
