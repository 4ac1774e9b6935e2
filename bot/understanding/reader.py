"""What did the person say? Findings, each with the words that show it, from lexicons and small grammars."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.triage.vocabulary import OTHER_HARM, RISKS, Finding, group_of
from bot.understanding.area import find_area
from bot.understanding.denial import is_denied, is_the_person_or_theirs, overlaps_idiom
from bot.understanding.going_on import find_frequency, find_repeat
from bot.understanding.language_danger import find_danger, without_false_friends
from bot.understanding.language_needs import find_language_need, without_wish
from bot.understanding.lexicon import IDIOM, phrase_book
from bot.understanding.old_news import without_old_news
from bot.understanding.people import find_age, find_language, find_name, find_spoken_for
from bot.understanding.phrases import Hit
from bot.understanding.reports import find_reports
from bot.understanding.safe_contact import find_safe_contact
from bot.understanding.safety import check_sentences
from bot.understanding.when import find_when
from bot.understanding.words import Sentence, Word, sentences_of, split_words, word_set

#: Facts that gather several values into one, and the key that holds them.
_GATHERED = {"effect": "areas", "access_needs": "needs", "wishes": "", "evidence_held": ""}
_KNOWN_PEOPLE = frozenset({"neighbour", "partner", "ex_partner", "family", "colleague", "carer", "friend", "landlord"})
_PLURAL = word_set(
    "neighbours kids teenagers youths lads boys girls people men women children gang gangs group "
    "crowd mob dealers drunks "
    "strangers colleagues friends youngsters yobs family couple they parents students drinkers mates fans"
)
_CHILD = re.compile(r"\b(?:my|our) (?:1[0-7]|[1-9])[ -]?(?:year|yr|month)s?[ -]?old\b", re.IGNORECASE)
#: Two days this far apart are two times.
_ANOTHER_DAY = 2
#: What began this many days ago and has no end goes on.
_GOING_ON = 6
#: Longer than any message may be; the rest is left unread rather than refused.
LONGEST = 20_000


@dataclass(frozen=True)
class Reading:
    """What was said and what it shows. Findings are in order of place; `text[start:end] == finding.text` for each."""

    text: str
    findings: tuple[Finding, ...]


def read(text: str, now: dt.datetime) -> Reading:
    """What the lexicons find in a message or story. `now` is aware. Any Unicode; never raises for the text."""
    said = text[:LONGEST]
    words = split_words(said)
    hits = phrase_book().find(words)
    idioms = [hit for hit in hits if hit.entry.label == IDIOM]
    kept = [
        hit
        for hit in hits
        if hit.entry.label != IDIOM
        and not overlaps_idiom(hit, idioms)
        and not is_denied(hit, words)
        and not is_the_person_or_theirs(hit, words)
    ]
    findings = _without_residue([*_labelled(kept, words, said), *_gathered(kept, words, said)])
    sentences = sentences_of(words)
    findings += _by_grammar(said, now, findings, sentences)
    findings += _from_safety(said, findings, sentences)
    findings += _young(findings)
    findings = without_old_news(findings, sentences)
    return Reading(text, tuple(sorted(_without_repeats(findings), key=lambda f: (f.start, f.end, f.label))))


def _without_residue(findings: list[Finding]) -> list[Finding]:
    """`other_crime` is for what no other label names: it goes where a harm of its own is found."""
    named = any(f.label in OTHER_HARM and f.label != "other_crime" for f in findings)
    return [f for f in findings if not (named and f.label == "other_crime")]


def _finding(hit: Hit, words: Sequence[Word], said: str, value: Any) -> Finding:
    start, end = words[hit.first].start, words[hit.last - 1].end
    return Finding(hit.entry.label, start, end, said[start:end], value, hit.entry.confidence)


def _labelled(hits: Iterable[Hit], words: Sequence[Word], said: str) -> list[Finding]:
    """One finding per match, but for facts that are gathered."""
    findings = []
    for hit in hits:
        if hit.entry.label in _GATHERED:
            continue
        plain = _finding(hit, words, said, hit.entry.value)
        value = hit.entry.value
        if hit.entry.label == "where":
            value = {"place": value, "words": plain.text}
        elif hit.entry.label == "who":
            value = _other_party(hit, words, plain.text)
        findings.append(_finding(hit, words, said, value))
    return findings


def _other_party(hit: Hit, words: Sequence[Word], text: str) -> dict[str, Any]:
    norms = {word.norm for word in words[hit.first : hit.last]}
    relationship = hit.entry.value
    known = True if relationship in _KNOWN_PEOPLE else False if relationship == "stranger" else None
    several = bool(norms & _PLURAL) or relationship in ("group", "young_people")
    single = relationship in ("partner", "ex_partner") or bool(
        norms & {"man", "woman", "neighbour", "bloke", "guy", "stranger"}
    )
    return {
        "relationship": relationship,
        "known": known,
        "number": "several" if several else "one" if single else None,
        "words": text,
    }


def _gathered(hits: Iterable[Hit], words: Sequence[Word], said: str) -> list[Finding]:
    """Effects, needs, wishes and evidence: one finding each, at the first mention, with every value."""
    findings = []
    for label, key in _GATHERED.items():
        mine = [hit for hit in hits if hit.entry.label == label]
        if not mine:
            continue
        values = list(dict.fromkeys(hit.entry.value for hit in mine))
        first = _finding(mine[0], words, said, values)
        value: Any = values
        if key:
            mentions = dict.fromkeys(_finding(hit, words, said, None).text for hit in _outermost(mine))
            value = {key: values, "words": " … ".join(mentions)}
        if label == "access_needs" and "interpreter" in values:
            value["interpreter"] = True
        findings.append(Finding(label, first.start, first.end, first.text, value, first.confidence))
    return findings


def _outermost(hits: Sequence[Hit]) -> list[Hit]:
    """The hits that no other hit contains."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.first, -h.last)):
        if not kept or hit.last > kept[-1].last:
            kept.append(hit)
    return kept


