"""A package of two words."""

from two_words.inner.numbers import ANSWER

__all__ = ["ANSWER"]
