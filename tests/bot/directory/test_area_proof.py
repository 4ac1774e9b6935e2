"""Is every postcode of the table decided as the table allows, and never further? Sectors, borders and misspellings."""

from __future__ import annotations

import importlib
from dataclasses import replace

import pytest

from bot.directory import Directory, load_directory
from bot.directory.area import AreaMatch, find_area

DIRECTORY: Directory = load_directory()
ATLAS = DIRECTORY.atlas
SECTORS = sorted(code for code in ATLAS.shares if " " in code)
STRADDLING = [sector for sector in SECTORS if len(ATLAS.shares[sector]) > 1]
#: How many full postcodes near borders are tried.
NEAR = 200
#: Each council as people may spell it: the first ones are decided, those after `|` may also be asked back.
MISSPELT = {
    "broxbourne": "Broxborne, Broxbourn, Hodesdon",
    "dacorum": "Dacorm, Decorum, Dakorum, Hemel Hempsted",
    "east_hertfordshire": "East Hertfordshir, East Hurts, Bishops Storford, East Hertforshire",
    "hertsmere": "Hertsmeer, Hertsmear, Herstmere",
    "north_hertfordshire": "North Hertforshire, Nth Herts, Letchworh, North Hurts",
    "st_albans": "St Albins, Saint Alban, St Albands, stalbans",
    "stevenage": "Stevanage, Stevenidge, stephenage",
    "three_rivers": "Three Riveres, 3 Rivers, Rickmansworh, Three Rivvers",
    "watford": "Wattford, Watferd, Whatford",
    "welwyn_hatfield": "Wellwyn Hatfield, Welwin Hatfield, Welwyn Hatfeild, Welyn Garden City",
    "blackburn_with_darwen": "Blackburn with Darwin, Blackbern, Blackburn and Darwen",
    "blackpool": "Blakpool, Blackpole, Black pool",
    "burnley": "Burnly, Bernley, Burnely",
    "chorley": "Chorly, Chorely, Chorlley",
    "fylde": "Fyld, Flyde, Fylde Coast",
    "hyndburn": "Hindburn, Hyndbern, Hyndeburn, Acrington",
    "lancaster": "Lankaster, Lanchaster | Lancester",
    "pendle": "Pendal, Pendel, Pendell",
    "preston": "Prestan, Presston, Prestin",
    "ribble_valley": "Ribble Vally, Ribel Valley, Rible Valley",
    "rossendale": "Rosendale, Rossendail, Rossindale",
    "south_ribble": "South Rible, Sth Ribble, South Ribbel",
    "west_lancashire": "West Lancashir, West Lanchashire, Skelmesdale",
    "wyre": "Wire Council, Wyer, Fleetwod",
    "cannock_chase": "Cannock Chace, Canock Chase, Cannok",
    "east_staffordshire": "East Staffordshir, East Stafforshire, Burton upon Trennt, Uttoxetter",
    "lichfield": "Litchfield, Lichfeild, Lichfild",
    "newcastle_under_lyme": "Newcastle under Lime, Newcastle-undr-Lyme, Newcastle-u-Lyme, Newcastle Under Line",
    "south_staffordshire": "South Staffordshir, South Stafforshire, Sth Staffordshire",
    "stafford": "Stafferd, Staffard | Staford",
    "staffordshire_moorlands": "Staffordshire Moorland, Staffs Moorland, Staffordshire Morlands",
    "stoke_on_trent": "Stoke on Trant, Stok-on-Trent, Stoke in Trent, stokeontrent",
    "tamworth": "Tamwoth, Tamwirth, Tammworth",
}


def found(text: str) -> AreaMatch:
    match = find_area(ATLAS, text, lenient=True)
    assert match is not None, text
    return match


def incodes(sector: str) -> list[str]:
    outcode, digit = sector.split()
    listed = importlib.import_module(f"uk_postcodes_parsing.outcodes.{outcode.lower()}").INCODES
    return sorted(incode for incode in listed if incode[0] == digit)


