"""The web side, for gunicorn or any other WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from econnect_admin.embedded import servers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "econnect_admin.settings")
servers.ensure()
application = get_wsgi_application()
