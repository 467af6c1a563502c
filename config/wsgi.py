"""The WSGI entry point that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from config.memory import settle_in

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

application = get_wsgi_application()
settle_in()
