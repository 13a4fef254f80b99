"""The committed OpenAPI document is what the code says."""

from pathlib import Path

from tests.unit.roster.office import Office

COMMITTED = Path(__file__).parents[3] / "services/roster/openapi.json"


def test_the_committed_document_is_what_is_served(office: Office) -> None:
    assert office.app.test_client().get("/roster/v1/openapi.json").text == COMMITTED.read_text(), "make openapi"
