"""What happened, and how urgent is it? Pure rules over findings and answers: no database, clock or network."""

from bot.triage.assess import Assessment, assess
from bot.triage.case import Case
from bot.triage.mediation import Mediation, screen_mediation
from bot.triage.priority import Priority, set_priority
from bot.triage.risk import Screen, screen_asb, screen_hate, screens_for
from bot.triage.safety import SafetyPlan, plan_safety
from bot.triage.vocabulary import Finding

__all__ = [
    "Assessment",
    "Case",
    "Finding",
    "Mediation",
    "Priority",
    "SafetyPlan",
    "Screen",
    "assess",
    "plan_safety",
    "screen_asb",
    "screen_hate",
    "screen_mediation",
    "screens_for",
    "set_priority",
]
