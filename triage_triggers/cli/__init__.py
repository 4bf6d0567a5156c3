"""The command line, ``triage-triggers``: one module a command, and none imported before it is asked for."""
