"""What templates need to show purchase invoices."""

from django import template

from invoices.showing.purchase import booking_badge

register = template.Library()
register.filter("booking_badge", booking_badge)
