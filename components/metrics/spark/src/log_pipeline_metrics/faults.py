"""Faults of a spec, each with its path, and the reading of values that notes them."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MISSING = object()


class SpecError(ValueError):
    """A metric spec with faults.

    faults holds a (path, message) for each, such as ("metrics[1].field", "...").
    """

    def __init__(self, faults: list[tuple[str, str]]):
        self.faults = faults
        super().__init__("\n".join(f"{path}: {message}" for path, message in faults))


@dataclass(frozen=True)
class Location:
    """Where in the spec something stands, and the location of the mapping or list that it lies in."""

    path: str = ""
    holder: "Location | None" = None

    def key(self, name: str) -> "Location":
        if re.fullmatch(r"[A-Za-z0-9_-]+", name):
            return Location(f"{self.path}.{name}" if self.path else name, self)
        return Location(f"{self.path}[{json.dumps(name, ensure_ascii=False)}]", self)

    def index(self, number: int) -> "Location":
        return Location(f"{self.path}[{number}]", self)


class Faults:
    """The faults that were found so far."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []
        self._at: set[str] = set()
        self._above: set[str] = set()

    def add(self, at: Location, message: str) -> None:
        self.found.append((at.path, message))
        self._at.add(at.path)
        holder = at.holder
        while holder:
            self._above.add(holder.path)
            holder = holder.holder

    def at(self, at: Location) -> bool:
        """Tell whether the very value is at fault, whatever it holds."""
        return at.path in self._at

    def sound(self, at: Location) -> bool:
        """Tell whether nothing about a value is at fault: neither it, nor what it lies in, nor what it holds."""
        if at.path in self._above:
            return False
        place: Location | None = at
        while place:
            if place.path in self._at:
                return False
            place = place.holder
        return True


@dataclass(frozen=True)
class Node:
    """A value of the spec, where it stands, and where its faults go. value is MISSING where there is none."""

    value: Any
    at: Location
    faults: Faults

    def child(self, key: str) -> "Node":
        """The value under a key. Where this is no mapping, which is a fault, nothing is said of the keys."""
        if not isinstance(self.value, Mapping):
            return Node(MISSING, self.at.key(key), Faults())
        return Node(self.value.get(key, MISSING), self.at.key(key), self.faults)

    @property
    def given(self) -> bool:
        return self.value is not MISSING

    def fault(self, message: str) -> None:
        self.faults.add(self.at, message)

    def mistyped(self, expected: str) -> None:
        self.fault(f"{self.value!r}, must be {expected}" if self.given else f"not set, must be {expected}")

    def entries(self) -> Iterator[tuple[str, "Node"]]:
        """The keys and values of a mapping."""
        if not isinstance(self.value, Mapping):
            self.mistyped("a mapping")
            return
        for key in self.value:
            if isinstance(key, str):
                yield key, self.child(key)
            else:
                self.fault(f"the key {key!r} is no text")

    def known(self, *keys: str) -> list[str]:
        """The keys of a mapping, which may be some keys only; required ones are read later."""
        names = []
        for name, child in self.entries():
            if name in keys:
                names.append(name)
            else:
                child.fault(f"unknown key, may be {', '.join(keys)}")
        return names

    def elements(self, least: int, most: int) -> list["Node"]:
        """The elements of a list; none where there are too few or too many."""
        if not isinstance(self.value, list) or not least <= len(self.value) <= most:
            self.mistyped(f"a list of {least} to {most}")
            return []
        return [Node(value, self.at.index(index), self.faults) for index, value in enumerate(self.value)]

    def text(self, problem: Callable[[str], str | None] = lambda _: None, default: str | None = None) -> str:
        """A text. problem says what it must be, or None where it is that."""
        if not self.given and default is not None:
            return default
        if not isinstance(self.value, str):
            self.mistyped("a text")
            return ""
        if expected := problem(self.value):
            self.mistyped(expected)
        return self.value

    def integer(self, least: int, most: int, default: int | None = None) -> int:
        if not self.given and default is not None:
            return default
        if type(self.value) is not int or not least <= self.value <= most:
            self.mistyped(f"a whole number from {least} to {most}")
            return least
        return self.value


def one_of(*words: str) -> Callable[[str], str | None]:
    """A check for some words only."""
    return lambda text: None if text in words else f"one of {', '.join(words)}"


def plain(least: int, most: int) -> Callable[[str], str | None]:
    """A check for texts of so many characters, none of them a control character."""

    def problem(text: str) -> str | None:
        if least <= len(text) <= most and not re.search("[\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff]", text):
            return None
        return f"a text of {least} to {most} characters, none of them a control character"

    return problem
