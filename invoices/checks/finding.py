"""What does not hold in an e-invoice, under the names of the official rules."""

from dataclasses import dataclass
from typing import Literal

from econnect_admin.wording import Value, Wording

Flag = Literal["fatal", "warning", "information"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fails: its set and id as in the official validation artefacts, and why in words."""

    set: str
    id: str
    flag: Flag
    wording: Wording

    def as_json(self) -> dict[str, object]:
        return {"set": self.set, "id": self.id, "flag": self.flag, **self.wording.as_json()}


def fatal(rule: str, template: str, **values: Value) -> Finding:
    """A finding of EN 16931 itself."""
    return Finding("en16931", rule, "fatal", Wording(template, values))
