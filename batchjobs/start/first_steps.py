"""A system without any administration: what its superuser does first."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from batchjobs.start.checklist import State, Step
from econnect_admin.models import DatabasePreferences


def first_steps(request: HttpRequest) -> list[Step]:
    """None for who may not do them."""
    if not request.user.has_perm("econnect_admin.add_databasepreferences"):
        return []
    database = DatabasePreferences.objects.order_by("pk").first()
    preferences = _("Financial preferences db")
    add_preferences = reverse("admin:econnect_admin_databasepreferences_add")
    administration = _("The first administration")
    if database is None:
        return [
            Step(
                preferences, State.OPEN, _("Where eConnect is: Access URL and Name Space."), add_preferences
            ),
            Step(administration, State.OPEN, _("After that; this page then says what is next.")),
        ]
    query = urlencode({"database": database.pk})
    add_administration = f"{reverse('admin:econnect_admin_administration_add')}?{query}"
    why = _("Whose invoices come in: name and code. This page then says what is next.")
    return [
        Step(preferences, State.DONE, "", reverse("admin:econnect_admin_databasepreferences_changelist")),
        Step(administration, State.OPEN, why, add_administration),
    ]
