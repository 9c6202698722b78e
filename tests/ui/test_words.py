import re
from pathlib import Path

import pytest

from detect.pipeline import STAGES
from graph.errors import SchemaError
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES
from tests.ui.screens.screen import SCREENS
from ui.glossary import TERMS_OF, terms
from ui.words import LANGUAGES, Words, all_words

UI = Path(__file__).parents[2] / "ui"
USED = re.compile(r'words\(\s*f?"([a-z_]+\.[a-z_{}"]+)"')


def test_every_text_has_both_languages_and_the_same_places() -> None:
    for name, pair in all_words().items():
        places = [set(re.findall(r"{(\w+)", pair[language])) for language in LANGUAGES]
        assert places[0] == places[1], name


def test_every_word_the_screens_use_exists() -> None:
    for path in UI.rglob("*.py"):
        for name in USED.findall(path.read_text(encoding="utf-8")):
            if "{" in name:
                assert any(known.startswith(name.split("{")[0]) for known in all_words()), (path.name, name)
            else:
                assert name in all_words(), (path.name, name)


def test_every_stage_of_detection_has_a_word() -> None:
    for stage in STAGES:
        assert Words("zh")(f"stage.{stage}")


def test_labels_of_types_come_from_the_catalog() -> None:
    for name, declared in (NODE_TYPES | RELATION_TYPES).items():
        assert Words("zh").type_label(name) == declared.zh
        assert Words("en").type_label(name) == declared.en
    assert Words("zh").property_label("Account", "bank") == "开户行"
    assert Words("zh").property_label("HOLDS", "valid_from_at") == "valid_from_at"


def test_an_unknown_word_is_an_error_and_not_an_empty_button() -> None:
    with pytest.raises(SchemaError, match=r"no text 'nav\.nowhere'"):
        Words("en")("nav.nowhere")


def test_every_screen_explains_its_terms_and_every_term_is_explained_once() -> None:
    assert set(SCREENS) <= set(TERMS_OF)
    used = {term for names in TERMS_OF.values() for term in names}
    assert used == set(terms())
    for term in terms():
        for language in LANGUAGES:
            name, _, meaning = Words(language)(f"terms.{term}").partition(": ")
            assert name and meaning.endswith(("。", ".")), (term, language)
