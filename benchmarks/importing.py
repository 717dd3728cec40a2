"""How fast 10,000 documents come in, where the time goes, and how much memory it takes.

    python benchmarks/importing.py [DOCUMENTS]

A sandbox, a worker and the embedded servers run as processes of their own, with data apart from
the user's. The documents are the project's samples, each with a number of its own.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
SAMPLES = PROJECT / "econnect_admin" / "sandbox" / "samples"
PYTHON = sys.executable
KEYS = {
    "SANDBOX_CONSUMER_KEY": "key",
    "SANDBOX_CONSUMER_SECRET": "secret",
    "SANDBOX_SUBSCRIPTION_KEY": "subscription",
    "SANDBOX_PARTY_ID": "XCNL10017",
    "SANDBOX_PARTY_NAME": "Ref Bouw B.V.",
}


def main() -> None:
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    base = Path("/var/lib/econnect-admin") if os.geteuid() == 0 else PROJECT / "var"
    os.environ["DATA_DIR"] = str(base / "benchmark")
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("REDIS_URL", None)
    sys.path.insert(0, str(PROJECT))
    from econnect_admin.embedded import servers

    servers.ensure()  # until the end of this process
    with tempfile.TemporaryDirectory() as directory, _sandbox(Path(directory), documents) as url:
        _manage("migrate", "--verbosity", "0")
        _import_by_a_worker(url)
        _import_with_a_stop_watch(url)


def _import_by_a_worker(url: str) -> None:
    """The real way: a queued run, and a worker whose peak memory the kernel has counted."""
    _set_up(url)
    with _process("manage.py", "rqworker", "default", "checks", stderr=subprocess.DEVNULL) as worker:
        answer = json.loads(_manage("run_batchjob", "import", "--administration", "B", "--queue", "--json"))
        worker.send_signal(signal.SIGTERM)
        _, _, usage = os.wait4(worker.pid, 0)
    rate = answer["new"] / answer["seconds"]
    print(f"by a worker: {answer['state']}, {answer['new']} new, {answer['failed']} failed")
    print(f"  {answer['seconds']:.1f} s, {rate:.0f} documents per second")
    print(f"  peak memory of the worker or its work horse: {usage.ru_maxrss / 1024:.0f} MB")
    again = json.loads(_manage("run_batchjob", "import", "--administration", "B", "--json"))
    print(f"  the run after it: {again['new']} new, {again['skipped']} skipped, {again['seconds']:.1f} s")


def _import_with_a_stop_watch(url: str) -> None:
    """Once more in this process: how long its main thread waits for documents, reads and stores."""
    _set_up(url)
    os.environ["DJANGO_SETTINGS_MODULE"] = "econnect_admin.settings"
    import django

    django.setup()
    from batchjobs.running import execute, request_run
    from batchjobs.setup import ensure_batchjobs
    from econnect_admin.models import Administration
    from invoices.importing import importer

    spent: dict[str, float] = {}

    def timed(part: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            began = time.perf_counter()
            try:
                return work(*arguments)
            finally:
                spent[part] = spent.get(part, 0) + time.perf_counter() - began

        return run

    vars(importer)["read_document"] = timed("parsing and checking", vars(importer)["read_document"])
    vars(importer)["store"] = timed("storing", vars(importer)["store"])
    [batchjob] = ensure_batchjobs(Administration.objects.get())
    run = request_run(batchjob, "benchmark")
    began = time.perf_counter()
    execute(run.pk)
    total = time.perf_counter() - began
    spent["waiting for lists and documents"] = total - sum(spent.values())
    print(f"with a stop watch: {total:.1f} s in the main thread, of which")
    for part, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"  {part}: {seconds:.1f} s, {seconds / total:.0%}")


def _set_up(url: str) -> None:
    _manage("flush", "--no-input")
    _manage(
        *("setup_administration", "B", "--name", "Benchmark", "--access-url", url),
        *("--consumer-key", KEYS["SANDBOX_CONSUMER_KEY"], "--consumer-secret-file", "-"),
        *("--company-id", KEYS["SANDBOX_PARTY_ID"]),
        input=KEYS["SANDBOX_CONSUMER_SECRET"],
    )


@contextmanager
def _sandbox(directory: Path, documents: int) -> Iterator[str]:
    samples = sorted(SAMPLES.glob("*.xml"))
    inbox = directory / "inbox"
    inbox.mkdir()
    size = 0
    for number in range(documents):
        content = samples[number % len(samples)].read_text().replace("</cbc:ID>", f"-{number}</cbc:ID>", 1)
        size += (inbox / f"{number:06}.xml").write_text(content)
    print(f"{documents} documents, {size / 1024 / 1024:.0f} MB")
    command = (
        "-m",
        "econnect_admin.sandbox",
        "--port",
        "0",
        "--documents",
        inbox,
        "--state",
        directory / "state",
    )
    with _process(*command, stdout=subprocess.PIPE, env=os.environ | KEYS) as sandbox:
        assert sandbox.stdout
        ready = next(line for line in sandbox.stdout if line.startswith("Sandbox ready: "))
        address = ready.removeprefix("Sandbox ready: ").strip()
        yield f"{address}/soap/v3.1?subscriptionKey={KEYS['SANDBOX_SUBSCRIPTION_KEY']}"


@contextmanager
def _process(*command: str | Path, **options: Any) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen([PYTHON, *command], cwd=PROJECT, text=True, **options)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _manage(*arguments: str, input: str = "") -> str:  # noqa: A002
    command = [PYTHON, "manage.py", *arguments]
    done = subprocess.run(command, cwd=PROJECT, input=input, text=True, stdout=subprocess.PIPE, check=True)
    return done.stdout


if __name__ == "__main__":
    main()
