"""What the sandbox refuses, in the platform's format: `<message> [<code>]`.

The codes that the contract names are the platform's own; the others are of the same form.
"""


class Fault(Exception):
    """A SOAP Fault instead of a result."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(f"{message} [{code}]")


BLOCKED = {
    "ERRPRO1000002": "Your account is blocked because of unpaid invoices.",
    "ERRPRO1000003": "Your account is blocked because of a negative balance.",
    "ERRPRO1000004": "Your account is blocked because of misuse.",
}


def expired_token() -> Fault:
    return Fault("DEFAULT_ERROR_CODE999", "The security token has expired.")


def no_token() -> Fault:
    return Fault("ERRIAU6000001", "A security token is required.")


def unknown_key() -> Fault:
    return Fault("ERRIAU6000007", "Unknown or revoked consumer key.")


def blocked(code: str) -> Fault:
    return Fault(code, BLOCKED[code])


def wrong_namespace() -> Fault:
    return Fault("ERRCDO4000041", "The namespace is not supported, or SOAPAction and body do not match.")


def invalid_xml(why: str) -> Fault:
    return Fault(
        "ERRIER8000006", f"Server returned error. Please check after some time. XML not valid: {why}"
    )


def pdf_not_ready() -> Fault:
    return Fault("ERRDMN8000003", "The PDF is still being generated.")


def unknown_document(external_id: str) -> Fault:
    return Fault("ERRGID4000001", f"There is no document {external_id} in your inbox.")


def status_not_allowed(status_code: str) -> Fault:
    return Fault("ERRSID4000002", f"Status {status_code} is not allowed for this document.")


def not_your_inbox(whose: str) -> Fault:
    return Fault("ERRGID4000003", f"You have no access to the inbox of {whose}.")


def unknown_page() -> Fault:
    return Fault("ERRGID4000004", "StartPage is not a page of this list.")


def unknown_party(reference_id: str) -> Fault:
    return Fault("ERRGPA4000001", f"There is no party {reference_id}.")


def not_accepted() -> Fault:
    return Fault("ERRRAI4000001", "The authorisation request has not been accepted.")
