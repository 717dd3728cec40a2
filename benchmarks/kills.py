"""Kills everything that an installation is made of, at random moments, and looks at what is left.

    python benchmarks/kills.py [ROUNDS] [SEED]

Two schedulers, two workers and the embedded servers run as processes of their own, with data apart
from the user's; the sandbox serves an inbox for each of a few companies. Documents keep arriving
and being revised, statuses keep being changed on both sides, and in each round one or two things
go wrong. In the end all is well again, and nothing may be lost, doubled or stuck. The seed decides
what goes wrong in each round, and for how long. Exit code 1: something is wrong, and is said.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script sees its own folder only

from benchmarks.ground import set_up

COMPANIES = 3
# Of a platform that fails; each as short as it can be without changing what happens.
LIMITS = {"ECONNECT_READ_TIMEOUT": "3", "ECONNECT_CALL_TIMEOUT": "10"}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20261125
    data_dir = set_up("benchmark-kills", **LIMITS)
    from benchmarks.killing.company import Company
    from benchmarks.killing.installation import Installation
    from benchmarks.killing.ordeal import Ordeal

    companies = [Company(number, seed) for number in range(1, COMPANIES + 1)]
    installation = Installation(data_dir)
    ordeal = Ordeal(installation, companies, seed)
    print(f"{rounds} rounds, seed {seed}")
    with installation.running():
        wrong = ordeal.go_through(rounds)
    print("\n".join(wrong) or "Nothing is lost, doubled or stuck.")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
