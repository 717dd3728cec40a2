"""Logging somebody out wherever they are."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone


def end_sessions(user_id: int, but: str | None = None) -> None:
    """All sessions of the user, but the one with that key. Whose each is, is only known inside it."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.session_key != but and session.get_decoded().get(SESSION_KEY) == str(user_id):
            session.delete()
