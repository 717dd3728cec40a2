"""The project, loaded and connected to nothing: what each command of `tests.commands.running` begins with."""

from importlib import import_module

import django
from django.conf import settings

django.setup()
import_module(settings.ROOT_URLCONF)
