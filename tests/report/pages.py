"""A page as a browser would take it apart: its elements, its text, and whatever it might load or run."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

VOID: Final = frozenset({"meta", "link", "img", "br", "hr", "input"})
ALLOWED: Final = frozenset(
    re.findall(
        r"\w+",
        "html head meta title style body a header div p strong h1 h2 h3 h4 nav ul ol li main section article table"
        " caption thead tbody tr th td dl dt dd code mark span bdi footer",
    )
)


class Page(HTMLParser):
    """Parses a page; fails where elements are not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == [], self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def check_harmless(html: str) -> Page:
    """Fail if a page holds an element or attribute that could load or run something, or that hides characters."""
    page = Page(html)
    assert {tag for tag, _ in page.elements} <= ALLOWED
    for _, attributes in page.elements:
        assert not any(name.startswith("on") or name in {"src", "srcset", "style", "action"} for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {str(attributes["href"])[1:] for attributes in page.all("a")} <= set(ids)
    for table in range(html.count("<table")):
        rows = html.split("<table")[table + 1]
        assert "<caption>" in rows
        assert 'scope="col"' in rows
    assert not set(html) & {chr(code) for code in (*range(9), *range(14, 32), 0x7F, 0x202E, 0x2066, 0xD800)}
    html.encode()  # no lone surrogates
    return page
