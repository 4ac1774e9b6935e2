"""The data itself: what the founding articles say, what must never be shown, what an operator may change."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from bot.directory import Directory, DirectoryError, check, load_directory, refuse_errors
from bot.directory.atlas import HERE
from bot.directory.catalogue import build_directory

TODAY = dt.date(2026, 11, 20)


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory()


def local(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "services.local.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_directory_has_no_errors(directory: Directory) -> None:
    assert [problem for problem in check(directory, TODAY) if problem.level == "error"] == []
    assert len(directory.services) == 73


def test_what_the_founding_articles_say(directory: Directory) -> None:
    harmony = directory.service("harmony")
    assert (harmony.phone, harmony.areas, harmony.ages) == ("0330 1757 258", ("staffordshire_stoke",), "any")
    assert directory.service("victim_support_supportline").phone == "08 08 16 89 111"
    assert directory.service("lancashire_victim_services").teams == (
        "domestic",
        "sexual",
        "children_young_people",
        "hate",
        "asb",
    )
    assert not directory.service("beacon_safeguarding_hub").public_contact


def test_numbers_known_only_from_memory_are_nowhere() -> None:
    text = (HERE / "services.yml").read_text(encoding="utf-8")
    for number in (
        "0808 500 2222",
        "0808 808 8141",
        "0800 456 1226",
        "03000 11 55 55",
        "0300 330 5959",
        "01785 619000",
    ):
        assert number not in text
    assert "from_memory" not in text
    assert "mysupportspace.org.uk" not in text


def test_every_fact_keeps_its_source(directory: Directory) -> None:
    for service in directory.services.values():
        assert service.sources, service.id
        assert all(source.url for source in service.sources), service.id


def test_only_the_five_commissioned_services_take_referrals(directory: Directory) -> None:
    takes = {service.id for service in directory.services.values() if service.takes_referrals}
    assert takes == {
        "harmony",
        "usah",
        "staffordshire_victim_gateway",
        "beacon",
        "lancashire_victim_services",
    }
    assert all(directory.service(one).address_for().email is None for one in takes)


def test_an_operators_file_is_laid_over(tmp_path: Path) -> None:
    found = load_directory(
        local(
            tmp_path,
            """
services:
  harmony:
    phone: "01234 567890"
    last_checked: 2026-11-19
    referral: {email: intake@service.example}
  lancashire_victim_services:
    team_addresses: {hate: {webhook: "https://service.example/hate"}}
""",
        )
    )
    harmony = found.service("harmony")
    assert (harmony.phone, harmony.reliance(TODAY), harmony.hours.rule) == ("01234 567890", "checked", "weekly")
    assert harmony.address_for().email == "intake@service.example"
    lancashire = found.service("lancashire_victim_services")
    assert lancashire.address_for("hate").webhook == "https://service.example/hate"
    assert lancashire.address_for("asb").webhook is None
    assert not [p for p in check(found, TODAY) if p.level == "error"]
    assert load_directory().service("harmony").phone == "0330 1757 258"


def test_no_file_is_no_fault(tmp_path: Path) -> None:
    assert load_directory(tmp_path / "services.local.yml").services == load_directory().services


def test_every_entry_says_by_when_it_must_be_checked_and_whom_it_takes(directory: Directory) -> None:
    assert [one.id for one in directory.services.values() if one.check_by is None] == []
    serves = {one.id: one.serves for one in directory.services.values()}
    assert all((serves[one.id] == "anyone") == ("national" in one.areas) for one in directory.services.values())
    assert (serves["staffordshire_victim_gateway"], serves["staffordshire_police"]) == ("residents", "place")
    assert serves["usah"] == "unknown"  # sources differ on visitors


@pytest.mark.parametrize(
    ("day", "reliance"),
    [
        (dt.date(2026, 11, 20), "checked"),
        (dt.date(2027, 3, 31), "checked"),
        (dt.date(2027, 4, 1), "expired"),  # recommissioned: a check made before does not hold
    ],
)
def test_a_check_ends_with_a_change_of_hands(tmp_path: Path, day: dt.date, reliance: str) -> None:
    found = load_directory(local(tmp_path, "services: {harmony: {last_checked: 2026-11-19}}"))
    assert found.service("harmony").reliance(day) == reliance
    assert (found.without_unchecked(day).service("harmony").phone is None) == (reliance == "expired")


def test_a_check_holds_for_a_year_or_as_long_as_was_said(tmp_path: Path) -> None:
    text = "services: {shelter: {last_checked: 2026-11-19}, cst: {last_checked: 2026-11-19, check_by: 2027-01-31}}"
    found = load_directory(local(tmp_path, text))
    assert found.service("shelter").relied_until == dt.date(2027, 11, 19)
    assert found.service("cst").relied_until == dt.date(2027, 1, 31)
    assert found.service("tell_mama").relied_until is None
    [late] = [p for p in check(found, dt.date(2027, 2, 1)) if p.level == "error"]
    assert str(late).startswith("cst: check_by: the check of 2026-11-19 held until 2027-01-31")
    assert any(p.where == "cst" and p.field == "check_by" for p in check(found, dt.date(2026, 12, 20)))


def test_a_new_provider_takes_over_on_its_day(tmp_path: Path) -> None:
    text = """
