"""A status of the platform becomes the e-invoice's, and that is said where it overrules people here."""

from econnect_admin.econnect.results import StatusDetails
from econnect_admin.wording import Wording, gettext_noop
from invoices.importing.progress import Progress
from invoices.statuses.timeline import Timeline

_OVERRULED = gettext_noop(
    "The status was changed to %(code)s on the platform later than here; what was changed here is overruled."
)


def take_over(timeline: Timeline, platform_has: StatusDetails, progress: Progress) -> bool:
    """True if somebody changed the status on the platform."""
    external_id, before = timeline.einvoice.external_id, len(timeline.unsettled)
    taken_over = timeline.take_over(platform_has)
    if len(timeline.unsettled) < before:
        progress.log("warning", Wording(_OVERRULED, {"code": platform_has.code}), external_id)
    return taken_over
