"""Reading the environment: each variable as X, or as X_FILE with the path of a file that holds it."""

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, TypeVar

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.FileAwareEnv()

T = TypeVar("T")


def read(name: str, how: Callable[..., T], default: Any) -> T:
    """What `how`, a method of `env`, makes of the variable.

    Raises ImproperlyConfigured; its message never repeats the value, which may be a secret.
    """
    try:
        return how(name, default=default)
    except OSError as error:
        reason = f"the file of {name}_FILE cannot be read: {error.strerror}"
    except (ValueError, TypeError):
        reason = "its value is none of the kind that docs/configuration.md says"
    raise ImproperlyConfigured(f"{name} cannot be used: {reason}.")


def url(name: str, *schemes: str) -> str:
    """ "" where it is not given, and the embedded server is used. Raises ImproperlyConfigured."""
    value: str = read(name, env.str, "")
    if value and not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
        raise ImproperlyConfigured(f"{name} must begin with {' or '.join(f'{s}://' for s in schemes)}.")
    return value


def networks(name: str, default: list[str]) -> list[IPv4Network | IPv6Network]:
    """Addresses and networks with commas between them. To be given to `read`; raises ValueError."""
    return [ip_network(part.strip()) for part in env.list(name, default=default)]


def hours(name: str, default: int) -> int:
    """In seconds. To be given to `read`; raises ValueError unless it is from an hour to a year."""
    number: int = env.int(name, default=default)
    if not 1 <= number <= 365 * 24:
        raise ValueError
    return number * 3600
