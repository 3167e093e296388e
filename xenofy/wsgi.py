"""WSGI entry point: all of Xenofy as Django serves it, for `runserver` and behind `xenofy.asgi`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xenofy.settings")
application = get_wsgi_application()
