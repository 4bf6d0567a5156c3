"""How much of what is seeded into invented calls is found, and what is found where nothing was seeded.

Run by hand: ``python benchmarks/privacy.py [--names PIPELINE] [--kind KIND]``. Prints the tables of docs/privacy.md.
Everything is made up by the generators below, which know nothing of the recognisers: telephone numbers are from the
ranges kept for fiction, postcodes from areas that exist, and nothing is anybody's but by chance.
"""

from __future__ import annotations

import argparse
import random
import string
import time
from calendar import month_name
from typing import TYPE_CHECKING

from triage_triggers import Call, Utterance, load_ruleset
from triage_triggers.privacy.person import SpacyNames
from triage_triggers.privacy.scanner import KINDS, Scanner

if TYPE_CHECKING:
    from collections.abc import Callable

OF_EACH = 500
DIGITS = ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ALPHABET_WORDS = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo"
    " sierra tango uniform victor whiskey xray yankee zulu"
)
ALPHABET = ALPHABET_WORDS.split()
MONTHS = tuple(month_name)[1:]
ORDINAL_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth"
    " twenty-fifth twenty-sixth twenty-seventh twenty-eighth"
)
ORDINALS = ORDINAL_WORDS.split()
TENS = {5: "fifty", 6: "sixty", 7: "seventy", 8: "eighty", 9: "ninety"}
STREETS = ("Street", "Road", "Lane", "Avenue", "Drive", "Close", "Crescent", "Court", "Terrace", "Grove", "Way", "Hill")
FIRST = (
    "Amara",
    "Bethan",
    "Callum",
    "Dafydd",
    "Eilidh",
    "Farah",
    "Gareth",
    "Hannah",
    "Imran",
    "Jodie",
    "Kofi",
    "Leanne",
)
LAST = (
    "Adebayo",
    "Begum",
    "Campbell",
    "Davies",
    "Evans",
    "Fraser",
    "Griffiths",
    "Hussain",
    "Kowalski",
    "Lloyd",
    "Shah",
)
PLACES = ("Oak", "Chapel", "Queen's", "Mill", "Nelson", "Old Kent", "St John's", "Albert", "Station", "Rowan", "Beech")
AREAS = ("AB", "B", "CF", "DN", "EC", "G", "HX", "IP", "KA", "L", "ME", "NE", "OX", "PR", "S", "TQ", "W", "YO", "ZE")
BEFORE = (
    "Ambulance service, is the patient breathing?",
    "He's just come in and he had hold of me, I can't stop shaking.",
    "She's on the floor, there's blood, about two cups of it.",
    "yeah he's gone out now about ten minutes ago",
    "I'm twenty three weeks pregnant and I've had three falls since 2019.",
    "We've got two children here, seven and nine.",
)
BEHIND = ("Can you hurry please.", "He's still outside.", "and that's all I know", "Is he still there?", "")


