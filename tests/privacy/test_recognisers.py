from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage_triggers.privacy.addresses import find_email_addresses, find_postcodes, find_street_addresses
from triage_triggers.privacy.numbers import (
    digit_runs,
    find_extensions,
    find_hospital_numbers,
    find_insurance_numbers,
    find_nhs_numbers,
    find_registrations,
    find_telephone_numbers,
    is_nhs_number,
)
from triage_triggers.privacy.person import find_birth_dates, find_introduced_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# In square brackets what must be found; nothing else may be.
MARKED: dict[Callable[[str], Iterable[tuple[int, int]]], list[str]] = {
    find_nhs_numbers: [
        "NHS number [943 476 5919].",
        "[9434765919]",
        "[943-476-5919], not 943-476-5918",
        "it's [nine four three, four seven six, five nine one nine] I think",
        "[nine four three um four seven six five nine one nine]",
        "[943 four seven six 5919]",
        "000 000 0000 is nobody's",
        "ref 943476591",
    ],
    find_telephone_numbers: [
        "ring [07700 900123] or [01632 960123]",
        "([01632) 960-123], +[44 7700 900123], [0044 7700 900123]",
        "[07700.900.123]",
        "[oh seven seven double oh, nine hundred, one two three]",
        "[oh seven seven double oh nine double oh um one twenty three]",
        "[zero one six three two nine six zero treble one]",
        "it's [0800 555111] free",
        "+[353 20 912 3456]",
        "three men, 2 knives, 20 minutes ago at 00:07:12,123",
        "7700 900123 without its nought",
        "order 12345678901 and 0.07123456789",
    ],
    find_postcodes: [
        "at [ZE9 9ZZ], [ze99zz] and [EC1A 1BB]",
        "[ZE9-9ZZ]",
        "[zulu echo nine nine zulu zulu]",
        "it is [Z E 9, 9 Z Z] I said",
        "[ze9 nine zulu zulu]",
        "[s w one a one a a]",
        "[m for mother k one one double a]",
        "QQ9 9ZZ does not exist, n1 1st floor neither, C2 is a code",
        "a b c, one two three, I a m",
    ],
    find_registrations: [
        "he's in a silver Corsa, [AB12 CDE], or [AB12CDE]",
        "reg is [ab12 cde] I think, the number plate was [P123 ABC]",
        "[alpha bravo one two charlie delta echo]",
        "[a for apple b for bravo one two c d e]",
        "C2 is a code, he took 12 pills, ward B12 bed 4",
        "in 2019 he hit her, AB12 only",
    ],
    find_insurance_numbers: [
        "NI number [AB 12 34 56 C], [ab123456c], [AB-12-34-56-D]",
        "[alpha bravo one two three four five six charlie]",
        "QQ 12 34 56 C and GB 12 34 56 A are nobody's, AB 12 34 56 E neither",
    ],
    find_hospital_numbers: [
        "hospital number [RX1234567], hospital no. [1234567]",
        "MRN: [44 55 667], CHI number is [0101991234]",
        "patient number [one two three four five six]",
        "ward 12, patient 3 of 5, hospital at 10 30, unit 4",
    ],
    find_extensions: [
        "extension [4521], ext. [two one oh], bleep [1234]",
        "an extension to the house, text 4521",
    ],
    find_email_addresses: [
        "to [jo.bloggs+x@mail.example.co.uk], please",
        "it's [jo dot bloggs at example dot co dot uk]",
        "[JO_9 at mail dot example dot com]",
        "he looked at me, dot dot dot, and left @ nine",
        "at example.com",
    ],
    find_birth_dates: [
        "DOB [3/5/86]. Fell on 3/5/2025, first seen [9 May 1986].",
        "born [3rd of May], [May the 3rd, 1986]",
        "what's your date of birth? [third of the fifth, eighty-six]",
        "date of birth is the [twenty-first of June nineteen eighty six]",
        "[1986-05-03] and [3.5.1986] and [03 05 1986]",
        "D.O.B. [03.05.86]; seen 4.5.26",
        "[2/7/2020] was when she was born",
        "[May 3 two thousand and four], [3 May twenty ten], not 3 May twenty twenty",
        "[3 May 2014] and 3 May 2015",
        "assaulted 2/7 ago, 4/12 pregnant, 3 of 5, version 1.2.3 of 2026-11-24",
    ],
    find_street_addresses: [
        "she is at [42 The Crescent], not at the crescent",
        "at [14 Acacia Avenue], [flat 2, 14b Nelson Mandela Close], [number twelve high street]",
        "[one hundred and six mill lane]",
        "on [Acacia Avenue] near the Road",
        "[Flat A 3 St John's Road]",
        "two minutes down the road, 20 minute drive, three men in the street",
        "nine hundred square feet, a four wheel drive, one, one way, a two bedroom place",
        "2 hours on the way, 5 times this way, the second door in the close",
    ],
    find_introduced_names: [
        "My name's [Sam Doe] and my husband [Alex] hit me.",
        "my name is [sam] please help",
        "Mr [Doe] and Dr. [O'Neil-Smith]",
        "surname is [Doe], first name: [Sam]",
        "a man called [Alex Doe] I think",
        "my name is [Sam] I need help",
        "I called an ambulance, my ex is here, my name is not known, his name's on the lease",
    ],
}


