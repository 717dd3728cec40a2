"""Batch jobs and their runs. What runs is decided here, in PostgreSQL; the queue only holds ids."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from econnect_admin.models import Administration
from econnect_admin.rights.querysets import ScopedQuerySet
from econnect_admin.wording import Wording

# A run whose worker gave no sign of life for so long has lost it.
HEARTBEAT_TIMEOUT = timedelta(seconds=60)

ONE_ACTIVE_RUN = "one_active_run_per_batchjob"  # the constraint


class BatchjobQuerySet(ScopedQuerySet["Batchjob"]):
    def due(self) -> "BatchjobQuerySet":
        return self.filter(enabled=True, next_at__lte=Now())

    def not_at_work(self) -> "BatchjobQuerySet":
        """A run that only waits serves what is due now; one that has begun may have looked too early."""
        at_work = BatchjobRun.objects.filter(batchjob=OuterRef("pk"), state=BatchjobRun.State.RUNNING)
        return self.exclude(Exists(at_work))

    def make_due(self) -> None:
        """Have those that are planned run as soon as may be."""
        self.planned().update(next_at=Now())

    def planned(self) -> "BatchjobQuerySet":
        return self.filter(enabled=True, next_at__isnull=False)

    def refused(self) -> "BatchjobQuerySet":
        """Those that cannot go on until somebody does something."""
        return self.planned().filter(refusals__gt=0)


class Batchjob(models.Model):
    """Work that is done for an administration again and again."""

    class Type(models.TextChoices):
        IMPORT_E_INVOICES = "import", _("Import e-invoices")
        UPDATE_E_INVOICE_STATUSES = "statuses", _("Update e-invoice statuses")

    administration = models.ForeignKey(
        Administration, on_delete=models.PROTECT, related_name="batchjobs", verbose_name=_("administration")
    )
    type = models.CharField(_("type"), max_length=16, choices=Type)
    description = models.CharField(_("description"), max_length=200, blank=True)
    enabled = models.BooleanField(_("enabled"), default=True)
    # Computed when a schedule is set and when a run is created. In the past while a run is at work that
    # another is to follow. Null: nothing is planned.
    next_at = models.DateTimeField(_("next run"), null=True, blank=True, editable=False)
    # Runs in a row that ended because something needs a person; the next one waits longer each time.
    refusals = models.PositiveIntegerField(default=0, editable=False)
    # Somebody was told of it, and is yet to be told that it works again.
    refusal_told = models.BooleanField(default=False, editable=False)
    mended_at = models.DateTimeField(
        null=True, editable=False
    )  # what it may have been refused for was changed
    failures_told_at = models.DateTimeField(null=True, editable=False)  # the last digest that was sent

    objects = BatchjobQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch job")
        verbose_name_plural = _("batch jobs")
        constraints = [
            models.UniqueConstraint(fields=["administration", "type"], name="one_batchjob_of_a_type"),
        ]
        indexes = [
            # the scheduler's question: what is due?
            models.Index(fields=["next_at"], condition=Q(enabled=True), name="batchjob_due"),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} · {self.administration.name}"


class PlanningScheduleQuerySet(ScopedQuerySet["PlanningSchedule"]):
    scope = "batchjob__administration"


class PlanningSchedule(models.Model):
    """*Planningsschema*: when a batch job runs. `batchjobs.schedule` computes the moments."""

    class Kind(models.TextChoices):
        CONTINUOUS = "continuous", _("continuous")
        FIXED_TIMES = "fixed", _("at fixed times")
        CRON = "cron", _("cron expression")

    batchjob = models.ForeignKey(
        Batchjob, on_delete=models.CASCADE, related_name="schedules", verbose_name=_("batch job")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    weekdays = models.JSONField(_("weekdays"), default=list, blank=True)  # 0 is Monday; none: every day
    every_minutes = models.PositiveSmallIntegerField(_("every … minutes"), null=True, blank=True)
    window_start = models.TimeField(_("from"), null=True, blank=True)
    window_end = models.TimeField(_("to"), null=True, blank=True)
    times = models.JSONField(_("times"), default=list, blank=True)  # ["23:30"]
    cron = models.CharField(_("cron expression"), max_length=100, blank=True)

    objects = PlanningScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("planning schedule")
        verbose_name_plural = _("planning schedules")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.get_kind_display()


class BatchjobRunQuerySet(ScopedQuerySet["BatchjobRun"]):
    scope = "batchjob__administration"

    def active(self) -> "BatchjobRunQuerySet":
        return self.filter(state__in=BatchjobRun.ACTIVE)

    def by_the_scheduler(self) -> "BatchjobRunQuerySet":
        return self.filter(started_by="")

    def claim(self, run_id: int, worker: str) -> bool:
        """Make a queued run this worker's own. False: another was first, or it was stopped."""
        return (
            self.filter(pk=run_id, state=BatchjobRun.State.QUEUED, stop_requested=False).update(
                state=BatchjobRun.State.RUNNING, worker=worker, started_at=Now(), heartbeat_at=Now()
            )
            == 1
        )

    def owned(self, run_id: int, worker: str) -> "BatchjobRunQuerySet":
        """The run, if it is still this worker's to change."""
        return self.filter(pk=run_id, state=BatchjobRun.State.RUNNING, worker=worker)

    def without_sign_of_life(self) -> "BatchjobRunQuerySet":
        """Too old a sign, or one from a future that the clock was set back from."""
        old = Q(heartbeat_at__lt=Now() - HEARTBEAT_TIMEOUT) | Q(heartbeat_at__gt=Now() + HEARTBEAT_TIMEOUT)
        return self.filter(old, state=BatchjobRun.State.RUNNING)

    def close_as_failed(self, error: Wording) -> int:
        """Gives how many."""
        return self.update(state=BatchjobRun.State.FAILED, error=error.as_json(), ended_at=Now())

    def close_what_need_not_begin(self) -> None:
        """Stop what waits and was asked to stop."""
        self.filter(state=BatchjobRun.State.QUEUED, stop_requested=True).update(
            state=BatchjobRun.State.STOPPED, ended_at=Now()
        )


