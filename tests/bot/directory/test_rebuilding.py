"""Does a newer release of postcodes become tables that decide, and is a bad one refused in one plain line?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.directory import DirectoryError, load_directory
from bot.directory.area import find_area
from bot.directory.atlas import LOCAL, load_atlas
from bot.directory.rebuilding import Located, ReleaseError, read_rows, rebuild, run_postcodes

NEWCASTLE, CHESHIRE, STOKE, WATFORD = "E07000195", "E06000049", "E06000021", "E07000103"
COUNCILS = {one.lad_code: one for one in load_atlas().authorities.values()}


def line(postcode: str, code: str, quality: int = 10) -> str:
    return (
        f'"{postcode}",{quality},385000,350000,"E92000001","E19000002","E18000005","E10000028","{code}","E05000001"\r\n'
    )


def release(folder: Path, **files: list[str]) -> Path:
    inside = folder / "release" / "Data" / "CSV"
    inside.mkdir(parents=True, exist_ok=True)
    for name, lines in files.items():
        (inside / f"{name}.csv").write_text("".join(lines), encoding="utf-8")
    return folder / "release"


BORDER = [line("ST7 1AA", NEWCASTLE), line("ST7 1AB", CHESHIRE), line("ST7 1AD", NEWCASTLE, 60)]
WHOLE = [line("ST1 4LA", STOKE), line("ST1 4LB", STOKE)]


def located(postcode: str, code: str, sure: bool = True) -> Located:
    return Located(postcode, code, sure)


def test_shares_and_exact_postcodes_are_counted() -> None:
    tables = rebuild(
        [located("ST7 1AA", NEWCASTLE), located("ST7 1AB", CHESHIRE), located("ST7 8AA", NEWCASTLE)], COUNCILS, ()
    )
    assert tables.shares == (
        ("ST7", NEWCASTLE, 2 / 3),
        ("ST7", CHESHIRE, 1 / 3),
        ("ST7 1", NEWCASTLE, 0.5),
        ("ST7 1", CHESHIRE, 0.5),
        ("ST7 8", NEWCASTLE, 1.0),
    )
    assert tables.exact == (("ST7 1AA", NEWCASTLE), ("ST7 1AB", CHESHIRE))


def test_postcodes_of_every_length_are_read() -> None:
    rows = [
        line(code, STOKE).replace('"', "").strip().split(",") for code in ("ST1 4LA", "ST104LA", "M1  1AA", "WC1A1AA")
    ]
    assert [one.postcode for one in read_rows(rows, "x.csv")] == ["ST1 4LA", "ST10 4LA", "M1 1AA", "WC1A 1AA"]


def test_the_operators_tables_decide_full_postcodes(tmp_path: Path) -> None:
    outcome = run_postcodes(release(tmp_path, st=BORDER + WHOLE), tmp_path / "var")
    assert outcome.code == 0, outcome.text
    assert "2 outcodes, 2 sectors" in outcome.text
    assert "2 postcodes of divided sectors" in outcome.text
    assert "1 in divided sectors with an estimated position: asked about, not decided: ST7 1AD" in outcome.text
    atlas = load_atlas(tmp_path / "var")
    seen = {code: find_area(atlas, code) for code in ("ST7 1AA", "ST7 1AB", "ST7 1AD", "ST1 4LA", "WD17 1JA")}
    assert {code: match and (match.authority, match.certain) for code, match in seen.items()} == {
        "ST7 1AA": ("newcastle_under_lyme", True),
        "ST7 1AB": ("cheshire_east", True),
        "ST7 1AD": (None, False),
        "ST1 4LA": ("stoke_on_trent", True),
        "WD17 1JA": ("watford", True),
    }


def test_without_tables_of_their_own_the_shipped_ones_stand(tmp_path: Path) -> None:
    assert load_atlas(tmp_path) is load_atlas()


def test_a_council_that_vanished_is_named(tmp_path: Path) -> None:
    outcome = run_postcodes(release(tmp_path, st=WHOLE), tmp_path / "var")
    assert "warning: Watford (E07000103) has no postcode in this release: was it merged?" in outcome.text
    assert "Stoke-on-Trent (E06000021)" not in outcome.text
    assert "outcodes of the table in use are not in this release: kept as they were" in outcome.text


def test_a_new_council_is_taken_from_the_operators_list(tmp_path: Path) -> None:
    folder = release(tmp_path, st=[*WHOLE, line("ST7 1AA", "E06000999")])
    refused = run_postcodes(folder, tmp_path / "var")
    assert refused.code == 1
    assert refused.text == (
        "error: E06000999 (1 postcodes, in ST7 1) is in no list of councils: add it with --councils"
    )
    assert not (tmp_path / "var").exists()
    councils = tmp_path / "councils.csv"
    councils.write_text("lad_code,id,name,county,served\nE06000999,new_place,New Place,Cheshire,no\n", encoding="utf-8")
    assert run_postcodes(folder, tmp_path / "var", councils).code == 0
    match = find_area(load_atlas(tmp_path / "var"), "ST7 1AA")
    assert match is not None
    assert (match.authority, match.outside) == ("new_place", True)


def test_tables_without_their_councils_are_refused(tmp_path: Path) -> None:
    (tmp_path / LOCAL["exact"]).write_text("postcode,lad_code\nST7 1AA,E06000998\n", encoding="utf-8")
    with pytest.raises(ValueError, match="E06000998"):
        load_atlas(tmp_path)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "no .csv files"),
        ({"st": []}, "st.csv: empty"),
        ({"st": ["Postcode,Quality\r\n"]}, "st.csv, line 1: not 10 columns with a postcode first"),
        ({"st": [*WHOLE, line("NOT ONE", STOKE)]}, "st.csv, line 3: not 10"),
        ({"st": [line("ST1 4LA", STOKE).replace(",10,", ",ten,")]}, "st.csv, line 1: not 10"),
        ({"st": [line("ST1 4LA", STOKE), line("ST1 4LA", NEWCASTLE)]}, "ST1 4LA stands twice"),
        ({"st": [line("ST1 4LA", CHESHIRE)]}, "no postcode lies in a council that we serve"),
    ],
)
def test_a_release_that_cannot_be_used_is_refused(tmp_path: Path, files: dict[str, list[str]], words: str) -> None:
    outcome = run_postcodes(release(tmp_path, **files), tmp_path / "var")
    assert (outcome.code, outcome.text.count("\n")) == (1, 0)
    assert outcome.text.startswith("error: ")
    assert words in outcome.text
    assert not (tmp_path / "var").exists()


def test_a_postcode_that_stands_twice_alike_counts_once(tmp_path: Path) -> None:
    outcome = run_postcodes(release(tmp_path, st=WHOLE, st2=WHOLE[:1]), tmp_path / "var")
    assert "warning: 1 twice in the release, counted once: ST1 4LA" in outcome.text
    assert (tmp_path / "var" / LOCAL["shares"]).read_text(encoding="utf-8").count("ST1,") == 1


def test_a_postcode_without_a_council_is_left_out(tmp_path: Path) -> None:
    outcome = run_postcodes(release(tmp_path, st=[*WHOLE, line("ST1 4LD", "", 90)]), tmp_path / "var")
    assert "warning: 1 without a council in the release, left out: ST1 4LD" in outcome.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("code,name\n", "the first line must be lad_code,id,name,county,served"),
        ("lad_code,id,name,county,served\nE06000999,new,New,,no\n", "councils.csv, line 2"),
        ("lad_code,id,name,county,served\nE06000999,new,New,Old,maybe\n", "councils.csv, line 2"),
    ],
)
def test_a_list_of_councils_that_cannot_be_used_is_refused(tmp_path: Path, text: str, words: str) -> None:
    councils = tmp_path / "councils.csv"
    councils.write_text(text, encoding="utf-8")
    outcome = run_postcodes(release(tmp_path, st=WHOLE), tmp_path / "var", councils)
    assert outcome.code == 1
    assert words in outcome.text


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    outcome = run_postcodes(release(tmp_path, st=WHOLE), tmp_path / "var", tmp_path / "none.csv")
    assert outcome.code == 1
    assert "none.csv" in outcome.text


def test_none_of_ours_is_refused_by_the_core_alone() -> None:
    with pytest.raises(ReleaseError, match="no postcode lies in a council that we serve"):
        rebuild([located("ST7 1AB", CHESHIRE)], COUNCILS, ())
    assert rebuild([located("WD17 1JA", WATFORD)], COUNCILS, ()).exact == ()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (
            "postcodes.local.csv",
            "outcode,lad_code,share\nST1,E06000021,1\n",
            "postcodes.local.csv: column code is missing",
        ),
        ("postcodes_exact.local.csv", "postcode,lad_code\nST1 4LA,E99999999\n", "names E99999999, which no list"),
        ("authorities.local.csv", "", "authorities.local.csv: column county is missing"),
    ],
)
def test_a_table_that_cannot_be_used_is_named(tmp_path: Path, name: str, text: str, words: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DirectoryError, match=words):
        load_directory(tmp_path / "services.local.yml")
