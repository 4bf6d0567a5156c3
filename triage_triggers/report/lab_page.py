"""What the lab's pages share: their style, their banner, and what their templates may call."""

from __future__ import annotations

from importlib.resources import files

from triage_triggers.report.calls import plain
from triage_triggers.report.marking import shown
from triage_triggers.report.page import PRIVACY, render_page

__all__ = ["render_lab_page"]


def render_lab_page(template: str, *, title: str, with_text: bool, **data: object) -> str:
    """Return a page of the lab as HTML.

    Raises:
        MissingExtraError: The ``report`` extra is not installed.
    """
    css = files("triage_triggers.report").joinpath("templates", "charts.css").read_text(encoding="utf-8")
    banner = PRIVACY["full" if with_text else "none"]
    given: dict[str, object] = {"shown": shown, "plain": plain}
    return render_page("triage_triggers.report", template, title=title, banner=banner, css=css, **(given | data))