class BatchjobRun(models.Model):
    """One execution of a batch job, from being queued to its end."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        SUCCEEDED = "succeeded", _("succeeded")
        PARTLY_FAILED = "partly failed", _("partly failed")
        FAILED = "failed", _("failed")
        STOPPED = "stopped", _("stopped")

    ACTIVE = (State.QUEUED, State.RUNNING)

    batchjob = models.ForeignKey(
        Batchjob, on_delete=models.PROTECT, related_name="runs", db_index=False, verbose_name=_("batch job")
    )
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.QUEUED)
    started_by = models.CharField(_("started by"), max_length=150, blank=True)  # "": the scheduler
    worker = models.CharField(_("worker"), max_length=200, blank=True)
    stop_requested = models.BooleanField(_("stop requested"), default=False)
    # How it ended, when not well: a message with its values, to be said in any language.
    error = models.JSONField(_("error"), null=True, blank=True)

    listed = models.PositiveIntegerField(_("listed"), default=0)
    new = models.PositiveIntegerField(_("new"), default=0)
    revised = models.PositiveIntegerField(_("revised"), default=0)
    skipped = models.PositiveIntegerField(_("skipped"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)

    queued_at = models.DateTimeField(_("queued at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    heartbeat_at = models.DateTimeField(_("sign of life at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = BatchjobRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batchjob"],
                condition=Q(state__in=("queued", "running")),
                name=ONE_ACTIVE_RUN,
            ),
        ]
        indexes = [
            models.Index(fields=["batchjob", "id"], name="run_of_batchjob"),  # the last ones of it
            models.Index(fields=["queued_at"], name="run_queued"),  # the old ones
            # BatchjobRunQuerySet.without_sign_of_life()
            models.Index(fields=["heartbeat_at"], condition=Q(state="running"), name="run_heartbeat"),
        ]

    def __str__(self) -> str:
        return f"{self.batchjob} #{self.pk}"

    @property
    def seconds(self) -> float | None:
        """How long it ran; None while it has not ended."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()


class SchedulerSign(models.Model):
    """The last sign of life of whichever scheduler: one row."""

    ONLY = 1

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


class RunLogLine(models.Model):
    """Something a run has to say, and the document it is about."""

    class Level(models.TextChoices):
        INFO = "info", _("information")
        WARNING = "warning", _("warning")
        ERROR = "error", _("error")

    run = models.ForeignKey(BatchjobRun, on_delete=models.CASCADE, related_name="log_lines")
    at = models.DateTimeField(_("at"))
    level = models.CharField(_("level"), max_length=8, choices=Level)
    message = models.TextField(_("message"))
    values = models.JSONField(default=dict)
    external_id = models.CharField(_("document"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("log line")
        verbose_name_plural = _("log lines")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.message
