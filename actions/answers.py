"""What did this answer say? One reader for each question; None means it was not understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from actions.answering import Answering, is_a_label
from actions.area import read_area, read_happened
from bot.triage.questions import Question
from bot.triage.vocabulary import ASB_TYPES, FACTS, HATE_STRANDS, OTHER_HARM, SKIPPED
from bot.understanding import answers as read_answer
from bot.understanding import read_words
from bot.understanding.ages import band_in_answer
from bot.understanding.agreement import (
    ALTERING,
    GIVING_CONSENT,
    NOT_SENDING,
    REFUSING_CONSENT,
    SENDING,
    is_clear_yes,
    is_unclear,
)
from bot.understanding.commands import begins_as_question, is_question
from bot.understanding.mash import says_nothing
from bot.understanding.spelled import spoken_digits, written_email
from bot.understanding.spoken import FORGOTTEN, SEVERAL, UNKNOWN, YES_NO, how_many_times, is_unsure


def read_answer_to(question: Question, answering: Answering) -> Any | None:
    """The answer in its canonical shape (see bot/triage/vocabulary.py), or None when it was not understood.

    What buttons, numbers and everyday words say exactly comes first; then what reading it as a story shows; then the
    nearest meaning among worked examples; and last, where any words will do, the words as they stand.
    """
    asking = answering.choice is None and begins_as_question(answering.text)
    if asking and question.slot in _NEVER_ASKED and not is_a_label(answering.text, answering.options):
        return None  # "does he get told I complained" tells nobody that they have
    value = _exactly(question, answering)
    if value is not None and question.id in SEVERAL and question.slot != "safe_contact":
        return _with_others(question, value, answering)
    if value is None and answering.choice is None and is_question(answering.text) and question.slot not in _ASKABLE:
        return None
    if value is None and answering.choice is None:
        value = _as_fact(question, answering)
    if value is None:
        near = answering.near(question)
        value = _shaped(question, near if question.id in SEVERAL else near[0], answering) if near else None
    if value is None and question.slot in _IN_WORDS and not asking and not says_nothing(answering.text):
        value = _IN_WORDS[question.slot](answering)
    return value


#: What else is meant beside what is said exactly must be very near.
_VERY_NEAR = 0.5
_LINKED = re.compile(r"\b(?:and|n|also|plus|as well|too|both)\b|[,&+]", re.IGNORECASE)


def _with_others(question: Question, value: Any, answering: Answering) -> Any:
    """ "Someone to talk to and a door alarm": the second half too, when the first is a button's words."""
    if answering.choice is not None or not _LINKED.search(answering.text) or isinstance(value, str):
        return value
    found = list(value.get("areas") or ()) if isinstance(value, dict) else list(value)
    if not found or "none" in found or question.slot not in ("hate_reason", "effect", "wishes", "risk"):
        return value
    more = [near for near in answering.near(question, _VERY_NEAR) if near not in (*found, "none", "not_sure")]
    return {**value, "areas": [*found, *more]} if isinstance(value, dict) else [*found, *more]


#: A question put here answers nothing.
_NEVER_ASKED = (
    *("happening_now", "targeted", "reported_before", "when", "frequency", "where", "risk", "speaker_role"),
    *("on_behalf_consent", "age_band"),
)
#: Answered with a question at times: "is it because I am black?"
_ASKABLE = ("hate_reason", "confirm_understanding", "effect", "wishes")


def answers_exactly(question: Question, answering: Answering) -> bool:
    """True when the words choose one of the question's options, or give the very thing it asks for."""
    if is_question(answering.text) or question.slot in ("name", "report_details", "trusted_adult"):
        return False
    by_value = question.id in ("safe_contact:number", "safe_contact:email", "area", "happened_area", "age_band", "when")
    if question.id in ("safe_contact:times", "safe_contact:neutral_name") or not (by_value or answering.options):
        return False
    value = _exactly(question, answering)
    return value is not None and value != SKIPPED


