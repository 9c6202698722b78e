"""The load screen asks what the columns of an unknown file mean, and loads only after a person saved."""

from pathlib import Path

from graph.lake.home import LakeHome, lake_home
from ingest.load import load_files
from tests.ingest.build import digest
from tests.ingest.mapping.odd import write_odd
from tests.ui.screens.screen import screen, texts
from ui.words import Words


def home_with_odd_file(folder: Path, balances: bool = True) -> LakeHome:
    home = lake_home(folder / "home")
    load_files(home, [write_odd(folder, balances=balances)])
    return home


def test_an_unknown_file_is_mapped_saved_and_loaded(tmp_path: Path) -> None:
    home = home_with_odd_file(tmp_path)
    words = Words("zh")
    app = screen("load", home, "zh")
    assert words("map.help") in texts(app)
    (chosen,) = app.selectbox(key="map-file").options
    assert chosen == "odd.csv"
    app.selectbox(key="map-file").select_index(0).run()
    assert not app.exception
    shown = "\n".join(str(text.value) for text in app.text)
    assert "880100*******0000" in shown and "88010001000000000" not in shown
    preview = " ".join(table.value.to_csv() for table in app.dataframe)
    assert ",收," in preview and ",付," in preview and ",out," not in preview
    assert not (home.root / "templates").exists()
    app.button(key="map-save").click().run()
    assert not app.exception
    assert not app.error
    assert len(list((home.root / "templates").glob("*.yml"))) == 1
    assert digest(home.root)
    assert words("map.help") not in texts(screen("load", home, "zh"))


def test_what_is_ambiguous_is_asked_and_not_saved(tmp_path: Path) -> None:
    home = home_with_odd_file(tmp_path, balances=False)
    app = screen("load", home)
    app.selectbox(key="map-file").select_index(0).run()
    assert not app.exception
    assert "please choose" in texts(app)
    assert any("lacks" in str(error.value) for error in app.error)
    assert "map-save" not in [button.key for button in app.button]
    for box in app.selectbox:
        key = str(box.key)
        for column, field in (("-2", "own_account"), ("-3", "peer_account"), ("-4", "direction")):
            if key.startswith("map-") and "bank_sheet" in key and key.endswith(f"bank_sheet{column}"):
                box.set_value(field)
    app.run()
    assert not app.error
    assert "map-save" in [button.key for button in app.button]


def test_a_columns_name_never_becomes_markup(tmp_path: Path) -> None:
    from tests.ingest.build import write_text

    home = lake_home(tmp_path / "home")
    names = ("![x](http://example.test/a)", "<b>账户</b>", "账户*2*", "[卡](javascript:1)")
    path = write_text(tmp_path / "marked.csv", names, [("8801000100000001",) * 4] * 6)
    load_files(home, [path])
    app = screen("load", home)
    app.selectbox(key="map-file").select_index(0).run()
    assert not app.exception
    rendered = "\n".join(str(part.value) for part in [*app.caption, *app.error, *app.info, *app.markdown])
    assert "![x](" not in rendered and "<b>账户" not in rendered and "[卡](" not in rendered


def test_what_a_mapping_still_lacks_is_said_in_the_screens_language(tmp_path: Path) -> None:
    home = home_with_odd_file(tmp_path, balances=False)
    app = screen("load", home, "zh")
    app.selectbox(key="map-file").select_index(0).run()
    (said,) = [str(error.value) for error in app.error]
    assert "缺少" in said and "收付标志" in said and "lacks" not in said


def test_a_refused_file_is_explained_in_the_screens_language_and_its_name_is_no_markup(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "[链接](x) 空.csv").write_bytes(b"")
    for language, wanted in (("zh", "文件为空"), ("en", "The file is empty")):
        app = screen("load", lake_home(tmp_path / language), language)
        app.text_input(key="load_folder").set_value(str(folder)).run()
        app.button(key="load-start").click().run()
        assert not app.exception
        (said,) = [str(warning.value) for warning in app.warning]
        assert wanted in said and "[链接](x)" not in said
