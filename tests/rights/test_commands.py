"""Commands refuse what an administration has no function for."""

from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

from econnect_admin.models import Administration
from econnect_admin.rights.catalogue import DNA_FUNCTIONS
from invoices.models import EInvoice

Manage = Callable[..., CompletedProcess[str]]


@pytest.mark.parametrize(
    "command", [("export_einvoices",), ("run_batchjob", "import"), ("run_batchjob", "statuses")]
)
def test_what_is_not_active_is_refused(
    secret_one: Administration, manage: Manage, command: tuple[str, ...]
) -> None:
    secret_one.activations.all().delete()
    result = manage(*command, "--administration", secret_one.code)
    assert result.returncode == 1
    assert "not active" in result.stderr
    assert EInvoice.objects.order_by("pk")[0].external_id not in result.stdout


def test_setting_up_activates_all_functions(secret_one: Administration, manage: Manage) -> None:
    secret_one.activations.all().delete()
    assert manage("setup_administration", secret_one.code).returncode == 0
    active = set(secret_one.activations.values_list("function", flat=True))
    assert active == {function.code for function in DNA_FUNCTIONS}
    secret_one.activations.filter(function="LINK_E_CONNECTION").delete()
    assert manage("setup_administration", secret_one.code, "--name", "Other").returncode == 0
    assert not secret_one.activations.filter(function="LINK_E_CONNECTION").exists()
