"""What a page may load and run: the Content-Security-Policy that django-csp sends with every answer."""

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE, WASM_UNSAFE_EVAL

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        # The expressions in django-unfold's attributes are compiled in the browser, by Alpine.
        "script-src": [SELF, UNSAFE_EVAL],
        "script-src-attr": [NONE],
        "style-src": [SELF],
        # Widths and heights of django-unfold's progress bars, menus and rows of actions.
        "style-src-attr": [UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# RQ's dashboard has style sheets in its pages. Its scripts in them do nothing that is missed.
FOR_RQ_DASHBOARD = {"style-src": [SELF, UNSAFE_INLINE]}

# The frame that draws a PDF from outside: an origin of its own, whatever opens it, and no way out of it.
# pdf.js starts its worker from a blob, and fetches the decoders of scanned images, which are WebAssembly.
FOR_PDF_VIEWER = {
    "script-src": [SELF, WASM_UNSAFE_EVAL],
    "worker-src": ["blob:"],
    "img-src": ["data:", "blob:"],
    "font-src": ["data:", "blob:"],
    "connect-src": [SELF],
    "frame-src": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-scripts"],
}