def _exactly(question: Question, answering: Answering) -> Any | None:
    """What the question's own reader finds, or the everyday words of its options."""
    reader = _SAFE_CONTACT[question.part or "channel"] if question.slot == "safe_contact" else _READERS[question.slot]
    value = reader(answering)
    if value is None and answering.choice is None:
        meant = answering.in_other_words(question.id)
        value = _shaped(question, meant if question.id in SEVERAL else meant[0], answering) if meant else None
    return value


def _as_fact(question: Question, answering: Answering) -> Any | None:
    """What reading the reply as a story shows of the question's own fact."""
    if question.slot not in FACTS or question.slot == "access_needs":
        return None
    found = [f for f in read_words(answering.text, answering.now).findings if f.label == question.slot]
    return max(found, key=lambda f: f.confidence).value if found else None


def _shaped(question: Question, meant: str | list[str], a: Answering) -> Any:
    """Options as the answer that a question keeps."""
    listed = [meant] if isinstance(meant, str) else meant
    words = a.text.strip()
    if question.slot == "reported_before":
        if listed[0] == "no":
            return {"any": False, "reports": []}
        return {"any": True, "reports": [{"to": to, "count": how_many_times(words)} for to in listed if to != "no"]}
    if question.slot == "where":
        return {"place": listed[0], "words": words}
    if question.slot == "effect":
        return {"areas": listed, "words": words}
    if question.slot == "age_band":
        return {"band": listed[0]}
    if question.slot == "access_needs":
        needs = [need for need in listed if need != "none"]
        return {"needs": needs, "interpreter": "interpreter" in needs, "words": words}
    if question.slot == "confirm_understanding":
        return _confirmed(listed[0], a)
    if question.slot == "hate_reason":
        return [reason for reason in listed if reason != "not_sure"] or "not_sure"
    return meant


def _option(a: Answering) -> str | None:
    return a.one()


def _confirm(a: Answering) -> Any | None:
    value = a.one()
    unsure = "yes" not in [offered for offered, _ in a.options]
    if value is None and unsure and read_answer.match_option(a.text, YES_NO) == "yes":
        # "yes" to "which is closest?" agrees with what was quoted: near the home it is the first, else not known yet
        who = a.case.value("who") or {}
        near = who.get("relationship") in ("neighbour", "landlord", "young_people") or a.case.finding("lives_close")
        return {"kind": "asb" if near else "not_asb"}
    if value is None and unsure and read_answer.match_option(a.text, YES_NO) == "no":
        return {"kind": "off_topic"}
    if a.choice is None and value in (None, "yes"):
        # "yes, because we're gay" says more than yes: it is their word for why that counts
        because = _BECAUSE.search(a.text) or value is None
        strands = [f for f in read_words(a.text, a.now).findings if f.label in HATE_STRANDS] if because else []
        value = "hate" if strands and "hate" in dict(a.options) else value
    return _confirmed(value, a) if value else None


def _confirmed(value: str, a: Answering) -> Any:
    if value == "none":
        return {"kind": "off_topic"}
    if value == "hate":
        return {"kind": "both" if a.case.labels(ASB_TYPES) else "hate"}
    if value in ("asb", "both", "other_harm"):
        return {"kind": value}
    if value == "not_sure" and a.case.labels((*ASB_TYPES, *HATE_STRANDS, *OTHER_HARM)) == ():
        return {"kind": "not_asb"}  # a concern of a kind not known yet; a service may still help
    return value


_BECAUSE = re.compile(r"\b(be?cau?se|becuase|cos|coz|cuz|cause|bc|about|for being)\b", re.IGNORECASE)


def _hate_reason(a: Answering) -> Any | None:
    chosen = a.several()
    found = [f.label for f in read_words(a.text, a.now).findings if f.label in dict(a.options)] if not a.choice else []
    reasons = list(dict.fromkeys([*chosen, *found]))
    return "not_sure" if reasons == ["not_sure"] else [r for r in reasons if r != "not_sure"] or None


