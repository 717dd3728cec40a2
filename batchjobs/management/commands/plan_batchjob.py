"""Set, show and preview the planning schedules of a batch job."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError

from batchjobs.clock import database_now
from batchjobs.models import Batchjob
from batchjobs.planning import in_words, schedules_of, set_schedules, zone_of
from batchjobs.schedule import (
    Continuous,
    Cron,
    FixedTimes,
    Schedule,
    ScheduleError,
    next_moments,
    parse_time,
    resolve,
)
from econnect_admin.command_line import PlainCommand, find_administration
from econnect_admin.models import Administration

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOST_MOMENTS = 10_000
_YEARS = range(1970, 2200)  # beyond them the rules of time zones are guesses
# The option that a field of a schedule is given by.
_OPTIONS = {"every_minutes": "--every", "times": "--at", "weekdays": "--days", "cron": "--cron"}


class Command(PlainCommand):
    help = (
        "Replace the planning schedules of a batch job, which is made if it is missing. Without a schedule "
        "it shows what is set. With --next it changes nothing and prints the moments to come: of the "
        "schedules given, else of those that are set."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("type", choices=Batchjob.Type.values)
        parser.add_argument("--administration", required=True, metavar="CODE")
        parser.add_argument("--every", metavar="MINUTES", help="continuous: every so many minutes")
        parser.add_argument("--between", metavar="HH:MM-HH:MM", help="of --every; default all day")
        parser.add_argument(
            "--at", metavar="HH:MM", action="append", default=[], help="a fixed time; may be repeated"
        )
        parser.add_argument(
            "--days", metavar="mon,tue,…", help="of --every and --at; default every day of the week"
        )
        parser.add_argument(
            "--cron", metavar="EXPR", action="append", default=[], help="five fields; may be repeated"
        )
        parser.add_argument("--next", metavar="N", help="print the next N moments; change nothing")
        parser.add_argument(
            "--from",
            metavar="MOMENT",
            dest="after",
            help="of --next: after this moment (ISO 8601; local without an offset); default now",
        )

    def handle(self, *_arguments: object, **options: Any) -> None:
        administration = find_administration(options["administration"])
        try:
            given = _schedules(options)
            zone = zone_of(administration)
            if options["next"] is not None:
                count, after = _count(options["next"]), _after(options["after"], zone)
                schedules = given or schedules_of(_existing(administration, options["type"]))
                self._print_moments(next_moments(schedules, after, zone, count), zone, options["json"])
                return
            if options["after"] is not None:
                raise CommandError("--from goes with --next.")
            if given:
                batchjob, _ = Batchjob.objects.get_or_create(
                    administration=administration, type=options["type"]
                )
                set_schedules(batchjob, given, database_now())
            else:
                batchjob = _existing(administration, options["type"])
            self._print_plan(batchjob, zone, options["json"])
        except ScheduleError as error:
            option = _OPTIONS.get(error.field, error.field)
            raise CommandError(f"{option}: {error}" if option.startswith("--") else str(error)) from None

    def _print_moments(self, moments: Sequence[datetime], zone: ZoneInfo, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps([_utc(moment) for moment in moments]))
            return
        for moment in moments:
            self.stdout.write(_local(moment, zone))

    def _print_plan(self, batchjob: Batchjob, zone: ZoneInfo, as_json: bool) -> None:
        words = in_words(schedules_of(batchjob))
        if as_json:
            answer = {
                "administration": batchjob.administration.code,
                "batchjob": batchjob.type,
                "enabled": batchjob.enabled,
                "in_words": words,
                "next": batchjob.next_at and _utc(batchjob.next_at),
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        if batchjob.next_at:
            then = f"next run {_local(batchjob.next_at, zone)}"
        else:
            then = "no next run" if batchjob.enabled else "disabled"
        self.stdout.write(f"{batchjob}: {words}; {then}.")


def _existing(administration: Administration, type_: str) -> Batchjob:
    batchjob = administration.batchjobs.filter(type=type_).first()
    if batchjob is None:
        raise CommandError(f"{administration} has no batch job {type_!r} yet; giving a schedule makes it.")
    return batchjob


def _schedules(options: dict[str, Any]) -> list[Schedule]:
    """What the options describe. Raises ScheduleError or CommandError."""
    every, at = options["every"], options["at"]
    if options["between"] is not None and every is None:
        raise CommandError("--between goes with --every.")
    if options["days"] is not None and every is None and not at:
        raise CommandError("--days goes with --every or --at.")
    days = frozenset[int]() if options["days"] is None else _weekdays(options["days"])
    schedules: list[Schedule] = []
    if every is not None:
        schedules.append(Continuous(_number("--every", every), days, *_window(options["between"])))
    if at:
        schedules.append(FixedTimes(tuple(sorted({parse_time(text, "times") for text in at})), days))
    schedules.extend(Cron(expression) for expression in options["cron"])
    return schedules


def _window(text: str | None) -> tuple[time | None, time | None]:
    if text is None:
        return None, None
    start, _, end = text.partition("-")
    midnight = end == "24:00"
    return parse_time(start, "--between"), parse_time("00:00" if midnight else end, "--between")


def _weekdays(text: str) -> frozenset[int]:
    names = [name.strip().lower() for name in text.split(",")]
    unknown = [name for name in names if name not in _DAYS]
    if unknown:
        raise CommandError(f"--days: there is no day {unknown[0]!r}; the days are {', '.join(_DAYS)}.")
    return frozenset(_DAYS.index(name) for name in names)


def _number(option: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise CommandError(f"{option}: {text!r} is no number.")
    return int(text)


def _count(text: str) -> int:
    count = _number("--next", text)
    if not 1 <= count <= _MOST_MOMENTS:
        raise CommandError(f"--next: a number from 1 to {_MOST_MOMENTS}.")
    return count


def _after(text: str | None, zone: ZoneInfo) -> datetime:
    if text is None:
        return database_now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f"--from: {text!r} is no moment; write it as 2026-10-25T00:00 or 2026-10-24T22:00Z."
        ) from None
    if moment.year not in _YEARS:
        raise CommandError(f"--from: a year from {_YEARS.start} to {_YEARS.stop - 1}.")
    return moment if moment.tzinfo else resolve(moment, zone)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(" ", "minutes")