def _by_grammar(said: str, now: dt.datetime, found: list[Finding], sentences: Sequence[Sentence]) -> list[Finding]:
    """Dates, reports, ages, names, languages and places: what no list of phrases can hold."""
    spoken_for = find_spoken_for(said) if all(f.label != "speaker_role" or f.value == "self" for f in found) else None
    if spoken_for:
        shown = said[spoken_for.start : spoken_for.end]
        found.append(Finding("speaker_role", spoken_for.start, spoken_for.end, shown, spoken_for.value, 0.85))
    role = max((f for f in found if f.label == "speaker_role"), key=lambda f: f.confidence, default=None)
    affected_other = role is not None and role.value in ("family_friend", "carer", "professional")
    made: list[Finding] = []
    recent = (now - dt.timedelta(days=_GOING_ON)).date().isoformat()

    def add(label: str, at: Any, value: Any = None, confidence: float = 0.9) -> None:
        if at is not None:
            shown = at.value if value is None else value
            made.append(Finding(label, at.start, at.end, said[at.start : at.end], shown, confidence))

    when = find_when(said, now)
    add("when", when)
    lasting = when is not None and "first" in when.value and "last" not in when.value and when.value["first"] < recent
    apart = when is not None and not when.value["about"] and _days_apart(when.value) >= _ANOTHER_DAY
    counted = find_frequency(sentences)
    add("frequency", counted, confidence=0.86)
    often = next((f for f in found if f.label == "frequency" and f.value in ("daily", "weekly", "monthly")), None)
    going_on = find_repeat(sentences)
    often_too = counted if counted and counted.value != "once" else None
    shows = when if lasting or apart else often or often_too or going_on
    if shows is not None:
        made.append(Finding("repeat", shows.start, shows.end, said[shows.start : shows.end], None, 0.8))
    add("reported_before", find_reports(said, now, sentences=sentences))
    add("safe_contact", find_safe_contact(sentences), confidence=0.95)
    add("age_band", find_age(said, affected_other))
    add("name", find_name(said))
    child = _CHILD.search(said)
    if child:
        shown = said[child.start() : child.end()]
        made.append(Finding("children_affected", child.start(), child.end(), shown, True, 0.8))
    needs = next((f for f in found if f.label == "access_needs"), None)
    language = find_language_need(said, needs, find_language(said))
    if language is not None:
        made.append(language)
        found[:] = without_wish([f for f in found if f is not needs], language)
    area = find_area(said)
    return [*made, area] if area else made


def _days_apart(when: dict[str, Any]) -> int:
    if "first" not in when or "last" not in when:
        return 0
    return (dt.date.fromisoformat(when["last"]) - dt.date.fromisoformat(when["first"])).days


def _from_safety(said: str, found: Sequence[Finding], sentences: Sequence[Sentence]) -> list[Finding]:
    """What the safety check sees as danger now, where it names a risk of the vocabulary not found already."""
    known = {f.label for f in found}
    return [
        signal
        for signal in (*without_false_friends(check_sentences(sentences, said).signals, said), *find_danger(said))
        if signal.label in RISKS and signal.label not in known and _belongs(signal)
    ]


def _belongs(signal: Finding) -> bool:
    """Unclear words about coping are for the safety question to settle; they are not yet a risk on the record."""
    return signal.value == "now" or signal.label in ("weapon", "injury", "threat_to_kill")


def _young(found: Sequence[Finding]) -> list[Finding]:
    young = [f for f in found if f.label == "age_band" and f.value["band"] in ("under_16", "16_17")]
    return [Finding("under_18", f.start, f.end, f.text, None, f.confidence) for f in young]


def _kind_of(finding: Finding) -> tuple[str, str]:
    return finding.label, repr(_without_words(finding.value))


def _without_words(value: Any) -> Any:
    return {k: v for k, v in value.items() if k != "words"} if isinstance(value, dict) else value


def _without_repeats(findings: Iterable[Finding]) -> list[Finding]:
    """Within one label and value, a finding inside another one says nothing more."""
    kept: list[Finding] = []
    by_kind: dict[tuple[str, str], list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: (f.start, -f.end)):
        same = by_kind.setdefault(_kind_of(finding), [])
        if not any(other.end >= finding.end and other.confidence >= finding.confidence for other in same):
            same.append(finding)
            kept.append(finding)
    return kept


def labels_of(reading: Reading, group: str) -> tuple[str, ...]:
    """The labels of one group that a reading holds, without repeats, in order of place."""
    return tuple(dict.fromkeys(f.label for f in reading.findings if group_of(f.label) == group))
