"""Does a message of the assistant read well on a page: numbers to tap, codes whole, answers listed, all escaped?"""

from __future__ import annotations

import re

import pytest
import yaml

from channels.reading import readable
from tests.house.tree import ROOT


@pytest.mark.parametrize(
    ("said", "link"),
    [
        ("Call 999 now.", '<a class="whole" href="tel:999" dir="ltr">999</a>'),
        ("Supportline, 08 08 16 89 111; or", 'href="tel:08081689111"'),
        ("Childline, 0800 1111.", 'href="tel:08001111"'),
        ("Samaritans, 116 123.", 'href="tel:116123"'),
        ("text 999 if you have registered", 'href="sms:999"'),
        ("or SHOUT to 85258", 'href="sms:85258?body=SHOUT"'),
        ("see report-it.org.uk.", 'href="https://report-it.org.uk" target="_blank" rel="noopener noreferrer"'),
    ],
)
def test_a_number_or_an_address_can_be_tapped(said: str, link: str) -> None:
    assert link in readable(said)


@pytest.mark.parametrize("code", ["HV-TQNP-D3HN", "0123 4567 0800 1111", "1234 0800 0800 0123"])
def test_a_reference_or_a_code_stays_whole_and_is_no_number_to_call(code: str) -> None:
    html = readable(f"It is {code}. Please keep it.")
    assert f'<b class="whole" dir="ltr">{code}</b>' in html
    assert "tel:" not in html


@pytest.mark.parametrize("said", ["press 55 when asked", "it was 1999", "a@b.org", "flat 101b", "in 2026-11-21"])
def test_other_digits_are_left_alone(said: str) -> None:
    assert "<a" not in readable(said)


def test_three_answers_or_more_are_a_list_and_keep_every_word() -> None:
    text = "Here it is.\nYour words: <b>They said\nthings</b>\nHow often: Most weeks\nNumber: 07700 900123"
    html = readable(text)
    assert html.count("<dt>") == 3
    assert "They said\nthings" in html
    assert "<b>They" not in html
    assert "tel:" not in html, "the person's own number is not to be called by a slip of the thumb"
    assert "<dl" not in readable("Happening right now: Yes")


def test_no_wording_loses_a_word() -> None:
    responses = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
    for variants in responses.values():
        for variant in variants:
            plain = re.sub(r'<span class="vh">.*?</span>|<[^>]+>', "", readable(variant.get("text", "")))
            assert plain.replace("&#39;", "'").replace("&amp;", "&").replace("&#34;", '"') == variant.get("text", "")
