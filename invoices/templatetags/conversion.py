"""What the page of an e-invoice says about its booking."""

from typing import Any

from django import template

from invoices.models import EInvoice
from invoices.showing.conversion import ConversionCard

register = template.Library()


@register.simple_tag(takes_context=True)
def conversion_of(context: dict[str, Any], einvoice: EInvoice) -> ConversionCard:
    return ConversionCard(einvoice, context["request"].user)
