"""The finder: what people type, by every way of matching, and nothing else."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.contract import Ref
from graph.errors import InputError
from graph.lake.home import lake_home
from graph.lake.tables import empty_tables, write_tables
from graph.lookup.finder import Finder, How
from graph.lookup.index import open_index
from graph.lookup.names import similarity
from graph.lookup.texts import SortedTexts
from tests.frames import nodes, table

HOSTILE = "</script><img src=x onerror=alert(1)>"
CARD = "6222021234567891234"
PEOPLE = {
    "990101199001010018": "曾小明", "990101199001010026": "张伟", "990101199001010034": "張偉",
    "990101199001010042": "欧阳若兰", "990101199001010050": "章小兰", "990101199001010069": HOSTILE,
    "990101199001010077": "李小明", "990101199001010085": "小明李", "990101199001010093": "欧阳若南",
}  # fmt: skip


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> Finder:
    """A small lake with one of every kind of value."""
    home = lake_home(Path(tmp_path_factory.mktemp("finder")))
    write_tables(home, {
        "Person": table("Person", [{"key": key, "name": name} for key, name in PEOPLE.items()]),
        "Account": table("Account", [
            {"key": CARD, "holder_name": "张伟", "reserved_phone": "13800138000"},
            {"key": "6222021234567899234"}, {"key": "6222029999999999999"},
        ]),
        "Sim": table("Sim", [
            {"key": "13800138000@2024-01-01", "number": "13800138000", "imsi": "460001234567890"}
        ]),
        "Device": nodes("Device", "imei:86123456789012"),
        "Ip": nodes("Ip", "203.0.113.9"),
        "Address": nodes("Address", "样北市拟安巷63号20栋3室"),
        "Parcel": table("Parcel", [{"key": "unknown:YT00000000027", "waybill_no": "YT00000000027"}]),
    })  # fmt: skip
    from graph.lake.tables import open_tables

    return Finder(open_index(home.lookups, open_tables(home)))


def said(finder: Finder, text: str, **more: object) -> list[tuple[str, str]]:
    return [(hit.ref.key, hit.how.value) for hit in finder.find(text, **more).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [CARD, f" {CARD} ", "6222 0212 3456 7891 234", "6222-0212-3456-7891-234",
     "\uff16\uff12\uff12\uff12021234567891234", "\u202e6222021234567891234\u200b", "6222021234567891234\n"],
)  # fmt: skip
def test_an_identifier_is_found_however_it_is_spaced(finder: Finder, text: str) -> None:
    assert said(finder, text) == [(CARD, "exact")]


@pytest.mark.parametrize(
    ("text", "key", "how"),
    [
        ("13800138000", "13800138000@2024-01-01", "exact"),
        ("460001234567890", "13800138000@2024-01-01", "exact"),
        ("861234567890128", "imei:86123456789012", "imei"),
        ("86123456789012", "imei:86123456789012", "exact"),
        ("imei:86123456789012", "imei:86123456789012", "exact"),
        ("203.0.113.9", "203.0.113.9", "exact"),
        ("yt00000000027", "unknown:YT00000000027", "exact"),
        ("拟安巷63号", "样北市拟安巷63号20栋3室", "part"),
        ("891234", CARD, "tail"),
        ("6222***1234", CARD, "mask"),
        ("6222…1234", CARD, "mask"),
    ],
)
def test_every_kind_of_identifier_is_found(finder: Finder, text: str, key: str, how: str) -> None:
    assert (key, how) in said(finder, text)


def test_surer_matches_come_first_and_prefixes_are_told_from_equals(finder: Finder) -> None:
    assert said(finder, "62220212345678") == [(CARD, "prefix"), ("6222021234567899234", "prefix")]
    assert said(finder, "9234") == [("6222021234567899234", "tail")]
    found = finder.find("张伟", guess=True).hits
    assert [hit.how for hit in found] == [How.EXACT, How.EXACT, How.SOUND]
    assert [hit.ref.type for hit in found[:2]] == ["Person", "Account"]


@pytest.mark.parametrize(
    ("text", "name", "how"),
    [
        ("zengxiaoming", "曾小明", "pinyin"),
        ("Zeng Xiao Ming", "曾小明", "pinyin"),
        ("zxm", "曾小明", "initials"),
        ("ouyang", "欧阳若兰", "pinyin"),
        ("oyrl", "欧阳若兰", "initials"),
        ("李明小", "李小明", "order"),
        ("章晓兰", "章小兰", "sound"),
        ("欧阳苦兰", "欧阳若兰", "fuzzy"),
        ("小明", "曾小明", "part"),
    ],
)
def test_a_name_is_found_by_sound_initials_order_and_one_wrong_sign(
    finder: Finder, text: str, name: str, how: str
) -> None:
    key = next(key for key, own in PEOPLE.items() if own == name)
    assert (key, how) in said(finder, text)


def test_a_guess_is_never_told_as_a_hit(finder: Finder) -> None:
    guesses = finder.find("欧阳若兰", guess=True).hits
    assert [(hit.how, hit.similarity) for hit in guesses] == [(How.EXACT, None), (How.FUZZY, 0.75)]
    assert all(hit.how is not How.EXACT for hit in finder.find("曾小朋").hits)
    assert said(finder, "欧阳若兰") == [("990101199001010042", "exact")]


def test_types_limits_and_blanks(finder: Finder) -> None:
    assert [hit.ref for hit in finder.find("张伟", types=["Account"]).hits] == [Ref("Account", CARD)]
    cut = finder.find("9901", limit=2)
    assert (len(cut.hits), cut.cut) == (2, True)
    assert finder.find("  \u200b ").hits == ()
    assert finder.find("9901", types=["Nothing"]).hits == ()


def test_a_list_takes_only_what_is_written(finder: Finder) -> None:
    assert [hit.how for hit in finder.find_exactly("6222***1234").hits] == [How.MASK]
    assert finder.find_exactly("891234").hits == ()
    assert finder.find_exactly("欧阳苦兰").hits == ()


@pytest.mark.parametrize("text", ["x" * 201, "***", "6*2*3", "6***4"])
def test_what_cannot_be_searched_gets_a_sentence(finder: Finder, text: str) -> None:
    with pytest.raises(InputError) as refused:
        finder.find(text)
    assert "x" * 9 not in refused.value.message and "\n" not in refused.value.message


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_no_text_breaks_the_search(finder: Finder, text: str) -> None:
    try:
        assert len(finder.find(text, limit=5, guess=True).hits) <= 5
    except InputError as error:
        assert "mask" in error.message


def test_markup_is_only_text(finder: Finder) -> None:
    assert ("990101199001010069", "exact") in said(finder, HOSTILE)


def test_an_empty_lake_finds_nothing(tmp_path: Path) -> None:
    finder = Finder(open_index(tmp_path, empty_tables()))
    for text in ("6222", "zhang", "张伟", "6222***1234"):
        assert finder.find(text, guess=True).hits == ()


@settings(max_examples=60)
@given(st.lists(st.text(max_size=6), max_size=12), st.text(max_size=3))
def test_sorted_texts_agree_with_a_plain_list(texts: list[str], asked: str) -> None:
    held = sorted((t for t in texts if t.isprintable()), key=lambda t: t.encode())
    kept = SortedTexts.of(held)
    if "\0" in asked or not asked.isprintable():
        return
    first, behind = kept.equal(asked)
    assert held[first:behind] == [t for t in held if t == asked]
    first, behind = kept.beginning(asked)
    assert held[first:behind] == [t for t in held if t.startswith(asked)]
    wanted = [n for n, t in enumerate(held) if asked and asked in t]
    assert kept.containing(asked, 100) == wanted


def test_similarity_is_the_edit_distance() -> None:
    assert similarity("欧阳若兰", "欧阳若南") == 0.75
    assert similarity("abc", "abc") == 1.0
    assert similarity("abc", "") == 0.0
