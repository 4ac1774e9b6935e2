"""Which labels stand, when the lexicons and the learned reader have both spoken?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.triage.vocabulary import ASB_TYPES, HATE_STRANDS, HEARD_KIND, HEARD_THIRD_PARTY, OTHER_HARM, RISKS, Finding
from bot.understanding.heard import Heard
from bot.understanding.labelled import DANGER_MAYBE, DANGER_NOW, GRAVE, THIRD_PARTY

#: How sure the learned reader must be of a label. Set on the development messages; missing weighs more than asking.
SURE_ENOUGH: Mapping[str, float] = {
    **dict.fromkeys(ASB_TYPES, 0.5),
    "harassment_intimidation": 0.8,  # it keeps mediation away, and shouting alone sounds like it
    **dict.fromkeys(HATE_STRANDS, 0.7),
    **dict.fromkeys(OTHER_HARM, 0.1),
    "other_crime": 0.03,
    **dict.fromkeys(RISKS, 0.5),
    "immediate_danger": 0.4,
    "weapon": 0.5,
    "threat_to_kill": 0.25,
    "suicide_self_harm": 0.25,
}

#: How sure it must be to answer danger at once, and to ask whether the person is safe.
_DANGER = ((DANGER_NOW, "now", 0.5), (DANGER_MAYBE, "ask", 0.35))

#: Below this a question that the safety check was itself unsure about need not be put.
_CALM = 0.2

#: Below this no danger at all is heard. On development lines of danger that the check was sure of, it never was so low.
_NO_DANGER = 0.05

#: A message of more words is a story, in which single words easily mean something else.
_LONGEST_CRY = 20

#: Below this the learned reader is sure enough that words of a list meant something else.
_SURELY_NOT = 0.15

#: How far the labels of a message count towards its kind, beside what is heard of the kind itself.
_LABELS_WEIGH = 1.0

#: Hate is taken for hate sooner than it is overlooked: the person is asked, and theirs is the perception.
_LEAN_TO_HATE = 2.5

#: From here on the message is taken to be about somebody else.
_SPOKEN_FOR = 0.5

#: Hate is not heard where no reason for it is, however hateful it sounds.
_FAINTEST_REASON = 0.03

_UNSURE = 1e-4


def weigh(words: Sequence[Finding], heard: Heard) -> list[Finding]:
    """The findings of the lexicons and of the learned reader as one, and a finding that holds the kind heard.

    What a lexicon found keeps its own words; what only the learned reader heard has the words that spoke for it.
    """
    kind = settle_kind(heard)
    standing = _standing(kind, heard)
    kept = [f for f in words if f.label not in SURE_ENOUGH or f.label in standing or _is_kept(f, heard)]
    danger = danger_in(heard)
    if danger is not None and danger.value == "now" and danger.label not in standing:
        standing.append(danger.label)
    known = {f.label for f in kept}
    kept += [_heard_as(label, label, heard) for label in standing if label not in known]
    if heard.labels[THIRD_PARTY] >= _SPOKEN_FOR:
        kept.append(_heard_as(HEARD_THIRD_PARTY, THIRD_PARTY, heard))
    return [*kept, replace(_heard_as(HEARD_KIND, kind, heard), value=kind)]


def _heard_as(label: str, output: str, heard: Heard) -> Finding:
    """A finding with the words that spoke most for an output, as sure as the reader is of it."""
    start, end = heard.words_for(output)
    sure = heard.labels.get(output, heard.kinds.get(output, 0.0))
    return Finding(label, start, end, heard.text[start:end], None, round(sure, 3))


def danger_in(heard: Heard) -> Finding | None:
    """A signal "now" or "ask" when the learned reader hears danger, to the person from themselves or from others."""
    level = next((level for name, level, sure in _DANGER if heard.labels[name] >= sure), None)
    if level is None:
        return None
    crisis = heard.labels["suicide_self_harm"] >= max(
        heard.labels["immediate_danger"], SURE_ENOUGH["suicide_self_harm"]
    )
    label = "suicide_self_harm" if crisis else "immediate_danger"
    return replace(_heard_as(label, label, heard), value=level)


def is_calm(heard: Heard) -> bool:
    """True when the learned reader is as good as sure that nobody is in danger."""
    return heard.labels[DANGER_MAYBE] < _CALM


def is_calm_story(heard: Heard) -> bool:
    """True when a long message sounds of no danger at all, whatever single words of it may say."""
    return len(heard.text.split()) > _LONGEST_CRY and heard.labels[DANGER_MAYBE] < _NO_DANGER


def settle_kind(heard: Heard) -> str:
    """The kind that agrees best with what is heard of kinds and of labels together."""

    def chance(labels: Sequence[str]) -> float:
        return min(max(max(heard.labels[label] for label in labels), _UNSURE), 1 - _UNSURE)

    strand, act, harm = chance(HATE_STRANDS), chance(ASB_TYPES), chance(OTHER_HARM)
    crisis = max(harm, min(heard.labels["suicide_self_harm"], 1 - _UNSURE))
    agrees = {
        "asb": (1 - strand) * act,
        "hate": strand,
        "both": strand * act,
        "other_harm": (1 - strand) * crisis,
        "not_asb": (1 - strand) * (1 - act) * (1 - harm),
        "off_topic": (1 - strand) * (1 - act) * (1 - harm),
    }
    lean = {"hate": _LEAN_TO_HATE, "both": _LEAN_TO_HATE}
    without_reason = max(heard.labels[label] for label in HATE_STRANDS) < _FAINTEST_REASON
    return max(
        [kind for kind in heard.kinds if not (without_reason and kind in lean)],
        key=lambda kind: (
            math.log(max(heard.kinds[kind], _UNSURE)) + _LABELS_WEIGH * math.log(agrees[kind]) + lean.get(kind, 0.0)
        ),
    )


def _standing(kind: str, heard: Heard) -> list[str]:
    """The labels that go with the kind and are sure enough; the surest one where a kind cannot be without."""
    fitting: dict[str, tuple[Sequence[str], Sequence[str]]] = {
        # kind: the groups it may hold, and those it must hold one of
        "asb": ((*ASB_TYPES, *OTHER_HARM), ASB_TYPES),
        "hate": ((*ASB_TYPES, *HATE_STRANDS, *OTHER_HARM), HATE_STRANDS),
        "both": ((*ASB_TYPES, *HATE_STRANDS, *OTHER_HARM), HATE_STRANDS),
        "other_harm": ((*OTHER_HARM, *ASB_TYPES), OTHER_HARM),
        "not_asb": ((), ()),
        "off_topic": ((), ()),
    }
    may, must = fitting[kind]
    standing = [label for label in (*may, *RISKS) if heard.labels[label] >= SURE_ENOUGH[label]]
    crisis = kind == "other_harm" and "suicide_self_harm" in standing
    if must and not crisis and not set(must) & set(standing):
        standing.append(max(must, key=heard.labels.__getitem__))
    if kind == "both" and not set(ASB_TYPES) & set(standing):
        standing.append(max(ASB_TYPES, key=heard.labels.__getitem__))
    return standing


def _is_kept(finding: Finding, heard: Heard) -> bool:
    """A risk that the words themselves name stays, unless the learned reader is sure that they meant something else."""
    if finding.label in GRAVE:
        certain = finding.value == "now" and not is_calm_story(heard)
        return certain or heard.labels[finding.label] > _SURELY_NOT
    return finding.label == "under_18"
