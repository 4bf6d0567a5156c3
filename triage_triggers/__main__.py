"""``python -m triage_triggers``: the command line."""

from __future__ import annotations

import sys

from triage_triggers.cli.entry import main

if __name__ == "__main__":
    sys.exit(main())
