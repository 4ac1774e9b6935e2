"""Which words do all parts share? Kinds, types, strands, risks, questions, and the Finding that carries them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

KINDS = ("asb", "hate", "both", "other_harm", "not_asb", "off_topic")

ASB_TYPES = (
    "noise",
    "harassment_intimidation",
    "vandalism_graffiti",
    "drugs",
    "rowdy_groups",
    "vehicle_nuisance",
    "abandoned_vehicle",
    "fireworks",
    "litter_flytipping",
    "animals",
    "begging",
    "trespass",
    "malicious_communications",
    "street_drinking",
    "prostitution_related",
    "environmental_damage",
)

HATE_STRANDS = (
    "race",
    "religion",
    "disability",
    "sexual_orientation",
    "transgender",
    "sex",
    "age",
    "alternative_subculture",
)

OTHER_HARM = (
    "domestic_abuse",
    "sexual_violence",
    "stalking",
    "fraud",
    "burglary",
    "child_abuse",
    "honour_based",
    "modern_slavery",
    "other_crime",
)

RISKS = (
    "immediate_danger",
    "weapon",
    "injury",
    "threat_to_kill",
    "suicide_self_harm",
    "under_18",
    "repeat",
    "vulnerable",
    "safe_contact",
)

#: Facts a story may already hold. Each is also a question id, and a finding's value has the shape an answer has.
FACTS = (
    "happening_now",  # "yes" | "no" | "not_sure"
    "speaker_role",  # "self" | "witness" | "family_friend" | "carer" | "professional"
    "targeted",  # "yes" | "no" | "not_sure"
    "reported_before",  # {"any": bool, "reports": [{"to": str, "count": int, "reference"?: str, "when"?: str}]}
    "when",  # {"first"?: "YYYY-MM-DD", "last"?: "YYYY-MM-DD", "time"?: "HH:MM", "about": bool, "words": str}
    "frequency",  # "once" | "monthly" | "weekly" | "daily" | "not_sure"
    "where",  # {"place": one of PLACES, "words": str}
    "area",  # {"postcode"?: str, "outcode"?: str, "place"?: str, "authority"?: str, "group"?: str, "words": str}
    "who",  # {"relationship": one of RELATIONSHIPS, "known": bool | None, "number": "one"|"several"|None, "words": str}
    "effect",  # {"areas": [of EFFECTS], "words": str}
    "age_band",  # {"band": one of AGE_BANDS, "years"?: int}
    "wishes",  # [of WISHES]
    "access_needs",  # {"language"?: str, "interpreter"?: bool, "needs": [str], "words": str}
    "name",  # str
    "evidence_held",  # [str], for example ["photos", "recordings", "diary"]
    "followed",  # True
    "threatened",  # True
    "getting_worse",  # "yes" | "no" | "not_sure"
    "lives_close",  # True
    "children_affected",  # True
)

#: The kind that a reader heard in a message as a whole; its value is one of KINDS. It is weighed with the labels.
HEARD_KIND = "heard_kind"
#: That the message is about somebody else, by the sound of it; who is speaking may still be asked.
HEARD_THIRD_PARTY = "heard_third_party"
HEARD = (HEARD_KIND, HEARD_THIRD_PARTY)

#: Labels that say something happened to somebody.
TOLD = (*ASB_TYPES, *HATE_STRANDS, *OTHER_HARM, *RISKS)

PLACES = (
    "home",
    "street",
    "work",
    "shop",
    "pub",
    "park",
    "transport",
    "education",
    "worship",
    "care",
    "public_building",
    "online",
    "other",
)
RELATIONSHIPS = (
    "neighbour",
    "stranger",
    "partner",
    "ex_partner",
    "family",
    "young_people",
    "group",
    "colleague",
    "carer",
    "friend",
    "landlord",
    "other",
)
EFFECTS = ("sleep", "anxiety", "fear", "health", "work_school", "going_out", "moving_home", "children", "money")
AGE_BANDS = ("under_16", "16_17", "18_25", "26_64", "65_over")
WISHES = (
    "emotional",
    "practical",
    "security",
    "information",
    "advocacy",
    "evidence",
    "housing_letter",
    "case_review",
    "mediation",
    "my_support_space",
    "report_to_police",
    "record_only",
)

#: What an answer holds when the person chose not to say.
SKIPPED = "skipped"


@dataclass(frozen=True)
class Finding:
    """Something the person said, and the words that show it.

    `label` is a value of the vocabulary above; `text == said[start:end]` in Python string indices;
    `value` is JSON-able and has the shape noted beside the fact; `confidence` lies in 0..1.
    """

    label: str
    start: int
    end: int
    text: str
    value: Any = None
    confidence: float = 1.0


def group_of(label: str) -> str:
    """The field a label belongs to: asb_types, hate_strands, other_harm, risk, fact or heard."""
    for group, labels in (
        ("asb_types", ASB_TYPES),
        ("hate_strands", HATE_STRANDS),
        ("other_harm", OTHER_HARM),
        ("risk", RISKS),
        ("fact", FACTS),
        ("heard", HEARD),
    ):
        if label in labels:
            return group
    raise ValueError(f"no such label: {label}")
