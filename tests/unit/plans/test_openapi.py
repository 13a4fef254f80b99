"""The committed OpenAPI document is what the code says."""

from pathlib import Path

from tests.unit.plans.conftest import House

COMMITTED = Path(__file__).parents[3] / "services/plans/openapi.json"


def test_the_committed_document_is_what_is_served(house: House) -> None:
    assert house.app.test_client().get("/plans/v1/openapi.json").text == COMMITTED.read_text(), "make openapi"
