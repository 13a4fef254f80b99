"""`python -m waymark.reporting api|worker|openapi`, and the operators' verbs."""

from __future__ import annotations

import sys

from waymark.reporting.app import create_app, create_workers
from waymark.reporting.settings import Settings
from waymark.service.main import Service, main

SERVICE = Service(name="reporting", settings=Settings, create_app=create_app, create_workers=create_workers)

if __name__ == "__main__":
    sys.exit(main(SERVICE, sys.argv[1:]))
