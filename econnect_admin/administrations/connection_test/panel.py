"""The test of a connection as people see it, on the page of the preferences."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from econnect_admin.administrations.connection_test.models import ConnectionTest
from econnect_admin.administrations.connection_test.steps import Mend, State
from econnect_admin.administrations.connection_test.testing import is_about_now, last_test
from econnect_admin.administrations.models import AdministrationPreferences
from econnect_admin.saying import say_stored

_PREFERENCES = "admin:econnect_admin_administrationpreferences"
_ICONS = {State.OK: "check_circle", State.ATTENTION: "warning", State.FAILED: "cancel"}
_IN_WORDS = {
    State.OK: gettext_lazy("in order"),
    State.ATTENTION: gettext_lazy("needs attention"),
    State.FAILED: gettext_lazy("failed"),
}
_GOING_ON = {
    "keys": gettext_lazy("Looking for the keys …"),
    "login": gettext_lazy("Logging in …"),
    "company": gettext_lazy("Looking for the company …"),
    "inbox": gettext_lazy("Reading the inbox …"),
}


@dataclass(frozen=True)
class Line:
    """A result in words, with where it is mended and the companies that can be chosen."""

    state: State
    words: str
    address: str
    choices: list[list[str]]

    @property
    def icon(self) -> str:
        return _ICONS[self.state]

    @property
    def state_in_words(self) -> Any:
        return _IN_WORDS[self.state]


class ConnectionPanel:
    """The test that goes on, else the last one that ended."""

    def __init__(
        self,
        request: HttpRequest,
        preferences: AdministrationPreferences,
        test: ConnectionTest | None = None,
        note: str = "",
    ) -> None:
        self.preferences = preferences
        self.test = test or last_test(preferences.administration)
        self.may_test = request.user.has_perm("econnect_admin.change_administrationpreferences", preferences)
        self.starts = self.may_test and request.GET.get("test") == "now"
        self.note = note

    @property
    def begin_address(self) -> str:
        return reverse(f"{_PREFERENCES}_test", args=[self.preferences.pk])

    @property
    def next_address(self) -> str:
        """Where the next step is asked for; "" if none is to be."""
        if self.test is None or not self.test.next_step or self.note:
            return ""
        return reverse(f"{_PREFERENCES}_test_step", args=[self.preferences.pk, self.test.pk])

    @property
    def going_on(self) -> str:
        return str(_GOING_ON[self.test.next_step]) if self.test and self.next_address else ""

    @cached_property
    def is_past(self) -> bool:
        """Whether what was tested is not what is stored now."""
        return self.test is not None and not is_about_now(self.test, self.preferences.administration)

    @property
    def outcome(self) -> str:
        if self.test is None or not self.test.ended_at or self.is_past:
            return ""
        if self.test.has_failed:
            return _("The preferences are saved, but the connection does not work yet.")
        return _("The connection works.")

    @cached_property
    def lines(self) -> list[Line]:
        return [self._line(result) for result in self.test.results] if self.test else []

    def _line(self, result: dict[str, Any]) -> Line:
        database = self.preferences.administration.database_id
        mended_elsewhere = result["mend"] == Mend.DATABASE and not self.is_past
        address = reverse("admin:econnect_admin_databasepreferences_change", args=[database])
        may_choose = self.may_test and not self.is_past
        return Line(
            State(result["state"]),
            say_stored(result),
            address if mended_elsewhere else "",
            result["choices"] if may_choose else [],
        )
