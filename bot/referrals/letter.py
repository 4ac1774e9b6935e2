"""What does the service read? The one document that leaves, with every field the service needs and none lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.evidence.record import Photo
from bot.referrals.record import SCHEMA, Consent, DutyToAct, Mediation, Recipient, ReferralRequest, Screen
from bot.triage.assess import Assessment
from bot.triage.case import Case
from bot.triage.vocabulary import HEARD, SKIPPED, Finding

#: Written in a template, because a person reads it. It is plain text: nothing is escaped.
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=False,  # noqa: S701 - plain text for a mail and a JSON field, never HTML
    undefined=StrictUndefined,
    keep_trailing_newline=False,
)

#: Answers that are between the person and Haven alone: they leave in no letter.
PRIVATE = frozenset(
    {"return_word", "equality", "feedback", "check_answers", "still_there", "talk_to_person", "anything_else"}
)
#: Answers that have a place of their own below; whatever else was asked is kept under `other_answers`.
_PLACED = frozenset(
    {"story", "speaker_role", "on_behalf_consent", "name", "age_band", "area", "address", "tenure", "trusted_adult"}
    | {"children_affected", "household", "safe_contact", "access_needs", "hate_reason", "targeted", "happening_now"}
    | {"when", "frequency", "getting_worse", "where", "effect", "witnesses", "evidence_held", "followed"}
    | {"threatened", "who", "lives_close", "reported_before", "report_details", "wishes", "mediation", "consent"}
    | {"police_share", "risk", "confirm_understanding", "happened_area"}
)
_LEVELS = ("low", "medium", "high")
#: How the hate was shown, by what was said (the forms of features.md 4.2).
_HATE_FORMS = {
    "threat_to_kill": "threats",
    "threatened": "threats",
    "injury": "assault",
    "vandalism_graffiti": "damage_graffiti",
    "malicious_communications": "letters_calls_online",
    "harassment_intimidation": "harassment",
}


def write_letter(
    case: Case,
    *,
    assessment: Assessment,
    recommendation: Recipient,
    screens: Sequence[Screen],
    mediation: Mediation | None,
    consent: Consent | None,
    reference: str,
    channel: str,
    language: str,
    now: dt.datetime,
    exception: DutyToAct | None = None,
    area_pack: str | None = None,
    test: bool = False,
    photos: Sequence[Photo] = (),
) -> dict[str, Any]:
    """The JSON-able letter of docs/referral.schema.json.

    A field nobody asked about or that stayed open is None; one the person chose not to answer is "skipped".
    """
    letter: dict[str, Any] = {
        "schema": SCHEMA,
        "reference": reference,
        "created_at": now.astimezone(dt.timezone.utc).isoformat(timespec="seconds"),
        "channel": channel,
        "language": language,
        "area_pack": area_pack,
        "test": test,
        "outcome_kind": "referred",
        "service": {
            "id": recommendation.service_id,
            "name": recommendation.name,
            "team": recommendation.team,
            "purpose": recommendation.purpose,
            "reason": recommendation.reason,
        },
        "kind": assessment.kind,
        "priority": recommendation.priority,
        "person": _person(case),
        "safe_contact": _safe_contact(case),
        "access_needs": _group(case, "access_needs", ("language", "interpreter", "needs", "words")),
        "incident": _incident(case, assessment),
        "other_party": _other_party(case),
        "history": _history(case),
        "risk": _risk(assessment, screens, case),
        "wishes": _answer(case, "wishes"),
        "mediation": {
            "answer": _answer(case, "mediation"),
            "suitable": mediation.suitable if mediation else None,
            "reasons": list(mediation.reasons) if mediation else [],
        },
        "photos": [_photo(photo) for photo in photos],
        "consent": _consent(case, consent, exception),
        "other_answers": {
            name: value
            for name, value in case.answers.items()
            if name not in _PLACED and name.partition(":")[0] not in PRIVATE
        },
    }
    letter["summary"] = TEMPLATES.get_template("summary.txt").render(letter=letter).strip()
    return letter


def letter_for(
    request: ReferralRequest, reference: str, now: dt.datetime, photos: Sequence[Photo] = ()
) -> dict[str, Any]:
    """The letter of a request, under its reference, with the photos that go with it."""
    return write_letter(
        request.case,
        assessment=request.assessment,
        recommendation=request.recipient,
        screens=request.screens,
        mediation=request.mediation,
        consent=request.consent,
        reference=reference,
        channel=request.channel,
        language=request.language,
        now=now,
        exception=request.exception,
        area_pack=request.area_pack,
        test=request.test,
        photos=photos,
    )


def _answer(case: Case, name: str) -> Any:
    """The answer, "skipped" when refused, else what the story said, else None."""
    return SKIPPED if case.answers.get(name) == SKIPPED else case.value(name)


def _group(case: Case, name: str, fields: Iterable[str]) -> dict[str, Any]:
    """An answer that holds several fields, each of them present; all "skipped" when the question was."""
    answer = _answer(case, name)
    if answer == SKIPPED:
        return dict.fromkeys(fields, SKIPPED)
    known = answer if isinstance(answer, dict) else {}
    return {**dict.fromkeys(fields), **known}


def _person(case: Case) -> dict[str, Any]:
    fields = ("on_behalf_consent", "name", "age_band", "area", "address", "tenure", "household", "children_affected")
    return {
        "role": _answer(case, "speaker_role"),
        **{name: _answer(case, name) for name in (*fields, "trusted_adult")},
    }


def _safe_contact(case: Case) -> dict[str, Any]:
    fields = ("number", "email", "times", "unsafe_times", "who_may_answer", "voicemail", "neutral_name")
    contact = _group(case, "safe_contact", ("channel", *fields, "on_no_contact"))
    return {"channels": contact.pop("channel"), **contact}


def _incident(case: Case, assessment: Assessment) -> dict[str, Any]:
    plain = ("targeted", "happening_now", "when", "frequency", "getting_worse", "where", "effect")
    said = {id(finding): finding for finding in (*case.findings, *assessment.evidence) if finding.label not in HEARD}
    evidence = sorted({_span(finding) for finding in said.values()}, key=lambda span: (span[1], span[2], span[0]))
    harms = case.answers.get("risk")
    hurt = harms.get("2") if isinstance(harms, dict) else None
    answered = set(hurt) if isinstance(hurt, (list, tuple)) else set()
    return {
        "narrative": case.story,
        "path": assessment.kind,
        "asb_types": list(assessment.asb_types),
        "hate_strands": list(assessment.hate_strands),
        "other_harm": list(assessment.other_harm),
        "hate_forms": _hate_forms(case, assessment),
        "hate_reason": _answer(case, "hate_reason"),
        "perceived_by": _answer(case, "speaker_role") if assessment.is_hate else None,
        "confirmed": _answer(case, "confirm_understanding"),
        **{name: _answer(case, name) for name in plain},
        # asked only where the home does not decide who helps; otherwise it is no gap
        **({"happened_area": _answer(case, "happened_area")} if case.is_known("happened_area") else {}),
        "injuries": _mentioned(case, "injury", "hurt" in answered),
        "damage": _mentioned(case, "vandalism_graffiti", "fire" in answered),
        "weapon": _mentioned(case, "weapon", "weapon" in answered),
        "threatened": _mentioned(case, "threatened", "threatened" in answered),
        "followed": _mentioned(case, "followed", "followed" in answered),
        "witnesses": _answer(case, "witnesses"),
        "evidence_held": _answer(case, "evidence_held"),
        "evidence": [dict(zip(("label", "start", "end", "text"), span, strict=True)) for span in evidence],
    }


def _span(finding: Finding) -> tuple[str, int, int, str]:
    return finding.label, finding.start, finding.end, finding.text


def _mentioned(case: Case, label: str, answered: bool) -> dict[str, Any] | None:
    """Whether it was said, and the words that say so; None when nothing is known of it."""
    finding = case.finding(label)
    if finding is None and not answered and case.value(label) is None:
        return None
    return {"said": True, "words": finding.text if finding else None}


def _hate_forms(case: Case, assessment: Assessment) -> list[str] | None:
    if not assessment.is_hate:
        return None
    labels = {finding.label for finding in case.findings} | set(assessment.asb_types)
    return sorted({form for label, form in _HATE_FORMS.items() if label in labels})


def _other_party(case: Case) -> dict[str, Any]:
    known = _group(case, "who", ("relationship", "known", "number", "words", "name", "address", "description"))
    # Default on: nothing may reach the other party before the person is asked.
    return {**known, "lives_close": _answer(case, "lives_close"), "do_not_contact_without_asking": True}


def _history(case: Case) -> dict[str, Any]:
    answer = _answer(case, "reported_before")
    known = answer if isinstance(answer, dict) else {}
    reports = list(known.get("reports") or [])
    counts = [report.get("count") for report in reports if isinstance(report, dict)]
    return {
        "reported_before": SKIPPED if answer == SKIPPED else known.get("any"),
        "reports": reports,
        "count": sum(count if isinstance(count, int) else 1 for count in counts) if reports else None,
        "details": _answer(case, "report_details"),
    }


def _risk(assessment: Assessment, screens: Sequence[Screen], case: Case) -> dict[str, Any]:
    levels = [screen.level for screen in screens if screen.level in _LEVELS]
    return {
        "screen": [
            {
                "instrument": screen.instrument,
                "version": screen.version,
                "answers": dict(screen.answers),
                "score": screen.score,
                "level": screen.level,
            }
            for screen in screens
        ],
        "level": max(levels, key=_LEVELS.index) if levels else None,
        "reasons": [
            {"item": item, "points": points, "words": words}
            for screen in screens
            for item, points, words in screen.reasons
        ],
        "signals": list(assessment.risk),
        "answers": _answer(case, "risk"),
        "override": None,
    }


def _photo(photo: Photo) -> dict[str, Any]:
    """What is known of a photo. The picture itself is behind the one-time link: no system keeps it unasked."""
    return {
        "description": photo.description or None,
        "kind": photo.kind,
        "bytes": photo.size,
        "width": photo.width,
        "height": photo.height,
        "sha256": photo.sha256,
        "received_at": photo.received_at.astimezone(dt.timezone.utc).isoformat(timespec="seconds"),
        "taken_at": photo.taken_at,
    }


def _consent(case: Case, consent: Consent | None, exception: DutyToAct | None) -> dict[str, Any]:
    """This service's consent alone: what was answered about others is none of its business."""
    return {
        "given": consent.given if consent else None,
        "purpose": consent.purpose if consent else None,
        "wording": consent.wording if consent else None,
        "wording_version": consent.wording_version if consent else None,
        "channel": consent.channel if consent else None,
        "at": consent.at.astimezone(dt.timezone.utc).isoformat(timespec="seconds") if consent else None,
        "police_share": _answer(case, "police_share"),
        "exception": {"reason": exception.reason, "actor": exception.actor, "note": exception.note}
        if exception
        else None,
    }
