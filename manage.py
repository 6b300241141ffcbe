#!/usr/bin/env python
"""Previs from the shell: `manage.py studio` runs the whole app, `manage.py help` lists the rest."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "previs.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
