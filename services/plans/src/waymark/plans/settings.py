"""What this service reads from the environment: nothing beyond what every service does."""

from __future__ import annotations

from waymark.service.settings import ServiceSettings


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """See the table in the README."""