@pytest.mark.parametrize(
    ("find", "marked"),
    [(find, marked) for find, texts in MARKED.items() for marked in texts],
)
def test_what_is_marked_is_found_and_nothing_else(find, marked: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    text = marked.replace("[", "").replace("]", "")
    expected, at = [], 0
    for part in marked.split("[")[1:]:
        start = text.index(part.split("]")[0], at)
        at = start + len(part.split("]")[0])
        expected.append((start, at))
    found = sorted(find(text))
    assert [text[start:end] for start, end in found] == [text[start:end] for start, end in expected]
    assert found == expected


@given(st.integers(0, 999_999_999))
def test_an_nhs_number_has_one_right_check_digit_at_most(first_nine: int) -> None:
    right = [digit for digit in range(10) if is_nhs_number(f"{first_nine:09}{digit}")]
    weighted = sum(int(digit) * weight for digit, weight in zip(f"{first_nine:09}", range(10, 1, -1), strict=True))
    check = (11 - weighted % 11) % 11
    nobodys = check == 10 or f"{first_nine:09}{check}" == str(check) * 10
    assert right == ([] if nobodys else [check])


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("twenty three four", ["23", "4"]),
        ("20 three", ["20", "3"]),
        ("double twenty", ["2020"]),
        ("double double five", ["55"]),
        ("oh hundred", ["000"]),
        ("one hundred three", ["100", "3"]),
        ("double um five", ["55"]),
        ("triple", [""]),
        ("seven.07700", ["7", "07700"]),
    ],
)
def test_how_numbers_are_said(text: str, digits: list[str]) -> None:
    (run,) = digit_runs(text)
    assert list(run.parts) == digits


@pytest.mark.parametrize("text", ["1 2 3; 4 5", "1:2", "1/2", "1 and 2"])
def test_what_ends_a_run(text: str) -> None:
    assert len(list(digit_runs(text))) == 2


WORDS = st.sampled_from(
    (
        *("double", "oh", "seven", "07700", "hundred", "twenty", "um", "at", "dot", "com", "@", "a@b.com"),
        *("zulu", "9", "ze9", "dob", "3", "may", "road", ",", "-", "+"),
    )
)


@given(st.lists(WORDS | st.text(max_size=3), max_size=30).map(" ".join))
def test_spans_lie_in_the_text_and_are_not_empty(text: str) -> None:
    for find in MARKED:
        for start, end in find(text):
            assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    "word", ["double ", "1", "1 ", "a@", "at dot ", "zulu ", "12 ", "may ", "name is ", "Mr A", "  "]
)
def test_a_long_text_of_almost_something_is_read_to_its_end(word: str) -> None:
    text = word * (30_000 // len(word))
    for find in MARKED:
        assert len(list(find(text))) < len(text)
