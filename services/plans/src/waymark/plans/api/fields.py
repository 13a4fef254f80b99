"""Fields that several schemas share: strict about what they take, complete in what OpenAPI says of them."""

from __future__ import annotations

import math
from typing import Any

import marshmallow as ma

from waymark.service.validation import Invalid


class Line(ma.fields.String):
    """One line of text; space around it does not count."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return str(super()._deserialize(value, attr, data, **kwargs)).strip()


class Number(ma.fields.Float):
    """A number, and no text that looks like one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, str):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class ItemValue(ma.fields.Field[Any]):
    """What an item is judged as: a level's code, a number of points, or a text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"type": ["number", "string"], "description": self.__doc__}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | float | str:
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise Invalid("not-a-value", "A level's code, a number, or a text.", ["number", "string"])
        if isinstance(value, float) and not math.isfinite(value):
            raise Invalid("not-a-number", "Infinity and NaN are no numbers of points.")
        return value
