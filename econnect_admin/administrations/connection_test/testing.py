"""A test of a connection from its first step to its last: what is found is stored on the way."""

from django.db import transaction
from django.utils import timezone

from econnect_admin.administrations.connection import connection_identity
from econnect_admin.administrations.connection_test.models import ConnectionTest
from econnect_admin.administrations.connection_test.steps import STEPS, State, after
from econnect_admin.administrations.models import Administration


class Overtaken(Exception):
    """The preferences were changed since the test began: what it finds would be about nothing."""


def begin(administration: Administration, by: str) -> ConnectionTest:
    return ConnectionTest.objects.create(
        administration=administration,
        connection=connection_identity(administration),
        next_step=next(iter(STEPS)),
        tested_by=by,
    )


def take_step(test: ConnectionTest) -> ConnectionTest:
    """Take the next step, if there is one, and store what it finds. Raises Overtaken.

    No transaction is open while eConnect is asked.
    """
    if not test.next_step:
        return test
    if not is_about_now(test, test.administration):
        raise Overtaken
    results = STEPS[test.next_step](test.administration)
    failed = any(result.state == State.FAILED for result in results)
    with transaction.atomic():
        stored = ConnectionTest.objects.select_for_update().get(pk=test.pk)
        if stored.next_step == test.next_step:  # else somebody else has taken it meanwhile
            stored.results = [*stored.results, *(result.as_json() for result in results)]
            stored.next_step = "" if failed else after(test.next_step)
            stored.ended_at = None if stored.next_step else timezone.now()
            stored.save(update_fields=["results", "next_step", "ended_at"])
        if not stored.next_step:
            test.administration.connection_tests.filter(pk__lt=test.pk).delete()
    return stored


def last_test(administration: Administration) -> ConnectionTest | None:
    """The last one that ended, of whatever preferences."""
    return administration.connection_tests.ended().order_by("-pk").first()


def is_about_now(test: ConnectionTest, administration: Administration) -> bool:
    """Whether it was about the preferences as they are now."""
    return test.connection == connection_identity(administration)


def offered_companies(administration: Administration) -> set[str]:
    """By the tests of the preferences as they are now, also one that goes on."""
    tests = administration.connection_tests.filter(connection=connection_identity(administration))
    results = [result for test in tests for result in test.results]
    return {company_id for result in results for company_id, _name in result["choices"]}
