"""Columns for what documents say: as long and as precise as it was written."""

from typing import Any

from django.db import models

MAX_EXTERNAL_ID = 500  # characters; the platform's own are a tenth of that


class WrittenText(models.TextField["str | None", str]):
    """Text of a document. Empty where the document does not say it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("blank", True)
        options.setdefault("default", "")
        super().__init__(*args, **options)

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value("" if value is None else value)


class ExactDecimal(models.DecimalField[Any, Any]):
    """A number of a document, with as many digits as it was written with. Null where there is none.

    PostgreSQL's numeric without bounds keeps `4900.0` and `4900.00` apart.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("null", True)
        options.setdefault("blank", True)
        options |= {"max_digits": 131072, "decimal_places": 16383}
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 - Django's signature
        return "numeric"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ARG002
        return value if prepared else self.get_prep_value(value)

    def to_python(self, value: Any) -> Any:
        return value if value is None else super().to_python(value)
