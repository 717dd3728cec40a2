"""What is done for authorisation requests while nobody looks: when to ask eConnect, and when to stop."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from econnect_admin.linking.models import WATCHED, AuthorisationRequest
from econnect_admin.linking.requesting import change, mark_if_lost

State = AuthorisationRequest.State

_AT_ONCE = 100  # requests in one transaction
# After the first check, which is a minute after the request was sent.
_PAUSES = (timedelta(minutes=5), timedelta(minutes=15))
_LAST_PAUSE = timedelta(hours=1)


def look_after_requests(enqueue: Callable[[Sequence[int]], None]) -> bool:
    """Hand those that are due to `enqueue`, and end what has ended. True: there may be more.

    If `enqueue` fails they stay due. Any number of processes may do this at once.
    """
    for request_id in AuthorisationRequest.objects.lost().values_list("pk", flat=True):
        mark_if_lost(request_id)
    _expire()
    return _hand_out(enqueue) == _AT_ONCE


def _expire() -> None:
    old = AuthorisationRequest.objects.filter(state=State.SENT, requested_at__lt=Now() - WATCHED)
    for request_id in old.values_list("pk", flat=True):
        change(request_id, [State.SENT], state=State.EXPIRED, next_check_at=None)


@transaction.atomic
def _hand_out(enqueue: Callable[[Sequence[int]], None]) -> int:
    due = AuthorisationRequest.objects.due().select_for_update(skip_locked=True, of=("self",))
    requests = list(due.order_by("next_check_at")[:_AT_ONCE])
    for request in requests:
        done = request.checks
        pause = _PAUSES[done] if done < len(_PAUSES) else _LAST_PAUSE
        rows = AuthorisationRequest.objects.filter(pk=request.pk)
        rows.update(next_check_at=Now() + pause, checks=F("checks") + 1)
    if requests:
        enqueue([request.pk for request in requests])
    return len(requests)
