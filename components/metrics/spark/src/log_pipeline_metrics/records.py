"""Text of records to the texts of their values, by one from_json.

A record is one JSON object by RFC 8259, alone but for white space around it. Spark's from_json reads the first value of
a text and ignores what follows. So a record is put into a list, before an object with a mark: [RECORD,{MARK:"1"}]. Only
if the record is one value has the list two elements and the last of them the mark.

What Spark 4.1 makes of values, all of which are read as text:

- A string is its text; half of a surrogate pair is "?". An integer, true and false are as they are written. A number
  with a fraction or an exponent is what Java writes for the double: 1.10 is "1.1" and 1e2 is "100.0". An object or a
  list is its JSON without white space.
- null is null. Of a key that is there twice the last value is taken.
- Where the path of a field leads through a key, anything but an object at that key is as if it was not there.
- NaN, Infinity, single quotes, comments, control characters in strings, leading zeros and a byte order mark are no
  JSON. Neither is an integer of more than 1,000 digits or nesting of more than about 1,000 levels (Jackson's limits).
"""

from collections.abc import Callable, Mapping
from typing import Any

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql import types as T

Paths = Mapping[str, tuple[str, ...]]

_OPTIONS = {"allowSingleQuotes": "false", "allowNonNumericNumbers": "false"}
# No path of a spec has a key with a control character.
_MARK = "\u0001"
_AFTER = ',{"\\u0001":"1"}]'
_WITH_MARK = 2


def parsed(text: Column, paths: Paths) -> Column:
    """Parse records. What the column holds is for the functions below."""
    marked = F.concat(F.lit("["), text, F.lit(_AFTER))
    return F.from_json(marked, T.ArrayType(_schema(_tree(paths), lambda key, _: key)), _OPTIONS)


def is_one_object(elements: Column) -> Column:
    """Tell whether a record is one JSON object. elements is a column that parsed() made."""
    mark = F.get(elements, F.lit(1)).getField(_MARK)
    one = (F.size(elements) == _WITH_MARK) & F.get(elements, F.lit(0)).isNotNull() & (mark == "1")
    return F.coalesce(one, F.lit(False))


def record(elements: Column, paths: Paths) -> Column:
    """The record itself. elements is a column that parsed() made.

    Keys are renamed by their position: Spark's names of columns have no case, keys of JSON have.
    """
    return F.get(elements, F.lit(0)).cast(_schema(_tree(paths), lambda _, position: f"key_{position}"))


def value(of: Column, paths: Paths, path: tuple[str, ...]) -> Column:
    """The text of the value at a path of a record. of is a column that record() made."""
    keys = _tree(paths)
    for key in path:
        of = of.getField(f"key_{list(keys).index(key)}")
        keys = keys[key]
    return of


def _tree(paths: Paths) -> dict[str, Any]:
    """The keys of the paths and the mark: under a key the keys below it, or None where its value is read."""
    root: dict[str, Any] = {_MARK: None}
    for *above, last in paths.values():
        keys = root
        for key in above:
            keys = keys.setdefault(key, {})
        keys[last] = None
    return root


def _schema(keys: dict[str, Any], name: Callable[[str, int], str]) -> T.StructType:
    return T.StructType(
        [
            T.StructField(name(key, position), T.StringType() if below is None else _schema(below, name))
            for position, (key, below) in enumerate(keys.items())
        ]
    )
