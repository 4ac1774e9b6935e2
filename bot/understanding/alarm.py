"""Is anyone in danger, in whatever language it is said? The safety check, and the danger words of other languages."""

from __future__ import annotations

from bot.understanding.language_danger import find_danger
from bot.understanding.safety import SafetyReading
from bot.understanding.safety import check_safety as check_english


def check_safety(text: str) -> SafetyReading:
    """As `safety.check_safety`; what another language says of danger is added, never anything taken away."""
    reading = check_english(text)
    if reading.level == "now":
        return reading
    abroad = find_danger(text)
    if not abroad:
        return reading
    gravest = {signal.label: signal for signal in (*reading.signals, *abroad)}
    gravest |= {signal.label: signal for signal in reading.signals if gravest[signal.label].value != "now"}
    signals = tuple(sorted(gravest.values(), key=lambda signal: (signal.value != "now", signal.start)))
    return SafetyReading("now" if signals[0].value == "now" else "ask", signals)
