"""The Celery app. Tasks are wake-ups; the rows they look at are the truth."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "previs.settings")

app = Celery("previs")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