def _reported(a: Answering) -> Any | None:
    if a.choice is None:
        parsed = read_answer.parse_reported(a.text, a.now)
        if parsed is not None:
            return parsed
    several = [to for to in a.several() if to not in ("no", "yes")]
    if len(several) > 1:
        return {"any": True, "reports": [{"to": to, "count": 1} for to in several]}
    value = a.one()
    if value == "no":
        return {"any": False, "reports": []}
    if value == "yes":
        return {"any": True, "reports": []}
    return {"any": True, "reports": [{"to": value, "count": 1}]} if value else None


def _words(a: Answering) -> Any | None:
    return {"words": a.text.strip()} if a.text.strip() else None


def _when(a: Answering) -> Any | None:
    said = re.sub(r"^(?:the )?(day|night) (?:before|b4)\b", r"the \1 before", a.text.strip(), flags=re.IGNORECASE)
    parsed = read_answer.parse_when(said, a.now)
    if parsed is None and (FORGOTTEN.search(a.text) or read_answer.match_option(a.text, UNKNOWN) is not None):
        return SKIPPED
    return parsed


def _in_words(a: Answering) -> Any | None:
    return {"about": True, "words": a.text.strip()}


def _frequency(a: Answering) -> Any | None:
    spoken = read_answer.parse_frequency(a.text) if a.choice is None else None
    return spoken or a.one()


def _where(a: Answering) -> Any | None:
    if a.choice is None:
        parsed = read_answer.parse_place(a.text)
        if parsed is not None:
            return parsed
    value = a.one()
    return {"place": value, "words": a.label(value)} if value else None


def _effect(a: Answering) -> Any | None:
    chosen = a.several()
    parsed = read_answer.parse_effect(a.text) if a.choice is None else None
    if chosen or parsed:
        areas = list(dict.fromkeys([*chosen, *((parsed or {}).get("areas") or ())]))
        return {"areas": areas, "words": a.label(a.choice) if a.choice else a.text.strip()}
    return None


def _effect_in_words(a: Answering) -> Any | None:
    is_word = bool(re.search(r"[a-z]{3}", a.text, re.IGNORECASE)) and not is_unsure(a.text) and a.one() is None
    return {"areas": [], "words": a.text.strip()} if is_word and not read_answer.match_option(a.text, YES_NO) else None


def _list(a: Answering) -> Any | None:
    return a.several() or None


_NONE_OF_IT = re.compile(
    r"^\W*(?:(?:thank god|thankfully|luckily|well|um|oh|i'?m|im|so far)\W+)*(?:no|nope|nah|nobody|no ?one|none|"
    r"nothing|never|"
    r"not)\b(?!.*\b(?:but|except|just|only|although|though|apart)\b)",
    re.IGNORECASE,
)


def _risk(a: Answering) -> Any | None:
    if a.part in ("2", "3"):
        if a.choice is None and _NONE_OF_IT.match(a.text) and not is_unsure(a.text):
            return ["none"]
        return a.several() or None
    if a.choice is None and a.part == "4":
        meant = a.in_other_words("risk:4")
        if meant and a.one() in (None, "yes"):
            return meant[0]
    # a bare yes to "could they hurt you, or do they know where you live" is taken at its gravest
    return a.one() or read_answer.match_option(a.text, (("yes", ("Yes",)),))


def _access(a: Answering) -> Any | None:
    chosen = [v for v in a.several() if v != "none"]
    if chosen:
        return {"needs": chosen, "interpreter": "interpreter" in chosen, "words": a.text.strip()}
    if a.one() in ("none", "no"):
        return {"needs": [], "words": a.text.strip()}
    return next((f.value for f in read_words(a.text, a.now).findings if f.label == "access_needs"), None)


def _need_in_words(a: Answering) -> Any | None:
    return {"needs": ["other"], "words": a.text.strip()} if len(a.text.split()) > 1 else None


