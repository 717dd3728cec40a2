"""What templates need to show documents."""

from django import template

from econnect_admin.foreign_text import harmless, isolated
from invoices.showing import formats
from invoices.showing.badges import kind_badges
from invoices.showing.codes import PAYMENT_MEANS, UNITS, VAT_CATEGORIES, in_words

register = template.Library()

for _filter in (
    formats.money,
    formats.number,
    formats.grouped,
    formats.account,
    formats.is_blocked_account,
    formats.day,
    formats.moment,
    formats.days_until,
    formats.is_past,
    formats.period,
    formats.shown,
    formats.clipped,
    formats.in_column,
    harmless,
    isolated,
    kind_badges,
):
    register.filter(_filter.__name__, _filter)


@register.filter
def unit(code: str) -> str:
    return harmless(in_words(UNITS, code))


@register.filter
def vat_category(code: str) -> str:
    return harmless(in_words(VAT_CATEGORIES, code))


@register.filter
def payment_means(code: str) -> str:
    return harmless(in_words(PAYMENT_MEANS, code))
