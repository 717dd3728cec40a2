from django.apps import AppConfig
from django.db.models.signals import post_save, pre_save
from django.utils.translation import gettext_lazy as _


class BatchjobsConfig(AppConfig):
    name = "batchjobs"
    verbose_name = _("Batch jobs")

    def ready(self) -> None:
        from batchjobs.replanning import plan_by_the_new_time_zone, try_the_new_preferences
        from econnect_admin.models import Administration, AdministrationPreferences, DatabasePreferences

        pre_save.connect(plan_by_the_new_time_zone, sender=Administration)
        for preferences in (AdministrationPreferences, DatabasePreferences):
            post_save.connect(try_the_new_preferences, sender=preferences)
