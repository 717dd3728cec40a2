"""Why an e-invoice is not converted, or a purchase invoice not reversed; `wording` says it to a person."""

from econnect_admin.wording import Value, Wording, gettext_noop


class CannotConvert(Exception):
    template: str

    def __init__(self, **values: Value) -> None:
        self.wording = Wording(self.template, values)
        super().__init__(str(self.wording))


class Blocked(CannotConvert):
    """Something about the document, or what was filled in, that must be mended first."""

    def __init__(self, wording: Wording) -> None:
        self.template = wording.template
        super().__init__(**wording.values)


class AlreadyBooked(CannotConvert):
    template = gettext_noop("This e-invoice is booked already, as %(number)s. It is never booked twice.")


class Stale(CannotConvert):
    template = gettext_noop(
        "Something has changed since this page was opened: the e-invoice, the supplier or what is known of "
        "it. Nothing is booked; look at the page again as it is now."
    )


class NotConfirmed(CannotConvert):
    template = gettext_noop("There is something to confirm first: %(why)s")


class NotAllowed(CannotConvert):
    template = gettext_noop("You may not do this: %(why)s")


class AlreadyReversed(CannotConvert):
    template = gettext_noop("This purchase invoice is reversed already, by %(number)s.")


class IsReversal(CannotConvert):
    template = gettext_noop("A reversal cannot be reversed; convert the e-invoice again.")


class ReasonMissing(CannotConvert):
    template = gettext_noop("Give a reason: a reversal needs one.")
