"""Which labels stand, when the lexicons and the learned reader have both spoken?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from bot.triage.vocabulary import ASB_TYPES, HATE_STRANDS, HEARD_KIND, OTHER_HARM, RISKS, Finding
from bot.understanding.heard import Heard
from bot.understanding.labelled import DANGER_MAYBE, DANGER_NOW, GRAVE, THIRD_PARTY

#: How sure the learned reader must be of a label. Set on the development messages; missing weighs more than asking.
SURE_ENOUGH: Mapping[str, float] = {
    **dict.fromkeys(ASB_TYPES, 0.55),
    **dict.fromkeys(HATE_STRANDS, 0.55),
    **dict.fromkeys(OTHER_HARM, 0.35),
    **dict.fromkeys(RISKS, 0.5),
    **dict.fromkeys(GRAVE, 0.3),
}

#: How sure it must be to answer danger at once, and to ask whether the person is safe.
_DANGER = ((DANGER_NOW, "now", 0.8), (DANGER_MAYBE, "ask", 0.6))

#: Below this the learned reader is sure enough that words of a list meant something else.
_SURELY_NOT = 0.08

#: How far the labels of a message count towards its kind, beside what is heard of the kind itself.
_LABELS_WEIGH = 0.75

#: Hate is taken for hate sooner than it is overlooked: the person is asked, and theirs is the perception.
_LEAN_TO_HATE = 1.0

_UNSURE = 1e-4


def weigh(words: Sequence[Finding], heard: Heard) -> list[Finding]:
    """The findings of the lexicons and of the learned reader as one, and a finding that holds the kind heard.

    What a lexicon found keeps its own words; what only the learned reader heard has the words that spoke for it.
    """
    kind = settle_kind(heard)
    standing = _standing(kind, heard)
    kept = [f for f in words if f.label not in SURE_ENOUGH or f.label in standing or _is_kept(f, heard)]
    known = {f.label for f in kept}
    for label in standing:
        if label not in known:
            start, end = heard.words_for(label)
            kept.append(Finding(label, start, end, heard.text[start:end], None, round(heard.labels[label], 3)))
    if heard.labels[THIRD_PARTY] >= 0.5 and not any(f.label == "speaker_role" for f in kept):
        start, end = heard.words_for(THIRD_PARTY)
        # sure of little more than that it is not about the speaker: the question may still be asked
        kept.append(Finding("speaker_role", start, end, heard.text[start:end], "witness", 0.5))
    start, end = heard.words_for(kind)
    kept.append(Finding(HEARD_KIND, start, end, heard.text[start:end], kind, round(heard.kinds[kind], 3)))
    return kept


def danger_in(heard: Heard) -> Finding | None:
    """A signal "now" or "ask" when the learned reader hears danger, to the person from themselves or from others."""
    level = next((level for name, level, sure in _DANGER if heard.labels[name] >= sure), None)
    if level is None:
        return None
    crisis = heard.labels["suicide_self_harm"] >= max(
        heard.labels["immediate_danger"], SURE_ENOUGH["suicide_self_harm"]
    )
    label = "suicide_self_harm" if crisis else "immediate_danger"
    start, end = heard.words_for(label)
    return Finding(label, start, end, heard.text[start:end], level, round(heard.labels[label], 3))


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
    return max(
        heard.kinds,
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
        return finding.value is not None or heard.labels[finding.label] > _SURELY_NOT
    return finding.label == "under_18"
