"""One self-contained HTML page: no network, no script, legible on a telephone, on a desk, on paper and read aloud.

A page is a Jinja2 template that extends ``page.html``::

    {% extends "page.html" %}
    {% from "parts.html" import transcript with context %}
    {% block main %}
    <section aria-labelledby="calls"><h2 id="calls">Calls</h2>{{ transcript(lines) }}</section>
    {% endblock %}

Everything a template is given is escaped, and hidden characters in it are named (``[U+202E]``). The page forbids
itself, by a content security policy, to load or to run anything; also ``style`` attributes, so use the classes of
``page.css`` or hand in more CSS.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from triage_triggers.errors import MissingExtraError
from triage_triggers.report.marking import shown
from triage_triggers.version import __version__

if TYPE_CHECKING:
    import jinja2

__all__ = ["PRIVACY", "render_page"]

PRIVACY: Final = {
    "full": (
        "Confidential: personal data",
        (
            "This page quotes what was said in emergency calls, in full. It may tell where somebody is safe, and from"
            " whom. Keep it, send it and destroy it as you would the calls themselves."
        ),
    ),
    "redacted": (
        "Confidential: redacted, not anonymous",
        (
            "Of what was said, this page shows the words of findings only; these can hold a name. Ids, times and"
            " findings can still tell who somebody is."
        ),
    ),
    "none": (
        "Confidential: without what was said",
        "This page quotes nothing that was said. Ids, times and findings can still tell who somebody is.",
    ),
}
"""The banner of a page, heading and sentence, by how much of what was said it shows (``marking.WordsShown``)."""


def render_page(
    package: str, template: str, *, title: str, banner: tuple[str, str], css: str = "", **data: object
) -> str:
    """Return a page as HTML: a template of a package's ``templates`` folder, with data. Equal data give an equal page.

    ``banner`` is what the reader must know before reading on, a heading and a sentence; see ``PRIVACY``.

    Raises:
        MissingExtraError: Jinja2 is not installed: ``pip install 'triage-triggers[report]'``.

    >>> page = render_page("triage_triggers.report", "page.html", title="<Calls>", banner=PRIVACY["none"])
    >>> "<h1>&lt;Calls&gt;</h1>" in page
    True
    """
    style = files("triage_triggers.report").joinpath("templates", "page.css").read_text(encoding="utf-8") + css
    style = f"\n{style.strip()}\n"
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    given = {"title": title, "banner": banner, "style": style, "style_digest": digest, "version": __version__}
    return _environment(package).get_template(template).render(given | data)


@cache
def _environment(package: str) -> jinja2.Environment:
    try:
        import jinja2  # noqa: PLC0415  an extra
    except ModuleNotFoundError:
        raise MissingExtraError("a report", "report") from None
    own, shared = jinja2.PackageLoader(package), jinja2.PackageLoader("triage_triggers.report")
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader([own, shared]),
        autoescape=True,
        finalize=_legible,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _legible(value: object) -> object:
    """Name hidden characters in whatever is written into a page; what is markup already has been through this."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return "".join(f"[{piece.text}]" if piece.kind == "character" else piece.text for piece in shown(value))
