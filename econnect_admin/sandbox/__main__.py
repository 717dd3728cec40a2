"""`python -m econnect_admin.sandbox`: a folder of UBL files, served as an inbox on eConnect."""

import argparse
import os
import shlex
import signal
import sys
import time
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NoReturn

from econnect_admin.sandbox.account import Account
from econnect_admin.sandbox.folder import FolderError, fill_from_folder, save_state
from econnect_admin.sandbox.server import Sandbox

_SAVE_EVERY = 1.0  # seconds, if anything changed
_ACCEPTS_AFTER = timedelta(seconds=30)  # an authorisation request; no owner is there to do it
_KEYS = {"SANDBOX_CONSUMER_KEY", "SANDBOX_CONSUMER_SECRET", "SANDBOX_SUBSCRIPTION_KEY"}
_TRY_OUT = {
    "SANDBOX_CONSUMER_KEY": "try-out-key",
    "SANDBOX_CONSUMER_SECRET": "try-out-secret",
    "SANDBOX_SUBSCRIPTION_KEY": "try-out-subscription",
    "SANDBOX_PARTY_ID": "XCNL10017",
    "SANDBOX_PARTY_NAME": "Ref Bouw B.V.",
}


def main() -> None:
    arguments = _arguments()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    account = _account()
    try:
        for words in fill_from_folder(account, arguments.documents, arguments.state):
            _say(words)
        save_state(account, arguments.state)
        sandbox = Sandbox(account, arguments.port)
    except FolderError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"The sandbox cannot start on port {arguments.port}: {error.strerror}.")
    with sandbox:
        _say(f"Sandbox ready: {sandbox.origin}")
        if not _KEYS & os.environ.keys():
            _say(_how_to_connect(sandbox))
        _keep_state(account, arguments.state)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m econnect_admin.sandbox", description=__doc__)
    parser.add_argument("--port", type=_port, required=True, help="0: any that is free")
    add_path = partial(parser.add_argument, type=Path, required=True)
    add_path("--documents", metavar="DIR", help="each *.xml in it is served")
    add_path("--state", metavar="FILE", help="the documents' moments and statuses, as JSON")
    return parser.parse_args()


def _port(text: str) -> int:
    port = int(text)
    if port not in range(65536):
        raise ValueError
    return port


def _account() -> Account:
    settings = {name: os.environ.get(name, try_out) for name, try_out in _TRY_OUT.items()}
    return Account(
        consumer_key=settings["SANDBOX_CONSUMER_KEY"],
        consumer_secret=settings["SANDBOX_CONSUMER_SECRET"],
        subscription_key=settings["SANDBOX_SUBSCRIPTION_KEY"],
        party_id=settings["SANDBOX_PARTY_ID"],
        party_name=settings["SANDBOX_PARTY_NAME"],
        accepts_after=_ACCEPTS_AFTER,
    )


def _quick_connect(account: Account) -> str:
    """The line that the platform puts on the clipboard."""
    return (
        f"APP_KEY:{account.consumer_key};SECRET_KEY:{account.consumer_secret};"
        f"EMAIL_ID:{account.email_address};COMPANY_ID:{account.parties[0].party_id};"
    )


def _how_to_connect(sandbox: Sandbox) -> str:
    """The try-out keys, and the command that makes an administration with them."""
    account = sandbox.account
    command = [
        *("manage.py", "setup_administration", "TRYOUT", "--name", account.parties[0].name),
        *("--access-url", sandbox.access_url, "--namespace", sandbox.namespace),
        *("--consumer-key", account.consumer_key, "--consumer-secret-file", "-"),
        *("--created-by", account.email_address, "--delivery-email", account.email_address),
        *("--company-id", account.parties[0].party_id),
    ]
    return "\n".join(
        (
            f"Access URL       {sandbox.access_url}",
            f"Name Space       {sandbox.namespace}",
            f"Consumer key     {account.consumer_key}",
            f"Consumer secret  {account.consumer_secret}",
            f"Company id       {account.parties[0].party_id} ({account.parties[0].name})",
            f"Quick Connect    {_quick_connect(account)}",
            "",
            f"printf %s {account.consumer_secret} | {shlex.join(command)}",
        )
    )


def _keep_state(account: Account, state_file: Path) -> NoReturn:
    """Save what changed, until a signal ends it, and at that end."""
    saved = account.last_change
    try:
        while True:
            time.sleep(_SAVE_EVERY)
            saved = _save_if_changed(account, state_file, saved)
    finally:
        _save_if_changed(account, state_file, saved)


def _save_if_changed(account: Account, state_file: Path, saved: datetime) -> datetime:
    """Gives the last change that is in the file."""
    last_change = account.last_change
    if last_change == saved:
        return saved
    try:
        save_state(account, state_file)
    except FolderError as error:
        sys.stderr.write(f"{error}\n")
        return saved
    return last_change


def _end(*_signal: object) -> NoReturn:
    sys.exit(0)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