class Seeds:
    """Random identifiers, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  nothing secret

    def digits(self, count: int) -> str:
        """Return random digits."""
        return "".join(self.random.choices(string.digits, k=count))

    def nhs(self, *, valid: bool = True) -> str:
        """Return ten digits with a right check digit, or a wrong one."""
        while True:
            first = self.random.choice("4679") + self.digits(8)
            check = 11 - sum(int(digit) * (10 - at) for at, digit in enumerate(first)) % 11
            check = 0 if check == 11 else check
            if check < 10:
                return first + str(check if valid else (check + self.random.randint(1, 9)) % 10)

    def telephone(self) -> str:
        """Return a number from a range kept for fiction."""
        return self.random.choice(("07700900", "01632960", "02079460")) + self.digits(3)

    def spoken(self, digits: str) -> str:
        """Digits as people read them out: doubles, hundreds, pauses."""
        words, at = [], 0
        while at < len(digits):
            if digits[at : at + 3] == f"{digits[at]}00" and digits[at] != "0" and self.random.random() < 0.5:
                words.append(f"{DIGITS[int(digits[at])]} hundred")
                at += 3
            elif digits[at : at + 2] == digits[at] * 2 and self.random.random() < 0.7:
                words.append(f"double {DIGITS[int(digits[at])]}")
                at += 2
            else:
                words.append(DIGITS[int(digits[at])])
                at += 1
            if self.random.random() < 0.1:
                words[-1] += self.random.choice((",", " um"))
        return " ".join(words).removesuffix(",").removesuffix(" um")

    def postcode(self) -> tuple[str, str]:
        """Return the two halves of a postcode in an area that exists."""
        outward = self.random.choice(AREAS) + str(self.random.randint(1, 9))
        return outward, self.digits(1) + "".join(self.random.choices("ABDEFGHJLNPQRSTUWXYZ", k=2))

    def registration(self, between: str = " ") -> str:
        """Return a car's registration."""
        letters = "".join(self.random.choices("ABCDEFGHJKLMNPRSTUVWXY", k=5))
        return f"{letters[:2]}{self.random.randint(2, 7)}{self.digits(1)}{between}{letters[2:]}"

    def insurance(self, between: str) -> str:
        """Return a National Insurance number."""
        first, second = self.random.choice("ABCEHJLMPRSTWXY"), self.random.choice("ABCEHJLMPRSWXY")
        parts = [first + second, self.digits(2), self.digits(2), self.digits(2), self.random.choice("ABCD")]
        return between.join(parts)

    def spelt(self, code: str, *, alphabet: bool) -> str:
        """Return a code as people spell it."""
        return " ".join(
            DIGITS[int(sign)] if sign.isdecimal() else ALPHABET[ord(sign) - 65] if alphabet else sign.lower()
            for sign in code
        )

    def date(self) -> tuple[int, int, int]:
        """Return day, month and year."""
        return self.random.randint(1, 28), self.random.randint(1, 12), self.random.randint(1950, 1999)

    def year(self, year: int, *, short: bool = False) -> str:
        """Return a year as people say it."""
        tens, ones = divmod(year % 100, 10)
        said = f"{TENS[tens]}{f' {DIGITS[ones]}' if ones else ''}"
        return said if short else f"nineteen {said}"

    def street(self) -> str:
        """Return a street's name."""
        return f"{self.random.choice(PLACES)} {self.random.choice(STREETS)}"

    def number(self) -> str:
        """Return a house number in words."""
        tens, ones = self.random.choice(list(TENS)), self.random.randint(1, 9)
        return f"{TENS[tens]} {DIGITS[ones]}"


