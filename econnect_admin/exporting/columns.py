"""What a list exports: its columns, and the value that a row has in each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Model
from django.utils.text import capfirst
from django_stubs_ext import StrOrPromise

Source = str | Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    """`source` is a path of fields, such as `current__seller__name`, or gives the value of a row.

    A value is a text, a number, a Decimal, a day, a moment, yes or no, or None; whatever else is exported
    as the text that it is.
    """

    heading: StrOrPromise
    source: Source

    def value_of(self, row: Any) -> Any:
        return self.source(row) if callable(self.source) else _follow(row, self.source)


def columns_of(model: type[Model], declared: Iterable[str | Column]) -> list[Column]:
    """A path alone gets the name of its last field as heading."""
    return [_of_path(model, one) if isinstance(one, str) else one for one in declared]


def _of_path(model: type[Model], path: str) -> Column:
    field: Any = None
    of: Any = model
    for name in path.split("__"):
        field = of._meta.get_field(name)
        of = field.related_model
    return Column(capfirst(str(field.verbose_name)), path if not field.choices else partial(_chosen, path))


def _chosen(path: str, row: Any) -> str:
    """The word for a choice."""
    *before, last = path.split("__")
    owner = _follow(row, "__".join(before)) if before else row
    return str(getattr(owner, f"get_{last}_display")())


def _follow(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name, None)
    return row
