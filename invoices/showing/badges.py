"""Small coloured labels, as django-unfold draws them."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from econnect_admin.foreign_text import harmless
from invoices.models import EInvoice, EInvoiceVersion
from invoices.showing.codes import STATUS_COLOURS, status_in_words


def badge(text: object, colour: str = "default") -> SafeString:
    """The HTML of a label; `colour` is default, info, success, warning, danger or primary."""
    return render_to_string("unfold/helpers/label.html", {"text": text, "type": colour})


def status_badge(einvoice: EInvoice) -> SafeString:
    text = status_in_words(einvoice.status_code, einvoice.allowed_statuses)
    return badge(harmless(text), STATUS_COLOURS.get(einvoice.status_code, "default"))


def kind_badges(version: EInvoiceVersion) -> SafeString:
    """What tells a document apart from an ordinary invoice; "" for that."""
    badges = []
    if version.is_credit_note:
        badges.append(badge(_("Credit note"), "info"))
    if version.self_billed:
        badges.append(badge(_("Self-billed"), "primary"))
    return SafeString(" ".join(badges))