def _age(a: Answering) -> Any | None:
    if a.choice is None:
        place = re.fullmatch(r"\W*([1-5])\W*", a.text)
        if place and (a.case.value("speaker_role") or "self") == "self":
            return {"band": a.options[int(place[1]) - 1][0]}  # nobody of that age writes: it is a place in the list
        parsed = read_answer.parse_age(a.text) or band_in_answer(a.text, a.now)
        if parsed is not None:
            return parsed
    value = a.one()
    return {"band": value} if value else None


def _free(a: Answering) -> Any | None:
    return a.choice or a.text.strip() or None


def _name(a: Answering) -> Any | None:
    if a.choice is not None or says_nothing(a.text):
        return None
    name = read_answer.parse_given_name(a.text) or a.text.strip()
    return name if 0 < len(name) <= 80 and len(name.split()) <= 6 else None


def _channels(a: Answering) -> Any | None:
    chosen = [*a.several(), *a.in_other_words("safe_contact:channel")]
    offered = [value for value, _ in a.options]
    return (["none"] if "none" in chosen else [value for value in offered if value in chosen]) or None


def _number(a: Answering) -> Any | None:
    parsed = read_answer.parse_phone(a.text) or read_answer.parse_phone(spoken_digits(a.text))
    return parsed["number"] if parsed else None


def _email(a: Answering) -> Any | None:
    return read_answer.parse_email(a.text) or read_answer.parse_email(written_email(a.text))


def _consent(a: Answering) -> Any | None:
    """Given only by a clear yes; refused by any plain no; anything between is asked again."""
    if a.choice is not None:
        return a.choice
    text = a.text.replace("\u2019", "'")
    if REFUSING_CONSENT.search(text) or (a.one() == "refused" and not is_clear_yes(text)):
        return "refused"
    placed = re.fullmatch(r"\W*(?:number |option )?1\W*", text, re.IGNORECASE) or is_a_label(text, a.options[:1])
    is_yes = is_clear_yes(text) or bool(GIVING_CONSENT.search(text))
    return "given" if placed or (is_yes and not is_unclear(text)) else None


def _decision(a: Answering) -> Any | None:
    """Send only when that is clearly said; a wish to alter or to keep it back comes before any yes."""
    if a.choice is not None:
        return a.choice
    text = a.text.replace("\u2019", "'")
    if NOT_SENDING.search(text):
        return "do_not_send"
    if ALTERING.search(text):
        return "change"
    value = a.one()
    if value == "send" or SENDING.search(text):
        return None if is_unclear(text) else "send"
    return value


def _times(a: Answering) -> Any | None:
    value = a.one()
    return a.label(value) if value else a.text.strip() or None


def _neutral(a: Answering) -> Any | None:
    value = a.one()
    return a.label(value) if value else a.text.strip() or None


_READERS: Mapping[str, Callable[[Answering], Any | None]] = {
    "safe_to_talk": _option,
    "confirm_understanding": _confirm,
    "hate_reason": _hate_reason,
    "happening_now": _option,
    "speaker_role": _option,
    "on_behalf_consent": _option,
    "targeted": _option,
    "reported_before": _reported,
    "report_details": _words,
    "when": _when,
    "frequency": _frequency,
    "area": read_area,
    "happened_area": read_happened,
    "where": _where,
    "effect": _effect,
    "risk": _risk,
    "wishes": _list,
    "mediation": _option,
    "access_needs": _access,
    "age_band": _age,
    "trusted_adult": _free,
    "police_share": _option,
    "consent": _consent,
    "name": _name,
    "check_answers": _decision,
}

#: Where any words are an answer, when nothing more exact is found in them.
_IN_WORDS: Mapping[str, Callable[[Answering], Any | None]] = {
    "when": _in_words,
    "effect": _effect_in_words,
    "access_needs": _need_in_words,
}

_SAFE_CONTACT: Mapping[str, Callable[[Answering], Any | None]] = {
    "channel": _channels,
    "number": _number,
    "email": _email,
    "times": _times,
    "voicemail": _option,
    "neutral_name": _neutral,
}
