"""What must not be repeated: keys and tokens that an answer quotes are taken out of it."""

import threading
from urllib.parse import quote
from xml.sax.saxutils import escape

_INSTEAD = "…"


class Secrets:
    """The secrets of one client, in each form in which an answer may quote them."""

    def __init__(self, *secrets: str) -> None:
        self._lock = threading.Lock()
        self._forms: list[str] = []
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        if not secret.strip():
            return
        forms = {secret, quote(secret, safe=""), quote(secret), escape(secret), " ".join(secret.split())}
        with self._lock:
            # The longest first: one secret may begin with another.
            self._forms = sorted({*self._forms, *forms}, key=len, reverse=True)

    def taken_out_of(self, text: str) -> str:
        for form in self._forms:
            text = text.replace(form, _INSTEAD)
        return text

    def taken_out_of_bytes(self, content: bytes) -> bytes:
        for form in self._forms:
            content = content.replace(form.encode(), _INSTEAD.encode())
        return content
