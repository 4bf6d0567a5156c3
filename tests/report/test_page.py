from __future__ import annotations

import base64
import hashlib
import re
import sys
from importlib.resources import files
from itertools import product

import pytest

from tests.report.pages import check_harmless
from triage_triggers.errors import MissingExtraError
from triage_triggers.report.page import PRIVACY, _environment, render_page

HERE = "triage_triggers.report"
TEMPLATES = files(HERE).joinpath("templates")
CSS = TEMPLATES.joinpath("page.css").read_text("utf-8")
NASTY = "<script>alert(1)</script>\u202e\x1b[31m\0\"'&amp;\ud800"


def page(**changes: object) -> str:
    given: dict[str, object] = {"title": "A page", "banner": PRIVACY["full"]}
    return render_page(HERE, "page.html", **(given | changes))  # type: ignore[arg-type]


def test_a_page_stands_alone() -> None:
    found = check_harmless(page())
    assert found.all("html") == [{"lang": "en-GB"}]
    assert found.text.count("A page") == 2
    assert not re.search(r"url\(|@import|https?:", CSS)


def test_a_page_forbids_itself_all_but_its_own_style() -> None:
    html = page(css="p { color: red }")
    (policy,) = [meta["content"] for meta in check_harmless(html).all("meta") if "http-equiv" in meta]
    style = html.partition("<style>")[2].partition("</style>")[0]
    assert "p { color: red }" in style
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_whatever_a_page_is_given_stays_text() -> None:
    html = page(title=NASTY, banner=(NASTY, NASTY))
    found = check_harmless(html)
    assert found.text.count("<script>alert(1)</script>[U+202E][U+001B][31m[U+0000]\"'&amp;[U+D800]") == 4


def test_every_template_is_escaped_and_none_marks_text_as_safe() -> None:
    assert _environment(HERE).autoescape is True
    for path in TEMPLATES.iterdir():
        safe = re.findall(r"\|\s*safe", path.read_text("utf-8"))
        assert len(safe) == (path.name == "page.html")  # the style


def test_the_banner_says_how_much_was_said() -> None:
    for heading, sentence in PRIVACY.values():
        assert heading in page(banner=(heading, sentence))
    assert len({heading for heading, _ in PRIVACY.values()}) == 3


def test_without_jinja_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    _environment.cache_clear()
    with pytest.raises(MissingExtraError, match=r"triage-triggers\[report\]"):
        page()
    _environment.cache_clear()


def luminance(colour: str) -> float:
    def linear(part: str) -> float:
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(colour[at : at + 2]) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_rightly() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


PALETTES = [
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
]


@pytest.mark.parametrize("palette", PALETTES, ids=["light", "dark", "print"])
def test_every_text_can_be_read_on_its_ground(palette: dict[str, str]) -> None:
    pairs = [*product(("text", "quiet", "link"), ("ground", "panel"))]
    pairs += [
        ("banner-text", "banner"),
        ("counted-text", "counted"),
        ("set-aside-text", "set-aside"),
        ("cue-text", "cue"),
    ]
    for text, ground in pairs:
        assert contrast(palette[text], palette[ground]) >= 4.5, (text, ground)
    assert contrast(palette["line"], palette["ground"]) >= 3


def test_there_are_three_palettes() -> None:
    assert len(PALETTES) == 3
    assert all(palette.keys() == PALETTES[0].keys() for palette in PALETTES)
