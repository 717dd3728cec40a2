"""The steps of coupling an administration: what is done, what is open, and what fails and why."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from django.db.models import Model
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from batchjobs.models import Batchjob
from batchjobs.start.facts import Facts
from econnect_admin.administrations.connection_test.steps import Mend
from econnect_admin.foreign_text import harmless
from econnect_admin.models import Administration, UserGroup
from econnect_admin.rights.catalogue import CREATE_E_INVOICES, E_PURCHASE_INVOICES
from econnect_admin.rights.scoped_admin import FROM_START
from econnect_admin.saying import say_stored

_NEEDED = (CREATE_E_INVOICES, E_PURCHASE_INVOICES)


class State(StrEnum):
    DONE = "done"
    OPEN = "open"
    FAILING = "failing"


_ICONS = {State.DONE: "check_circle", State.OPEN: "radio_button_unchecked", State.FAILING: "cancel"}
_IN_WORDS = {
    State.DONE: gettext_lazy("done"),
    State.OPEN: gettext_lazy("open"),
    State.FAILING: gettext_lazy("goes wrong"),
}


@dataclass(frozen=True)
class Step:
    """`reason` says why it is not done, or what is known of it; `address` is where one does it."""

    title: str
    state: State
    reason: str = ""
    address: str = ""

    @property
    def icon(self) -> str:
        return _ICONS[self.state]

    @property
    def state_in_words(self) -> str:
        return str(_IN_WORDS[self.state])

    @property
    def is_done(self) -> bool:
        return self.state == State.DONE


class Checklist:
    """What somebody with these permissions for the administration may see of it."""

    def __init__(self, administration: Administration, may: Collection[str], facts: Facts) -> None:
        self._administration = administration
        self._may = may
        self._facts = facts

    @cached_property
    def steps(self) -> list[Step]:
        makers = (
            ("econnect_admin.view_databasepreferences", self._database),
            (None, self._functions),
            ("econnect_admin.view_usergroup", self._groups),
            ("econnect_admin.view_administrationpreferences", self._preferences),
            ("batchjobs.view_batchjob", self._batchjobs),
            ("batchjobs.view_batchjobrun", self._first_import),  # runs say how many came in
        )
        return [make() for permission, make in makers if permission is None or permission in self._may]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def is_complete(self) -> bool:
        return self.done == len(self.steps)

    def _database(self) -> Step:
        database = self._administration.database
        address = _page("econnect_admin_databasepreferences", database)
        title = _("Financial preferences db")
        reason = self._facts.failure_of(Mend.DATABASE)
        if not database.access_url:
            return Step(title, State.OPEN, _("The Access URL is missing."), address)
        return Step(title, State.FAILING if reason else State.DONE, reason, address)

    def _functions(self) -> Step:
        active = self._facts.active_functions
        address = _page("econnect_admin_administrationfunctions", self._administration)
        counted = _("%(count)s active") % {"count": len(active)}
        title = f"{_('DNA functions')} ({counted})" if active else _("DNA functions")
        missing = [str(function.name) for function in _NEEDED if function.code not in active]
        if not missing:
            return Step(title, State.DONE, "", address)
        words = _("Not active: %(names)s. Without these nothing is imported; the vendor activates them.")
        return Step(title, State.OPEN, words % {"names": ", ".join(missing)}, address)

    def _groups(self) -> Step:
        count = self._facts.groups_that_view
        counted = ngettext("%(count)s group", "%(count)s groups", count) % {"count": count}
        title = _("Rights of user groups")
        if count:
            address = reverse("admin:econnect_admin_usergroup_changelist")
            return Step(f"{title} ({counted})", State.DONE, "", address)
        if group := self._facts.group_that_waits:
            words = _("“%(group)s” has no active members yet: invite a user into it.")
            words %= {"group": harmless(group)}
            return Step(title, State.OPEN, words, self._invitation(group))
        words = _("There is no user group yet whose members may look at the invoices.")
        add = self._addition("econnect_admin_usergroup", "administrations", preset="clerk")
        return Step(title, State.OPEN, words, add)

    def _invitation(self, group: UserGroup) -> str:
        """The form for a new user of the group; the group itself for who may not add one."""
        if "econnect_admin.add_user" not in self._may:
            return _page("econnect_admin_usergroup", group)
        return f"{reverse('admin:econnect_admin_user_add')}?{urlencode({'groups': group.pk})}"

    def _preferences(self) -> Step:
        title = _("Financial preferences administration")
        preferences = self._facts.preferences
        if preferences is None:
            add = self._addition("econnect_admin_administrationpreferences", "administration")
            return Step(title, State.OPEN, _("The keys of eConnect are not filled in yet."), add)
        address = _page("econnect_admin_administrationpreferences", preferences)
        if not (preferences.consumer_key and preferences.consumer_secret):
            return Step(title, State.OPEN, _("The keys of eConnect are not filled in yet."), address)
        if reason := self._facts.failure_of(Mend.PREFERENCES, Mend.NOWHERE):
            return Step(title, State.FAILING, reason, address)
        if self._facts.connection_works:
            return Step(title, State.DONE, "", address)
        if self._facts.failure_of(Mend.DATABASE):
            return Step(title, State.OPEN, _("The connection does not work yet."), address)
        return Step(title, State.OPEN, _("The connection was not tested yet."), address)

    def _batchjobs(self) -> Step:
        title = _("Batch jobs")
        for batchjob in self._facts.batchjobs:
            if error := self._facts.refusal_of(batchjob):
                said = f"{batchjob.get_type_display()}: {say_stored(error)}"
                return Step(title, State.FAILING, said, self._where_mended(batchjob))
        reasons = [reason for type_ in Batchjob.Type if (reason := self._not_at_work(type_))]
        if not reasons:
            return Step(title, State.DONE, "", reverse("admin:batchjobs_batchjob_changelist"))
        (words, address) = reasons[0]
        return Step(title, State.OPEN, words, address)

    def _not_at_work(self, type_: Batchjob.Type) -> tuple[str, str] | None:
        """Why a batch job of the type does nothing by itself, and where that is mended; None if it does."""
        batchjob = self._facts.batchjob_of(type_)
        if batchjob is None:
            add = self._addition("batchjobs_batchjob", "administration", type=type_.value)
            return _("%(batchjob)s is not there yet.") % {"batchjob": type_.label}, add
        address = _page("batchjobs_batchjob", batchjob)
        if not batchjob.enabled:
            return _("%(batchjob)s is disabled.") % {"batchjob": type_.label}, address
        if batchjob.next_at is None:
            return _("%(batchjob)s is not planned.") % {"batchjob": type_.label}, address
        return None

    def _where_mended(self, batchjob: Batchjob) -> str:
        """The preferences, where the test says what is wrong, for who may see them."""
        preferences = self._facts.preferences
        if preferences and "econnect_admin.view_administrationpreferences" in self._may:
            return _page("econnect_admin_administrationpreferences", preferences)
        return _page("batchjobs_batchjob", batchjob)

    def _first_import(self) -> Step:
        title = _("First invoice imported")
        if self._facts.has_einvoice:
            return Step(title, State.DONE)
        if self._facts.has_failed_document and "invoices.view_faileddocument" in self._may:
            failed = reverse("admin:invoices_faileddocument_changelist")
            return Step(title, State.FAILING, _("What came in could not be imported."), failed)
        if self._facts.batchjob_of(Batchjob.Type.IMPORT_E_INVOICES) is None:
            return Step(title, State.OPEN, _("First the batch jobs; then an import brings it in."))
        return Step(title, State.OPEN, _("Import now, or wait for the next run."))

    def _addition(self, model: str, field: str, **more: str) -> str:
        """The form for a new row of this administration; "" for who may not add one."""
        app, _underscore, name = model.rpartition("_")
        if f"{app}.add_{name}" not in self._may:
            return ""
        query = urlencode({field: self._administration.pk, **more, FROM_START: 1})
        return f"{reverse(f'admin:{model}_add')}?{query}"


def _page(model: str, row: Model) -> str:
    return reverse(f"admin:{model}_change", args=[row.pk])
