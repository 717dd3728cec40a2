"""Which e-invoices stand before and after one, in the list as it was filtered and ordered."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Neighbours:
    """Keys of e-invoices; None where there is none."""

    previous: int | None = None
    next: int | None = None
