"""Reading of a mapping in which every fault is noted with its path, not only the first."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

_MISSING = object()


class SpecError(ValueError):
    """A metric spec with faults.

    faults holds a (path, message) for each, such as ("metrics[1].field", "...").
    """

    def __init__(self, faults: list[tuple[str, str]]):
        self.faults = faults
        super().__init__("\n".join(f"{path}: {message}" for path, message in faults))


class Node:
    """A value of the spec, its path, and the list to which its faults go."""

    def __init__(self, value: Any, path: str, faults: list[tuple[str, str]]):
        self.value = value
        self.path = path
        self.faults = faults

    def fault(self, message: str) -> None:
        self.faults.append((self.path, message))

    def child(self, key: str) -> "Node":
        """The value under a key, or a node without value."""
        value = self.value.get(key, _MISSING) if isinstance(self.value, Mapping) else _MISSING
        return Node(value, f"{self.path}.{key}" if self.path else key, self.faults)

    @property
    def given(self) -> bool:
        return self.value is not _MISSING

    def mapping(self, keys: Collection[str] | None = None) -> bool:
        """Tell whether the value is a mapping with text keys; a key that is not among keys is a fault."""
        if not isinstance(self.value, Mapping):
            self.fault(f"is {self.shown()}, must be a mapping")
            return False
        for key in self.value:
            if not isinstance(key, str):
                self.fault(f"has the key {key!r}, which must be text")
            elif keys is not None and key not in keys:
                self.child(key).fault(f"is not a key of this mapping; its keys are {', '.join(keys)}")
        return all(isinstance(key, str) for key in self.value)

    def entries(self) -> Iterator[tuple[str, "Node"]]:
        """The keys and values of a mapping."""
        for key in self.value:
            yield key, self.child(key)

    def items(self, least: int, most: int) -> list["Node"]:
        """The elements of a list of a certain length."""
        if not self.required():
            return []
        if not isinstance(self.value, list):
            self.fault(f"is {self.shown()}, must be a list")
            return []
        if not least <= len(self.value) <= most:
            self.fault(f"has {len(self.value)} elements, must have {least} to {most}")
        return [Node(value, f"{self.path}[{index}]", self.faults) for index, value in enumerate(self.value)]

    def text(self, check: Callable[[str], str | None] | None = None, default: str | None = None) -> str | None:
        """A text; check returns what is wrong with it."""
        if not self.given and default is not None:
            return default
        if not self.required():
            return None
        if not isinstance(self.value, str):
            self.fault(f"is {self.shown()}, must be text")
            return None
        if check and (problem := check(self.value)):
            self.fault(f"is {self.shown()}, {problem}")
            return None
        return self.value

    def choice(self, *choices: str) -> str | None:
        return self.text(lambda text: None if text in choices else f"must be one of {', '.join(choices)}")

    def integer(self, least: int, most: int, default: int | None = None) -> int | None:
        """A whole number of a range."""
        if not self.given and default is not None:
            return default
        if not self.required():
            return None
        if not isinstance(self.value, int) or isinstance(self.value, bool) or not least <= self.value <= most:
            self.fault(f"is {self.shown()}, must be a whole number from {least} to {most}")
            return None
        return self.value

    def required(self) -> bool:
        if not self.given:
            self.fault("is not set")
        return self.given

    def shown(self) -> str:
        return "not set" if not self.given else repr(self.value)
