"""Small coloured labels, as django-unfold draws them."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from invoices.models import EInvoice
from invoices.showing.codes import STATUS_COLOURS, status_in_words


def badge(text: object, colour: str = "default") -> SafeString:
    """The HTML of a label; `colour` is default, info, success, warning, danger or primary."""
    return render_to_string("unfold/helpers/label.html", {"text": text, "type": colour})


def status_badge(einvoice: EInvoice) -> SafeString:
    text = status_in_words(einvoice.status_code, einvoice.allowed_statuses)
    return badge(text, STATUS_COLOURS.get(einvoice.status_code, "default"))
