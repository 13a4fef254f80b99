"""`python -m waymark.plans api|worker|openapi`, and the operators' verbs."""

from __future__ import annotations

import sys

from waymark.plans.app import create_app, create_workers
from waymark.plans.settings import Settings
from waymark.service.main import Service, main

SERVICE = Service(name="plans", settings=Settings, create_app=create_app, create_workers=create_workers)

if __name__ == "__main__":
    sys.exit(main(SERVICE, sys.argv[1:]))