def near_borders() -> list[str]:
    """Full postcodes in use in sectors that lie in more than one council, spread evenly over them."""
    there = [f"{sector.split()[0]} {codes[len(codes) // 2]}" for sector in STRADDLING if (codes := incodes(sector))]
    return [there[place * len(there) // NEAR] for place in range(NEAR)]


def decided(match: AreaMatch) -> tuple[object, ...]:
    return (match.postcode, match.authority, match.group, match.outside, match.certain, match.candidates)


def check_against(councils: set[str], match: AreaMatch) -> None:
    """The match says what these councils leave decided, and no more."""
    areas = {ATLAS.service_area(council) for council in councils}
    if len(councils) == 1:
        assert (match.authority, match.candidates) == (next(iter(councils)), ()), match
    else:
        assert match.authority is None, match
        assert set(match.candidates) == councils, match
    if len(areas) == 1:
        area = areas.pop()
        assert (match.certain, match.group, match.outside) == (True, area, area is None), match
    else:
        assert (match.certain, match.group, match.outside, match.police_area) == (False, None, False, None), match


def test_the_table_has_sectors_of_every_kind() -> None:
    crossing = [s for s in STRADDLING if len({ATLAS.service_area(council) for council in ATLAS.shares[s]}) > 1]
    assert (len(SECTORS), len(STRADDLING), len(crossing)) == (839, 315, 148)
    assert all(abs(sum(ATLAS.shares[sector].values()) - 1) < 0.001 for sector in SECTORS)


def test_every_row_of_the_table_is_decided_as_far_as_it_goes() -> None:
    for code, shares in ATLAS.shares.items():
        check_against(set(shares), found(code))


def test_a_full_postcode_says_what_its_sector_says() -> None:
    for sector in SECTORS:
        codes = incodes(sector)
        for code in codes[:1] + codes[-1:]:
            check_against(set(ATLAS.shares[sector]), found(f"{sector.split()[0]} {code}"))


def test_one_postcode_over_the_border_leaves_its_sector_open() -> None:
    match = found(f"ST7 {incodes('ST7 1')[0]}")
    assert ATLAS.shares["ST7 1"]["newcastle_under_lyme"] > 0.99
    assert (match.certain, match.candidates) == (False, ("newcastle_under_lyme", "cheshire_east"))


@pytest.mark.parametrize("postcode", near_borders())
def test_postcodes_near_borders_are_not_guessed(postcode: str) -> None:
    match = found(postcode)
    assert match.postcode == postcode
    check_against(set(ATLAS.shares[postcode[:-2]]), match)
    bare = postcode.replace(" ", "")
    for written in (
        bare,
        bare.lower(),
        postcode.lower(),
        f" {postcode}.",
        postcode.replace("0", "O"),
        bare.replace("0", "o").lower(),
        bare.replace("O", "0"),
        f"it's {postcode} thanks",
    ):
        assert decided(found(written)) == decided(match), written


def test_an_exact_table_decides_what_its_sector_leaves_open() -> None:
    codes = [f"ST7 {code}" for code in incodes("ST7 1")[:2]]
    exact = replace(ATLAS, exact={codes[0]: "newcastle_under_lyme", codes[1]: "cheshire_east"})
    inside, outside = (find_area(exact, code) for code in codes)
    assert inside is not None
    assert outside is not None
    assert (inside.certain, inside.authority, inside.group) == (True, "newcastle_under_lyme", "staffordshire_stoke")
    assert inside.police_area == "staffordshire_police"
    assert (outside.certain, outside.authority, outside.group, outside.outside) == (True, "cheshire_east", None, True)


@pytest.mark.parametrize("council", sorted(MISSPELT))
def test_misspelt_councils_are_understood(council: str) -> None:
    sure, _, unsure = MISSPELT[council].partition(" | ")
    assert len(sure.split(", ")) >= 2
    for said in sure.split(", "):
        match = found(said)
        assert (match.certain, match.authority) == (True, council), said
    for said in filter(None, unsure.split(", ")):
        match = found(said)
        assert (match.certain, match.group, match.candidates) == (False, None, (council,)), said


def test_every_council_has_a_row_of_misspellings() -> None:
    assert set(MISSPELT) == {one.id for one in ATLAS.authorities.values() if one.served}


@pytest.mark.parametrize(
    ("text", "force"),
    [
        ("Hanley", "staffordshire_police"),
        ("Watford", "herts_police"),
        ("Lancashire", "lancashire_police"),
        ("Crewe", None),
        ("ST7", None),
    ],
)
def test_the_police_area_is_that_of_the_service_area(text: str, force: str | None) -> None:
    match = found(text)
    assert match.police_area == force
    if force:
        assert DIRECTORY.police(match.group).id == force
