"""What this service reads from the environment."""

from __future__ import annotations

from typing import Annotated

from waymark.service.settings import ServiceSettings, Setting


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """Those of every service, and how much may be kept in memory."""

    memory: Annotated[
        int, Setting("WAYMARK_REPORTING_MEMORY", "megabytes that statuses and past days kept for counting may take, about", "512")
    ] = 512