FORMS: dict[str, dict[str, Callable[[Seeds], tuple[str, str, str]]]] = {
    "nhs_number": {
        "written, in threes": lambda s: ("NHS number ", (n := s.nhs(), f"{n[:3]} {n[3:6]} {n[6:]}")[1], ""),
        "written, in one": lambda s: ("it's ", s.nhs(), " I think"),
        "spoken": lambda s: ("the number is ", s.spoken(s.nhs()), ""),
    },
    "telephone_number": {
        "written": lambda s: ("ring ", (n := s.telephone(), f"{n[:5]} {n[5:]}")[1], " please"),
        "written, +44": lambda s: ("on +", f"44 {s.telephone()[1:]}", ""),
        "spoken": lambda s: ("I'm on ", s.spoken(s.telephone()), " if we get cut off"),
        "spoken, stops between": lambda s: ("it's ", s.spoken(s.telephone()).replace(" ", ". ", 2), ""),
        "written, no area code": lambda s: ("on ", s.telephone()[5:], ""),
    },
    "postcode": {
        "written": lambda s: ("at ", " ".join(s.postcode()), ""),
        "written small, in one": lambda s: ("it's ", "".join(s.postcode()).lower(), " yeah"),
        "spelt out": lambda s: ("postcode is ", s.spelt("".join(s.postcode()), alphabet=False), ""),
        "spelling alphabet": lambda s: ("that's ", s.spelt("".join(s.postcode()), alphabet=True), ""),
    },
    "email_address": {
        "written": lambda s: ("it's ", f"{s.random.choice(FIRST).lower()}{s.digits(2)}@example.com", ""),
        "spoken": lambda s: (
            "e-mail is ",
            f"{s.random.choice(FIRST).lower()} dot {s.random.choice(LAST).lower()} at example dot co dot uk",
            " okay",
        ),
    },
    "date_of_birth": {
        "numbers, after a word for birth": lambda s: ("DOB ", "{:02}/{:02}/{}".format(*s.date()), ""),
        "short year, after a word for birth": lambda s: (
            "date of birth ",
            (d := s.date(), f"{d[0]}.{d[1]}.{d[2] % 100:02}")[1],
            "",
        ),
        "in words, alone": lambda s: (
            "that'd be ",
            (d := s.date(), f"the {ORDINALS[d[0] - 1]} of {MONTHS[d[1] - 1]} {s.year(d[2])}"[4:])[1],
            "",
        ),
        "in words, short year, alone": lambda s: (
            "so ",
            (d := s.date(), f"{ORDINALS[d[0] - 1]} of the {ORDINALS[d[1] - 1]} {s.year(d[2], short=True)}")[1],
            "",
        ),
    },
    "street_address": {
        "written": lambda s: ("we're at ", f"{s.random.randint(1, 250)} {s.street()}", ", second floor"),
        "small letters": lambda s: ("it's number ", f"{s.number()} {s.street().lower()}", " please"),
        "no number": lambda s: ("he ran down ", s.street(), " just now"),
        "no number, small letters": lambda s: ("he ran down ", s.street().lower(), " just now"),
    },
    "name": {
        "introduced": lambda s: ("my name is ", f"{s.random.choice(FIRST)} {s.random.choice(LAST)}", ", please hurry"),
        "introduced, small letters": lambda s: ("my name is ", s.random.choice(FIRST).lower(), " please hurry"),
        "as a relation": lambda s: ("my husband ", s.random.choice(FIRST), " hit me"),
        "in passing": lambda s: ("", f"{s.random.choice(FIRST)} {s.random.choice(LAST)}", " did this, he's outside"),
        "in passing, small letters": lambda s: ("", s.random.choice(FIRST).lower(), " did this he's outside"),
    },
    "vehicle_registration": {
        "written": lambda s: ("he's in a grey van, ", s.registration(), ""),
        "small letters, after a word for one": lambda s: ("the reg is ", s.registration().lower(), " I think"),
        "spelling alphabet": lambda s: ("that's ", s.spelt(s.registration(""), alphabet=True), ""),
        "small letters, alone": lambda s: ("it's ", s.registration().lower(), ""),
    },
    "national_insurance_number": {
        "written": lambda s: ("NI number ", s.insurance(" "), ""),
        "small letters, in one": lambda s: ("it's ", s.insurance("").lower(), ""),
        "spelt out": lambda s: ("it's ", s.spelt(s.insurance(""), alphabet=False), ""),
    },
    "hospital_number": {
        "after a word for one": lambda s: ("hospital number ", s.digits(7), ""),
        "spoken, after a word for one": lambda s: ("MRN is ", s.spelt("1" + s.digits(6), alphabet=False), ""),
        "alone": lambda s: ("it's ", s.digits(7), " on the letter"),
    },
}
HARMLESS: tuple[Callable[[Seeds], str], ...] = (
    lambda s: f"reference {s.nhs(valid=False)}",
    lambda s: f"log {s.digits(6)}, unit {s.digits(3)}, at {s.random.randint(10, 23)}:{s.digits(1)}0",
    lambda s: f"fell on {s.random.randint(1, 28)}/{s.random.randint(1, 12)}/202{s.random.randint(0, 6)}",
    lambda s: f"{s.random.randint(2, 30)} minutes ago, {s.random.randint(2, 9)} times, {s.random.randint(2, 12)}/52",
    lambda s: f"he's {s.random.randint(18, 80)}, about {s.random.randint(2, 90)} miles down the road",
    lambda s: f"BP {s.random.randint(90, 180)}/{s.random.randint(50, 99)}, sats {s.random.randint(85, 99)} on air",
    lambda s: f"{DIGITS[s.random.randint(2, 9)]} of them, {DIGITS[s.random.randint(2, 9)]} or {s.number()} I think",
    lambda s: (
        f"category {s.random.randint(1, 5)}, {s.random.randint(1, 36)}-D-{s.random.randint(1, 9)}, C{s.digits(1)}"
    ),
    lambda s: (
        f"paracetamol {s.random.randint(1, 9)} grams, took {s.random.randint(2, 60)} at {s.random.randint(1, 12)}pm"
    ),
    lambda s: f"hit me {s.random.choice(('again', 'twice', 'with a lamp'))} and I called the ambulance",
    lambda s: f"it's the {ORDINALS[s.random.randint(0, 27)]} time since {s.random.choice(MONTHS)}",
    lambda _: "in the street, two doors down, on the way, round the back of the park, up the close",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", help="a spaCy pipeline")
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this kind; once for each")
    options = parser.parse_args()
    names, kinds = options.names, options.kind or KINDS
    scanner = Scanner(None if names is None else SpacyNames(names))
    seeds = Seeds(20261124)
    print(f"{OF_EACH} of each; names: {names or 'introduced ones only'}\n")
    print("| kind | form | found | whole | as another kind |\n|---|---|---|---|---|")
    for kind in kinds:
        total = [0, 0, 0]
        for form, make in FORMS[kind].items():
            counts = [0, 0, 0]
            for _ in range(OF_EACH):
                for at, held in enumerate(_found(scanner, seeds, kind, make)):
                    counts[at] += held
            total = [before + now for before, now in zip(total, counts, strict=True)]
            found, whole, other = (f"{count / OF_EACH:.1%}" for count in counts)
            print(f"| {kind.replace('_', ' ')} | {form} | {found} | {whole} | {other} |")
        print(f"| **{kind.replace('_', ' ')}** | all | {total[0] / OF_EACH / len(FORMS[kind]):.1%} | | |")
    _false_alarms(scanner, seeds)


def _found(
    scanner: Scanner, seeds: Seeds, kind: str, make: Callable[[Seeds], tuple[str, str, str]]
) -> tuple[bool, bool, bool]:
    """Return whether an identifier among other turns was touched as its kind, covered whole by it, and by others."""
    before, value, behind = make(seeds)
    said = f"{seeds.random.choice(BEFORE)} {before}{value}{behind}. {seeds.random.choice(BEHIND)}"
    start = said.index(before + value) + len(before)
    call = Call("C-1", [Utterance("What's happened?", "call_taker"), Utterance(said, "caller")])
    hits = [hit for hit in scanner.sightings(call) if hit.utterance == 1]
    hits = [hit for hit in hits if hit.start < start + len(value) and start < hit.end]
    own = [hit for hit in hits if hit.kind == kind]
    whole = any(hit.start <= start and start + len(value) <= hit.end for hit in own)
    return bool(own), whole, not own and bool(hits)


def _false_alarms(scanner: Scanner, seeds: Seeds) -> None:
    invented = [make(seeds) for make in HARMLESS for _ in range(OF_EACH)]
    ruleset = load_ruleset("uk-ambulance", allow_withdrawn=True)
    examples = [
        sentence.replace("[", "").replace("]", "")
        for rule in ruleset.rules
        for sentence in (*rule.examples.fire, *rule.examples.quiet, *rule.known_miss, *rule.known_false_alarm)
    ]
    print("\n| text without identifiers | sentences | " + " | ".join(kind.replace("_", " ") for kind in KINDS) + " |")
    print("|---|---|" + "---|" * len(KINDS))
    for name, sentences in (("invented, with numbers", invented), ("examples of the shipped rules", examples)):
        counts = dict.fromkeys(KINDS, 0)
        begun = time.perf_counter()
        for sentence in sentences:
            for found in scanner.find(sentence):
                counts[found.kind] += 1
        seconds = time.perf_counter() - begun
        print(f"| {name} | {len(sentences):,} | " + " | ".join(f"{count:,}" for count in counts.values()) + " |")
    size = sum(map(len, sentences))
    print(f"\n{size / seconds / 1e6:.2f} million characters a second")


if __name__ == "__main__":
    main()
