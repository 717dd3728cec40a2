"""The forms that book, as a browser sends them."""

import re
from typing import TYPE_CHECKING, Any

from django.test import Client

if TYPE_CHECKING:  # models can be imported only when the servers are there
    from invoices.models import EInvoice


def address(einvoice: "EInvoice") -> str:
    return f"/invoices/einvoice/{einvoice.pk}/convert/"


def form_of(client: Client, einvoice: "EInvoice", query: str = "") -> dict[str, Any]:
    """What a browser would send if nothing was changed on the page; warnings are not confirmed."""
    html = client.get(address(einvoice) + query).content.decode()
    fields: dict[str, Any] = {}
    form = html[html.index('class="ec-booking"') :]
    for tag in re.findall(r"<input[^>]*>", form[: form.index("</form>")]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and "checkbox" not in tag:
            fields[name[1]] = value[1] if value else ""
    return fields


def selection(client: Client, *keys: int) -> dict[str, Any]:
    """What a browser would send from the page of several."""
    html = client.get(f"/invoices/einvoice/convert/?keys={','.join(map(str, keys))}").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(keys|versions)" value="([^"]*)"', html))
    return hidden | {"booking_date": "2026-11-25"}
