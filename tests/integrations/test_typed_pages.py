"""Every Python block of the docs passes ``mypy --strict``: a page's blocks one after the other, as they are read."""

from __future__ import annotations

import re
from pathlib import Path

from mypy import api

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_PROMPT = re.compile(r"^(?:>>>|\.\.\.) ?")


def _programs(page: Path) -> list[str]:
    """Return the page's blocks; one that imports an evaluator begins anew. Of a session only what was typed counts."""
    programs: list[str] = []
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL):
        typed = block.startswith(">>>")
        lines = [_PROMPT.sub("", line) for line in block.splitlines() if not typed or _PROMPT.match(line)]
        program = "\n".join([*lines, ""])
        if programs and not re.search(r"^from triage_triggers import .*Evaluator\b", program, flags=re.MULTILINE):
            programs[-1] += program
        else:
            programs.append(program)
    return programs


def test_every_python_block_of_the_docs_is_typed(tmp_path: Path) -> None:
    files = []
    for page in PAGES:
        for number, program in enumerate(_programs(page)):
            files.append(tmp_path / f"{re.sub(r'[^a-zA-Z]', '_', page.stem)}_{number}.py")
            files[-1].write_text(program, encoding="utf-8")
    assert len(files) >= 8
    options = ["--strict", "--config-file", str(ROOT / "pyproject.toml"), "--no-error-summary"]
    options += ["--disable-error-code", "import-not-found"]  # extras that are not installed here
    out, err, status = api.run([*options, "--cache-dir", str(ROOT / ".mypy_cache"), *map(str, files)])
    assert status == 0, out + err
