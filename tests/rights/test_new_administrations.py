"""Who may make administrations may set them up."""

from django.test import Client

from econnect_admin.models import Administration
from tests.rights.conftest import everything_for


def test_who_makes_an_administration_may_set_it_up(
    client: Client, secret_one: Administration, other_one: Administration
) -> None:
    user = everything_for("implementer", other_one)
    client.force_login(user)
    form = {"code": "NEW", "name": "New", "language": "nl", "time_zone": "Europe/Amsterdam"}
    client.post("/econnect_admin/administration/add/", form | {"database": secret_one.database_id})
    assert not Administration.objects.filter(code="NEW").exists()  # that database is of others
    client.post("/econnect_admin/administration/add/", form | {"database": other_one.database_id})
    new = Administration.objects.get(code="NEW")
    user = type(user).objects.get(pk=user.pk)
    assert user.has_perm("econnect_admin.change_administration", new)
    assert user.has_perm("econnect_admin.change_databasepreferences", new.database)


def test_without_its_function_a_batch_job_is_not_started(client: Client, secret_one: Administration) -> None:
    batchjob = secret_one.batchjobs.get(type="import")
    client.force_login(everything_for("operator", secret_one))
    page = f"/batchjobs/batchjob/{batchjob.pk}/change/"
    assert "Nu uitvoeren" in client.get(page).content.decode()
    secret_one.activations.filter(function="CREATE_E_INVOICES").delete()
    runs = batchjob.runs.count()
    assert "Nu uitvoeren" not in client.get(page).content.decode()
    assert client.post(f"/batchjobs/batchjob/{batchjob.pk}/run/").status_code == 403
    assert batchjob.runs.count() == runs
