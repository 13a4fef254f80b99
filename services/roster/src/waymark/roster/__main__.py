"""`python -m waymark.roster api|worker|openapi|import|forget|rotate-keys`."""

from __future__ import annotations

import sys

from waymark.roster.app import create_app, create_workers
from waymark.roster.cli import forget_person, import_package, rotate_keys
from waymark.roster.settings import Settings
from waymark.service.main import Service, main

SERVICE = Service(
    name="roster",
    settings=Settings,
    create_app=create_app,
    create_workers=create_workers,
    verbs={"import": import_package, "forget": forget_person, "rotate-keys": rotate_keys},
)

if __name__ == "__main__":
    sys.exit(main(SERVICE, sys.argv[1:]))
