"""What is said to a person, kept apart from the language it is said in.

Plain Python: whoever has something to say stores the English template and its values; the
interface translates the template when it shows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | int | None


def gettext_noop(template: str) -> str:
    """Mark a template for translation; the tools that collect texts know this name."""
    return template


@dataclass(frozen=True)
class Wording:
    """A sentence: an English template with %(name)s in it, and the values.

    The value `why`, where there is one, is itself a template over the other values.
    """

    template: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        values = dict(self.values)
        if "why" in values:
            values["why"] = str(values["why"]) % values
        return self.template % values

    def as_json(self) -> dict[str, object]:
        """To be stored; `econnect_admin.saying.say_stored` says it in any language.

        A value may come from a broken answer; NUL is the one character that PostgreSQL does not store.
        """
        values = {
            name: value.replace("\0", "�") if isinstance(value, str) else value
            for name, value in self.values.items()
        }
        return {"message": self.template, "values": values}
