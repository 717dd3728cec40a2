"""Activating DNA functions for an administration: a matter of the vendor's superusers."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from econnect_admin.models import Administration, FunctionActivation
from econnect_admin.rights.catalogue import DNA_FUNCTIONS, FUNCTIONS, dependants_of
from econnect_admin.wording import Wording, gettext_noop


class CannotActivate(Exception):
    """`wording` says to a person why."""

    def __init__(self, template: str, **values: str) -> None:
        self.wording = Wording(template, values)
        super().__init__(str(self.wording))


def activate(administration: Administration, code: str, by: str) -> None:
    """Have a DNA function there. Raises CannotActivate if one that it needs is not active."""
    with _locked(administration) as active:
        missing = [needed for needed in FUNCTIONS[code].needs if needed not in active]
        if missing:
            raise CannotActivate(
                gettext_noop("“%(function)s” needs “%(others)s”: activate that first."),
                function=str(FUNCTIONS[code].name),
                others=_names(missing),
            )
        FunctionActivation.objects.get_or_create(
            administration=administration, function=code, defaults={"activated_by": by}
        )


def activate_all(administration: Administration, by: str) -> None:
    with _locked(administration) as active:
        for function in DNA_FUNCTIONS:  # each after those that it needs
            if function.code not in active:
                administration.activations.create(function=function.code, activated_by=by)


def deactivate(administration: Administration, code: str) -> None:
    """Have a DNA function there no more; what was granted is kept.

    Raises CannotActivate if another needs it.
    """
    with _locked(administration) as active:
        needing = [function.code for function in dependants_of(code) if function.code in active]
        if needing:
            raise CannotActivate(
                gettext_noop("“%(others)s” needs “%(function)s”: deactivate that first."),
                function=str(FUNCTIONS[code].name),
                others=_names(needing),
            )
        for activation in administration.activations.filter(function=code):
            activation.delete()


@contextmanager
def _locked(administration: Administration) -> Iterator[set[str]]:
    """The codes that are active, which nobody else changes meanwhile."""
    with transaction.atomic():
        Administration.objects.select_for_update().get(pk=administration.pk)
        yield set(administration.activations.values_list("function", flat=True))


def _names(codes: list[str]) -> str:
    return "”, “".join(str(FUNCTIONS[code].name) for code in codes)
