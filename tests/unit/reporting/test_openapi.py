"""The committed document is the one that is served."""

from pathlib import Path

from waymark.reporting.__main__ import SERVICE
from waymark.service.main import openapi

COMMITTED = Path(__file__).parents[3] / "services/reporting/openapi.json"


def test_the_committed_document_is_what_the_code_says() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == openapi(SERVICE), "make openapi"
