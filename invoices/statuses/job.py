"""The status job: the statuses of e-invoices are made equal on both sides.

A run counts as `listed` the changes to be sent and the documents on the list; as `new` what was sent, as
`revised` what was changed elsewhere and taken over (also where it overrules, or is overruled by, a change
made here), as `skipped` what needs nothing (or waits for an earlier change), as `failed` what the platform
refused, or did not answer.
"""

from django.utils import timezone

from econnect_admin.econnect.soap import EConnect
from econnect_admin.models import Administration
from invoices.importing.progress import Progress
from invoices.statuses.platform import Platform
from invoices.statuses.pulling import pull
from invoices.statuses.pushing import push


def update_statuses(administration: Administration, client: EConnect, progress: Progress) -> None:
    """Send what was changed here, then find what was changed elsewhere.

    Raises EConnectError, PlatformGone or Interrupted where it has to end early; the next run goes on. Raises
    Unread, when the rest is done, if an inbox could not be read.
    """
    began = timezone.now()
    with Platform(client, progress) as platform:
        push(administration, platform, progress)
        pull(administration, platform, progress, began)
