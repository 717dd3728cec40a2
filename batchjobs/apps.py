from django.apps import AppConfig
from django.db.models.signals import post_save, pre_save
from django.utils.translation import gettext_lazy as _


class BatchjobsConfig(AppConfig):
    name = "batchjobs"
    verbose_name = _("Batch jobs")

    def ready(self) -> None:
        from batchjobs.models import Batchjob, PlanningSchedule
        from batchjobs.replanning import plan_by_the_new_time_zone, try_again
        from econnect_admin.history.recording import record
        from econnect_admin.models import (
            Administration,
            AdministrationPreferences,
            DatabasePreferences,
            FunctionActivation,
        )

        pre_save.connect(plan_by_the_new_time_zone, sender=Administration)
        record(Batchjob, without=["next_at", "refusals", "refusal_told", "mended_at", "failures_told_at"])
        record(PlanningSchedule)
        for mended in (AdministrationPreferences, DatabasePreferences, FunctionActivation):
            post_save.connect(try_again, sender=mended)
