"""How fast e-invoices are read: `python benchmarks/parse.py [FOLDER]`.

Times, for every *.xml in the folder (by default the project's own samples): the bare parser, which
is the least that any reader takes; our reader; and, as the peer, the reader of eu-einvoice
(requirements-benchmark.txt). The rounds are interleaved, so that whatever else the machine does
falls on all alike; of each document and reader the median counts.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from statistics import median
from time import perf_counter_ns

from lxml import etree

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))  # a script sees its own folder only

from invoices.ubl.reader import read_ubl  # noqa: E402

SAMPLES = PROJECT / "econnect_admin" / "sandbox" / "samples"
ROUNDS = 41
GOAL = 4.0  # times the bare parser

BARE, OURS, PEER = "lxml.etree.fromstring", "read_ubl", "eu_einvoice.parse.parse_bytes"
Reader = Callable[[bytes], object]


def main(folder: Path) -> None:
    documents = [path.read_bytes() for path in sorted(folder.glob("*.xml"))]
    if not documents:
        sys.exit(f"There is no *.xml in {folder}.")
    times = measure(readers(), documents)
    print(f"{len(documents)} documents, {sum(map(len, documents)) / 1e6:.2f} MB, {ROUNDS} rounds")
    print(f"{'reader':32}{'µs a document':>16}{'ratio of totals':>18}{'median ratio':>16}")
    for name in (BARE, OURS, PEER):
        print(f"{name:32}" + (row(times[name], times[BARE]) if name in times else "   is not installed"))
    ratio = sum(times[OURS]) / sum(times[BARE])
    print(f"goal: a ratio of totals of at most {GOAL}: {'reached' if ratio <= GOAL else 'missed'}")


def readers() -> dict[str, Reader]:
    found: dict[str, Reader] = {BARE: etree.fromstring, OURS: read_ubl}
    with suppress(ImportError):
        found[PEER] = import_module("eu_einvoice.parse").parse_bytes
    return found


def measure(readers: dict[str, Reader], documents: list[bytes]) -> dict[str, list[float]]:
    """By reader, the median time of each document in nanoseconds."""
    times: dict[str, list[list[int]]] = {name: [[] for _ in documents] for name in readers}
    for _ in range(ROUNDS):
        for number, document in enumerate(documents):
            for name, read in readers.items():
                start = perf_counter_ns()
                read(document)
                times[name][number].append(perf_counter_ns() - start)
    return {name: [median(rounds) for rounds in of_documents] for name, of_documents in times.items()}


def row(times: list[float], bare: list[float]) -> str:
    each = median(time / least for time, least in zip(times, bare, strict=True))
    return f"{sum(times) / len(times) / 1000:16.1f}{sum(times) / sum(bare):18.2f}{each:16.2f}"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES)
