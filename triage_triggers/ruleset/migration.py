"""From the ``conditions``, ``gates`` and ``policy`` of earlier rulesets to signs and then, flattened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["migrated"]

_DEFAULT: Final = ("current", "hypothetical")
_MANY: Final = 12
"""A condition of more alternatives than these says little more than that some sign holds."""


class _Ask(NamedTuple):
    """One way in which a condition holds."""

    find: tuple[str, ...]
    time: tuple[str, ...] = _DEFAULT
    near_by: tuple[str, ...] = ()
    at_least: int = 1

    def keys(self) -> dict[str, object]:
        written: dict[str, object] = {"find": list(self.find)}
        if set(self.time) != set(_DEFAULT):
            written["time"] = list(self.time)
        if self.near_by:
            written["with"] = list(self.near_by)
        if self.at_least > 1:
            written["at_least"] = self.at_least
        return written


def migrated(ruleset: Mapping[str, Any], inherited: Mapping[str, Any] | None = None) -> str:
    """Return the new sections of a ruleset, as YAML, with what could not be said in comments.

    Args:
        ruleset: The data of an old ``ruleset.yaml``.
        inherited: The ``conditions`` of what it extends, where it names them.

    >>> when = {"all": [{"theme": "weapon"}, {"theme": "fear"}, {"not": {"theme": "film"}}]}
    >>> print(migrated({"policy": [{"id": "armed", "when": when, "suggest": "C2", "reason": "A weapon."}]}))
    # armed: dropped 'not: {theme: film}'
    signs:
    - id: armed
      find: [weapon]
      with: [fear]
      reason: A weapon.
    then:
    - id: armed
      if: [armed]
      suggest: C2
      reason: A weapon.
    <BLANKLINE>
    """
    return _Migration({**(inherited or {}), **(ruleset.get("conditions") or {})}).of(ruleset)


class _Migration:
    def __init__(self, conditions: Mapping[str, Any]) -> None:
        self._conditions = conditions
        self._remarks: list[str] = []
        self._of = ""

    def of(self, ruleset: Mapping[str, Any]) -> str:
        signs: list[dict[str, object]] = []
        then: list[dict[str, object]] = []
        for gate in ruleset.get("gates") or ():
            self._of = str(gate.get("id"))
            self._remark("dropped the gate; what it held back counts, and flags nothing that no sign asks for")
        for policy in ruleset.get("policy") or ():
            self._of = str(policy.get("id"))
            self._policy(policy, signs, then)
        sections = {"signs": signs, "then": then}
        text = yaml.dump(
            {name: items for name, items in sections.items() if items},
            Dumper=_Flow,
            sort_keys=False,
            allow_unicode=True,
            width=118,
        )
        return "".join(f"# {remark}\n" for remark in dict.fromkeys(self._remarks)) + text

    def _policy(self, policy: Mapping[str, Any], signs: list[dict[str, object]], then: list[dict[str, object]]) -> None:
        name, when = str(policy["id"]), policy.get("when") or {}
        said = {key: policy[key] for key in ("reason", "sources", "lint") if key in policy}
        suggests = {"suggest": policy["suggest"]} if "suggest" in policy else {}
        suggests |= {"advice": policy["advise"]} if policy.get("advise") else {}
        parts = [part for part in when.get("all", [when]) if "not" not in part]
        broad = [part for part in parts if len(parts) > 1 and "is" in part and len(self._asks(part)) > _MANY]
        if broad:
            rest = _merged(ask for part in parts if part not in broad for ask in self._asks(part))
            self._remark(f"'{broad[0]['is']}' has become any_sign, and the rest evidence for what follows")
            for number, ask in enumerate(rest, 1):
                then.append({"id": _numbered(name, number), "if": ["any_sign"], **ask.keys(), **suggests, **said})
            return
        asks = _merged(self._asks(when))
        if not asks:
            self._remark("could not be converted: nothing is left of its condition")
            return
        names = [_numbered(name, number) for number in range(1, len(asks) + 1)]
        signs += ({"id": each, **ask.keys(), **said} for each, ask in zip(names, asks, strict=True))
        if suggests:
            then.append({"id": name, "if": names, **suggests, "reason": policy.get("reason"), **said})

    def _asks(self, condition: Mapping[str, Any], above: tuple[str, ...] = ()) -> list[_Ask]:
        """Return the ways in which a condition holds; windows have become 120 words where two things must be near."""
        if "is" in condition:
            name = str(condition["is"])
            if name in above or name not in self._conditions:
                self._remark(f"there is no condition '{name}'")
                return []
            return self._asks(self._conditions[name], (*above, name))
        if "not" in condition:
            self._remark(f"dropped 'not: {_short(condition['not'])}'")
            return []
        if "all" in condition:
            return self._all([part for part in condition["all"] if self._keeps(part)], above)
        if "any" in condition:
            asks = [ask for part in condition["any"] for ask in self._asks(part, above)]
            at_least = int(condition.get("at_least", 1))
            if at_least == 1:
                return asks
            self._remark(f"{at_least} of several conditions have become as many different rules")
            times = dict.fromkeys(time for ask in asks for time in ask.time)
            return [_Ask(_names(asks), tuple(times), at_least=at_least)]
        time = tuple(_listed(condition.get("temporality", _DEFAULT)))
        find = tuple(_listed(condition.get("theme") or condition.get("rule") or ()))
        return [_Ask(find, time, at_least=int(condition.get("at_least", 1)))] if find else []

    def _keeps(self, part: Mapping[str, Any]) -> bool:
        inner = part
        while "is" in inner and inner["is"] in self._conditions:
            inner = self._conditions[inner["is"]]
        if "not" in inner:
            self._remark(f"dropped 'not: {_short(inner['not'])}'")
        return "not" not in inner

    def _all(self, parts: list[Mapping[str, Any]], above: tuple[str, ...]) -> list[_Ask]:
        several = [asks for part in parts if (asks := self._asks(part, above))]
        if not several:
            return []
        first, *others = several
        if others and any(ask.near_by for ask in first):
            self._remark(f"dropped {_short(_names(others[0]))}: it asks for more than two things")
        elif others:
            first = [ask._replace(near_by=_names(others[0])) for ask in first]
        for more in others[1:]:
            self._remark(f"dropped {_short(_names(more))}: it asks for more than two things")
        return first

    def _remark(self, text: str) -> None:
        self._remarks.append(f"{self._of}: {text}")


class _Flow(yaml.SafeDumper):
    """Writes lists of names on one line."""

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:  # noqa: ANN401, FBT001  as PyYAML has it
        names = all(isinstance(item, str) and " " not in item for item in sequence)
        return super().represent_sequence(tag, list(sequence), flow_style=names or flow_style)

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  PyYAML asks of each part
        return True


def _merged(asks: Iterable[_Ask]) -> list[_Ask]:
    """Return the ways with those made one that differ only in what they find."""
    merged: dict[tuple[object, ...], _Ask] = {}
    for ask in asks:
        key = (ask.time, ask.near_by, ask.at_least, ask.find if ask.at_least > 1 else ())
        known = merged.get(key)
        merged[key] = ask if known is None else known._replace(find=tuple(dict.fromkeys((*known.find, *ask.find))))
    return list(merged.values())


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


def _names(asks: Iterable[_Ask]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for ask in asks for name in ask.find))


def _listed(names: Any) -> Iterator[str]:  # noqa: ANN401  one name or several
    yield from (names,) if isinstance(names, str) else names


def _short(part: object) -> str:
    text = yaml.dump(list(part) if isinstance(part, tuple) else part, default_flow_style=True, width=10_000).strip()
    return text if len(text) <= 80 else f"{text[:79]}…"  # noqa: PLR2004  what fits on a line
