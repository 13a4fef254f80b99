"""What the roster reads from the environment beyond what every service does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from waymark.service.settings import ServiceSettings, Setting

LoginField = Literal["sourcedId", "username", "email", "identifier", "userMasterIdentifier"]


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """The district's record is published with the first import and changed over the API afterwards."""

    district: Annotated[str, Setting("WAYMARK_DISTRICT", "the district's id in tokens and streams, for the command line", "riverbend")] = ""
    district_name: Annotated[str, Setting("WAYMARK_DISTRICT_NAME", "the district's name at first", "Riverbend Public Schools")] = ""
    time_zone: Annotated[
        str, Setting("WAYMARK_DISTRICT_TIME_ZONE", "the IANA time zone whose date is today, at first", "America/New_York")
    ] = "UTC"
    locale: Annotated[str, Setting("WAYMARK_DISTRICT_LOCALE", "the district's language at first (BCP 47)", "en-US")] = "en"
    person_field: Annotated[
        LoginField, Setting("WAYMARK_OIDC_PERSON_FIELD", "the column of users.csv that a token's sub equals", "email")
    ] = "sourcedId"
    leaving_share: Annotated[
        float,
        Setting("WAYMARK_LEAVING_SHARE", "the share of students who may leave by one import without approval", "0.1", between=(0, 1)),
    ] = 0.1
    imports: Annotated[
        Path | None, Setting("WAYMARK_IMPORTS", "the folder of imports' reports and waiting packages", "/var/lib/waymark/imports")
    ] = None

    @property
    def imports_folder(self) -> Path:
        """Inside the data folder, unless it has a place of its own."""
        return self.imports or self.folder / "imports"
