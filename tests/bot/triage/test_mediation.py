"""Is mediation kept away from everybody it could hurt?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage import Mediation, screen_mediation, screens_for
from bot.triage.mediation import BARRED_HARM, BARRED_RISK, BARRED_TYPES
from bot.triage.vocabulary import ASB_TYPES, HATE_STRANDS

from .words import case_of, said, who


def screened(*findings: Any, **answers: Any) -> Mediation:
    case, found = case_of(*findings, **answers)
    return screen_mediation(case, found, screens_for(case, found))


def test_a_noisy_neighbour_suits() -> None:
    assert screened(who("neighbour"), said("noise")) == Mediation(True, True, ("suits_noise",))


def test_a_wish_for_it_is_heard() -> None:
    found = screened(who("neighbour"), said("trespass"), wishes=["mediation"])
    assert (found.suitable, found.offered, found.reasons) == (True, True, ("wanted",))


def test_nothing_that_suits_is_not_offered() -> None:
    assert screened(who("neighbour"), said("trespass")) == Mediation(True, False, ("no_sign_it_would_suit",))


def test_somebody_else_speaking_is_asked_to_ask() -> None:
    found = screened(who("neighbour"), said("noise"), said("speaker_role", "family_friend"))
    assert (found.suitable, found.offered) == (True, False)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"risk": {"2": ["threatened"]}}, "threatened"),
        ({"risk": {"2": ["hurt"]}}, "injury"),
        ({"risk": {"2": ["fire"]}}, "fire"),
        ({"risk": {"4": "yes"}}, "afraid_of_them"),
        ({"effect": {"areas": ["fear"], "words": ""}}, "afraid_of_them"),
        ({"age_band": {"band": "16_17"}}, "under_18"),
        ({"who": {"relationship": "family", "known": True, "number": "one", "words": ""}}, "family_or_partner"),
        ({"who": {"relationship": "stranger", "known": False, "number": "one", "words": ""}}, "no_continuing_relation"),
        ({"order_bars_contact": "yes"}, "order_bars_contact"),
        ({"mediation": "no"}, "person_unwilling"),
        ({"hate_reason": ["race"]}, "hate"),
        ({"confirm_understanding": {"kind": "both"}}, "hate"),
        ({"confirm_understanding": {"kind": "not_asb"}}, "no_asb_dispute"),
    ],
)
def test_each_bar_has_its_reason(answers: dict[str, Any], reason: str) -> None:
    found = screened(who("neighbour"), said("noise"), **answers)
    assert not found.suitable
    assert not found.offered
    assert reason in found.reasons


def test_high_risk_bars_by_itself() -> None:
    found = screened(
        who("neighbour"),
        said("noise"),
        targeted="yes",
        frequency="daily",
        effect={"areas": ["sleep", "health", "children"], "words": ""},
        risk={"1": "yes", "3": ["illness"]},
    )
    assert found.reasons == ("high_risk",)


barred = st.sampled_from([*BARRED_HARM, *BARRED_RISK, *BARRED_TYPES, *HATE_STRANDS, "threatened", "followed"])


@given(barred, st.lists(st.sampled_from(ASB_TYPES), max_size=4), st.sampled_from(["neighbour", "friend", "partner"]))
def test_never_suitable_with_any_barred_label(label: str, types: list[str], person: str) -> None:
    found = screened(who(person), said(label, True), *map(said, types), wishes=["mediation"], mediation="yes")
    assert not found.suitable
    assert not found.offered
    assert found.reasons
