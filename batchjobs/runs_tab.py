"""The tab of a batch job with its last runs."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.datasets import BaseDataset

from batchjobs.batchjob_page import BatchjobPage
from batchjobs.models import Batchjob, BatchjobRun


class RunsTab(BaseDataset):  # type: ignore[misc]
    model = BatchjobRun
    model_admin = ModelAdmin  # django-unfold makes one; the runs are shown without it
    tab = True
    title = _("Runs")

    @property
    def contents(self) -> SafeString:
        page = BatchjobPage(Batchjob.objects.get(pk=self.extra_context["object"]), self.request)
        context = {"page": page, "tab": f"dataset-{self.model_name}"}
        return render_to_string("batchjobs/runs_tab.html", context, self.request)
