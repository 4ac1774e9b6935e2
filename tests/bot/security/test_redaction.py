"""Is a telephone number, postcode or address ever left in a line that is logged?"""

from __future__ import annotations

import pytest

from bot.security.redaction import redact


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("call 07700 900123 now", "call [phone] now"),
        ("call 07700900123now", "call [phone]now"),
        ("+44 7700 900 123", "[phone]"),
        ("(01782) 496 000", "[phone]"),
        ("0044-1782-496000", "[phone]"),
        ("I live at ST4 1AA.", "I live at [postcode]."),
        ("sw1a1aa", "[postcode]"),
        ("write to jo.o'neil+x@mail.example, please", "write to [email], please"),
        ("NHS number 943 476 5919", "NHS number [number]"),
        ("card 4929123456789012", "card [number]"),
        ("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"),
        ("f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        ("HV-7K3M-9QX2 on 2026-11-20 took 250 ms", "HV-7K3M-9QX2 on 2026-11-20 took 250 ms"),
        ("999, 101 and 55", "999, 101 and 55"),
        ("", ""),
    ],
)
def test_only_what_could_find_a_person_is_replaced(said: str, logged: str) -> None:
    assert redact(said) == logged
