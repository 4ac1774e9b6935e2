"""Is anyone in danger, in whatever language it is said? The safety check, and the danger words of other languages."""

from __future__ import annotations

from bot.triage.vocabulary import Finding
from bot.understanding.language_danger import find_danger, without_false_friends
from bot.understanding.safety import SafetyReading
from bot.understanding.safety import check_safety as check_english


def check_safety(text: str) -> SafetyReading:
    """As `safety.check_safety`, in English and, by a few words, in other languages."""
    english = check_english(text).signals
    signals = without_false_friends(english, text)
    if not any(signal.value == "now" for signal in signals):
        gravest: dict[str, Finding] = {}
        for signal in (*signals, *find_danger(text)):
            known = gravest.get(signal.label)
            if known is None or (known.value == "ask" and signal.value == "now"):
                gravest[signal.label] = signal
        signals = tuple(sorted(gravest.values(), key=lambda signal: (signal.value != "now", signal.start)))
    if not signals:
        return SafetyReading(None)
    return SafetyReading("now" if signals[0].value == "now" else "ask", signals)