services:
  harmony:
    changes_ahead:
    - when: "2027-04-01"
      what: The new contract begins.
      source: letter of the commissioner's office
      then: {provider: Newcomer, name: Newcomer ASB, phone: "01782 234567", last_checked: 2027-03-30,
             referral: {email: intake@newcomer.example}}
"""
    found = load_directory(local(tmp_path, text))
    before, after = found.without_unchecked(dt.date(2027, 3, 31)), found.without_unchecked(dt.date(2027, 4, 1))
    assert (before.service("harmony").provider[:14], before.service("harmony").phone) == ("Victim Support", None)
    harmony = after.service("harmony")
    assert (harmony.provider, harmony.name, harmony.phone) == ("Newcomer", "Newcomer ASB", "01782 234567")
    assert harmony.address_for().email == "intake@newcomer.example"
    assert harmony.hours == found.service("harmony").hours
    # the number of the old provider, checked before the day, is not the new provider's
    (tmp_path / "unsigned").mkdir()
    unsigned = load_directory(local(tmp_path / "unsigned", text.replace(", last_checked: 2027-03-30", "")))
    assert unsigned.on(dt.date(2027, 4, 1)).service("harmony").reliance(dt.date(2027, 4, 1)) == "unchecked"


def test_national_lines_stay_when_nobody_signed_for_them(directory: Directory) -> None:
    late = directory.without_unchecked(dt.date(2028, 12, 1))
    assert [late.service(one).phone for one in ("emergency_999", "police_101", "samaritans")] == [
        "999",
        "101",
        "116 123",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("services: {harmony: {phone: call us}}", "harmony: phone: 'call us' cannot be dialled"),
        ("services: {harmony: {telephone: '1'}}", "harmony: telephone: no such field"),
        ("services: {harmony: {ages: young}}", "is not an age range"),
        ("services: {new_one: {name: New}}", "new_one: provider: is missing"),
        ("services: {harmony: {hours: {rule: complement_of, of: nobody, bank_holidays: open}}}", "nobody"),
        ("services: {harmony: {sms: ring us}}", "harmony: sms: 'ring us' cannot be texted"),
        ("services: {harmony: {changes_ahead: [{when: soon, what: x, source: y}]}}", "harmony: changes_ahead.0.when"),
        (
            "services: {harmony: {changes_ahead: [{when: '2027', what: x, source: y, then: {phone: '1'}}]}}",
            "harmony: changes_ahead.0.then: what is different from then on needs the day",
        ),
        (
            "services: {harmony: {changes_ahead: [{when: '2027-04-01', what: x, source: y, then: {fon: '1'}}]}}",
            "harmony: fon: no such field",
        ),
        (
            "services: {harmony: {hours: {rule: weekly, bank_holidays: closed, "
            "weekly: [{days: [mon], open: '9:00', close: '17:00'}]}}}",
            "harmony: hours.weekly.0.open: '9:00' is not a time",
        ),
        ("services: [harmony]", "list of ids"),
        ("services: {harmony: [", "not valid YAML"),
    ],
)
def test_a_wrong_file_is_refused_in_words(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(DirectoryError, match=words.replace("(", r"\(")):
        load_directory(local(tmp_path, text))


@pytest.mark.parametrize(
    ("service_id", "change", "words"),
    [
        ("harmony", {"out_of_hours_fallback": ("nobody",)}, "unknown service: nobody"),
        ("harmony", {"out_of_hours_fallback": ("beacon_safeguarding_hub",)}, "no public contact"),
        ("harmony", {"areas": ("atlantis",)}, "unknown area: atlantis"),
        ("harmony", {"sources": ()}, "no source"),
        ("harmony", {"last_checked": dt.date(2027, 1, 1)}, "in the future"),
        ("harmony", {"team_addresses": {"x": {"email": "a@b.example"}}}, "unknown team"),
        ("harmony", {"referral": {"webhook": "http://service.example"}}, "https://"),
        ("harmony", {"referral": {"email": "nobody"}}, "not an e-mail"),
        ("shelter", {"referral": {"email": "a@b.example"}}, "takes_referrals"),
        ("harmony", {"hours": {"rule": "weekly", "bank_holidays": "closed"}}, "hours.weekly: rule weekly and"),
        ("harmony", {"out_of_hours_fallback": ()}, "out_of_hours_fallback: nobody is offered"),
        ("harmony", {"out_of_hours_fallback": ("harmony",)}, "out_of_hours_fallback: none of them"),
        ("harmony", {"phone": "0330 1757 25"}, "phone: '0330 1757 25' is not a number"),
        ("harmony", {"phone": "0300 323 0085"}, "is the number of"),
        ("harmony", {"email": "help at harmony"}, "email: 'help at harmony' is not"),
        ("harmony", {"web": "see our page"}, "web: 'see our page' is not"),
        ("harmony", {"valid_to": dt.date(2026, 11, 19)}, "valid_to: ended 2026-11-19"),
        ("harmony", {"valid_from": dt.date(2027, 4, 1), "valid_to": dt.date(2027, 3, 1)}, "is before valid_from"),
        (
            "harmony",
            {"last_checked": dt.date(2026, 11, 1), "check_by": dt.date(2026, 10, 1)},
            "check_by: 2026-10-01 is",
        ),
        ("harmony", {"alerts": [{"first": "2026-12-01", "last": "2026-11-01", "words": "Shut"}]}, "alerts: ends"),
        ("harmony", {"offers": ("ring 0330 1757 258",)}, "offers: a telephone number in prose"),
        (
            "shelter",
            {
                "hours": {
                    "rule": "unknown",
                    "bank_holidays": "unknown",
                    "special": [{"date": "2026-12-24", "open": "09:00", "close": "09:00"}],
                }
            },
            "hours.special: 2026-12-24 opens and closes at 09:00",
        ),
        ("emergency_999", {"public_contact": False}, "routes.yml"),
    ],
)
def test_check_names_what_is_wrong(
    directory: Directory, service_id: str, change: dict[str, object], words: str
) -> None:
    blocks = {one.id: dataclasses.asdict(one) for one in directory.services.values()}
    blocks[service_id].update(change)
    wrong = build_directory(blocks, directory.signals)
    errors = [str(p) for p in check(wrong, TODAY) if p.level == "error"]
    assert any(words in one and (service_id in one) for one in errors), errors
    with pytest.raises(DirectoryError, match="the directory cannot be used: "):
        refuse_errors(wrong, TODAY)


def test_check_warns_before_things_run_out(directory: Directory) -> None:
    words = [p.words for p in check(directory, dt.date(2028, 9, 1))]
    assert any("bank holidays end with 2028" in word for word in words)
    assert any(p.level == "error" and "bank holidays of 2029" in p.words for p in check(directory, dt.date(2029, 1, 1)))
    assert any(p.where == "harmony" and "Recommissioned" in p.words for p in check(directory, dt.date(2027, 2, 1)))
    assert not any(p.where == "harmony" and "Recommissioned" in p.words for p in check(directory, TODAY))


def test_unchecked_details_can_be_withheld(directory: Directory) -> None:
    careful = directory.without_unchecked(TODAY)
    assert careful.service("harmony").phone is None
    assert careful.service("emergency_999").phone == "999"
    assert {"harmony", "herts_council_asb"} <= careful.withheld
    assert not {"emergency_999", "hourglass"} & careful.withheld  # the second has no number that could be withheld
    assert not any(careful.service(one).has_contact or careful.service(one).email for one in careful.withheld)
    assert careful.service("harmony").name == directory.service("harmony").name


def test_ages(directory: Directory) -> None:
    childline, helpline, papyrus = map(directory.service, ("childline", "national_da_helpline", "papyrus"))
    assert [childline.accepts_age(band) for band in ("under_16", "16_17", "18_25", None)] == [True, True, False, False]
    assert [helpline.accepts_age(band) for band in ("under_16", "16_17", "18_25", None)] == [False, False, True, True]
    assert [papyrus.accepts_age(band) for band in ("18_25", "26_64")] == [True, False]


def test_a_service_outside_its_dates_is_closed(directory: Directory) -> None:
    blocks = {one.id: dataclasses.asdict(one) for one in directory.services.values()}
    blocks["harmony"]["valid_to"] = dt.date(2027, 3, 31)
    ended = build_directory(blocks, directory.signals)
    assert ended.opening("harmony", dt.datetime(2027, 3, 31, 11, tzinfo=dt.timezone.utc)).is_open
    assert not ended.opening("harmony", dt.datetime(2027, 4, 1, 11, tzinfo=dt.timezone.utc)).is_open
    assert ended.next_opening("harmony", dt.datetime(2027, 4, 1, 11, tzinfo=dt.timezone.utc)) is None


def test_an_unknown_service_is_named(directory: Directory) -> None:
    with pytest.raises(KeyError, match="no such service: nobody"):
        directory.service("nobody")
