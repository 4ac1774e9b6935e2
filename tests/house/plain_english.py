"""Is a text plain, kind and honest? The rules of docs/wording.md, as code."""

from __future__ import annotations

import re

LONGEST_SENTENCE = 25
#: Codes that everyone in the country dials, and that no service can change. All other numbers come from the directory.
KNOWN_CODES = {"999", "101", "111", "112", "18000"}

_VOWELS = re.compile(r"[aeiouy]+")
_WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)*|\d[\d,.:]*", re.IGNORECASE)
_VARIABLE = re.compile(r"\{[^{}]*\}")
_NUMBER = re.compile(r"(?<![\w£,.])\+?\d(?:[ \-]?\d){2,}(?!\w)")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f]")


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(alternatives) + r")\b", re.IGNORECASE)


#: What is never said, and what to say instead. Sources: the table "Avoid" in docs/wording.md.
AVOID: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        _words(r"why did(?: not|n['’]t)? you", r"why did(?:n['’]t)? you not", "why were you", "should have"),
        "no blame: ask what happened",
    ),
    (_words("alleged(?:ly)?", "claim(?:s|ed|ing)?", "complaints?", "complainants?"), "say: what you told me, report"),
    (
        re.compile(r"\bvictims?\b(?! care service)"),
        "say: you, or person affected (what services are called stays as it is)",
    ),
    (_words("perpetrators?", "offenders?", "suspects?"), "say: the other person"),
    (_words("suffer(?:s|ed|ing)? from", "wheelchair[- ]bound", "the disabled", "handicapped"), "say: disabled person"),
    (_words("ethnic minorit(?:y|ies)", "normal(?:ly)?", "lifestyle choice"), "use the person's own words"),
    (_words("commit(?:ted|ting)? suicide", "(?:failed|successful) attempt"), "say: end your life"),
    (_words("calm down", "at least", "i understand how you feel", "i know how you feel"), "say: that sounds hard"),
    (_words(r"everything (?:will|is going to) be (?:ok|okay|fine|all ?right)"), "promise nothing"),
    (_words("a domestic", "neighbou?r disputes?"), "name what it is"),
    (_words("low[- ]level", "nuisance", "minor", "trivial", "petty"), "say: what has been happening"),
    (_words("guarantee[ds]?", "we will catch", "the police will"), "say: may be able to"),
    (
        _words("will (?:call|ring|phone|contact) you (?:very )?(?:soon|shortly)", "as soon as possible", "shortly"),
        "say when",
    ),
    (
        _words("(?:this|that|it) is(?: not|n['’]t) (?:a )?(?:hate|asb|anti-social|a crime)"),
        "never decide that for them",
    ),
    (re.compile(r"\b(?:ASB|CPN|PSPO|SARC|IDVA|ISVA|MARAC|GDPR|FAQ)\b"), "spell it out"),
    (_words("oops", "whoops", "uh-oh", "yay", "hooray"), "plain sentences"),
    (_words("error", "invalid", "null", "exception"), "say: sorry, I did not get that"),
    (
        _words(r"(?:do|does|did|is|are|was|were|has|have|had|ca|wo|would|could|should|must)n['’]t"),
        "write `not` in full",
    ),
    (
        _words("users?", "tickets?", "click here", "please note", "in order to", "utili[sz]e", "regarding"),
        "use an everyday word",
    ),
    (re.compile(r"!"), "no exclamation marks"),
    (_EMOJI, "no emoji"),
)


def without_variables(text: str) -> str:
    """The text with each {variable} read as one short word."""
    return _VARIABLE.sub("it", text)


def sentences(text: str) -> list[str]:
    """Sentences and list lines that hold at least one word."""
    parts = re.split(r"(?<=[.?!:])\s+|\n+", without_variables(text))
    return [part for part in parts if _WORD.search(part)]


def syllables(word: str) -> int:
    """Roughly how many syllables an English word has: its groups of vowels, without a silent last e."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    if not letters:
        return 1
    trimmed = re.sub(r"(?<![aeiouy])e$|(?<=[^aeiouydt])ed$|(?<=[^aeiouylsxz])es$", "", letters)
    if re.search(r"[^aeiouy]le$", letters):
        trimmed = letters
    return max(1, len(_VOWELS.findall(trimmed)))


def reading_age(text: str) -> float:
    """The age, in years, at which a pupil can read this: Flesch-Kincaid grade + 5. Short texts swing widely."""
    words = _WORD.findall(without_variables(text))
    said = sentences(text)
    if not words or not said:
        return 0.0
    grade = 0.39 * len(words) / len(said) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return grade + 5


def complaints(text: str) -> list[str]:
    """What is wrong with one text the person reads, in words."""
    plain = without_variables(text)
    found = [f"{hit.group()!r}: {instead}" for pattern, instead in AVOID if (hit := pattern.search(plain))]
    for sentence in sentences(text):
        length = len(_WORD.findall(sentence))
        if length > LONGEST_SENTENCE:
            found.append(f"a sentence of {length} words: {sentence[:40]!r}")
    if plain.count("?") > 1:
        found.append("more than one question")
    for number in _NUMBER.findall(plain):
        if re.sub(r"\D", "", number) not in KNOWN_CODES:
            found.append(f"{number!r}: numbers come from the directory, as a variable")
    return found
