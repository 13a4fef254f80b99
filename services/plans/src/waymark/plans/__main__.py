"""`python -m waymark.plans api|worker|openapi`."""

from __future__ import annotations

import sys

from waymark.plans.app import SERVICE
from waymark.service.main import main

if __name__ == "__main__":
    sys.exit(main(SERVICE, sys.argv[1:]))
