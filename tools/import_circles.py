"""Find circles among the package's modules: no module may, by whatever way, import itself.

    python tools/import_circles.py              # prints each circle, status 1 if there is any

Counts every import, also those inside functions and under TYPE_CHECKING, as import-linter's layers do; it
stands beside them so that two tools would have to be wrong.
"""

from __future__ import annotations

import ast
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "triage_triggers"


def name_of(path: Path) -> str:
    """Return a module's dotted name."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, modules: frozenset[str]) -> set[str]:
    """Return the package's modules that a file imports anywhere."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
            found.add(node.module)
    return found & modules


def main() -> int:
    """Print the first circle, if there is one."""
    paths = {name_of(path): path for path in PACKAGE.rglob("*.py")}
    modules = frozenset(paths) - {PACKAGE.name}  # the package's own face imports them all when asked to
    graph = {name: imports_of(path, modules) - {name} for name, path in paths.items() if name in modules}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        print("a circle of imports:", " <- ".join(error.args[1]))
        return 1
    print(f"{len(graph)} modules, {sum(map(len, graph.values()))} imports, no circle")
    return 0


if __name__ == "__main__":
    sys.exit(main())
