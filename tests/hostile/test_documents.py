"""schemathesis over the three services: what the OpenAPI documents say is what is answered, whatever comes in."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from typing import Any, Final

import schemathesis
from hypothesis import HealthCheck, Phase, seed, settings
from schemathesis.config import SchemathesisConfig

from tests.authz.house import SERVICES
from tests.hostile.doors import SEED, door, house, is_problem
from tests.hostile.known import with_known
from waymark.service.main import Service, openapi

EXAMPLES: Final = 25  # an operation and role
# To schemathesis, explicit examples are those that it derives one by one from each rule of a schema: once is enough.
PHASES: Final = {"district-administrator": (Phase.explicit, Phase.generate, Phase.shrink), "teacher": (Phase.generate, Phase.shrink)}
OFF: Final = {"enabled": False}
CHECKS: Final = {
    "missing_required_header": {"expected-statuses": [400, 401, 403, 404, 428]},
    "negative_data_rejection": {"expected-statuses": [400, 401, 403, 404, 409, 412, 413, 415, 422, 428]},
    "positive_data_acceptance": OFF,  # what a schema cannot say (a title's length, a stale version) may be refused too
    "ignored_auth": OFF,  # tests/authz asks every operation without a token
    "use_after_free": OFF,  # nothing here is ever deleted
}


def conformance(service: Service[Any], role: str) -> Callable[..., None]:
    """The test of one service in one role: a case an operation."""
    # Every request is signed in: a token that schemathesis makes up would be replaced, and its refusal be missed.
    config = SchemathesisConfig.from_dict({"checks": CHECKS, "generation": {"with-security-parameters": False}})
    schema = schemathesis.openapi.from_dict(json.loads(openapi(service)), config=config)
    schema.app = door(service.name)

    @schema.hook
    def map_path_parameters(context: Any, path_parameters: Any) -> Any:
        # Approving the import that waits would turn the whole house over.
        return path_parameters if context.operation.path.endswith("/approval") else with_known("", path_parameters)

    @schema.hook
    def map_headers(context: Any, headers: Any) -> Any:
        return with_known("", headers)

    @schema.hook
    def map_query(context: Any, query: Any) -> Any:
        return with_known("", query)

    @schema.hook
    def map_body(context: Any, body: Any) -> Any:
        return with_known("", body)

    @schema.parametrize()
    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        phases=PHASES[role],
        deadline=None,
        database=None,
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large),
    )
    def test(case: Any) -> None:
        before = house().heads()
        answer = case.call(headers=house().credentials[role]())
        if answer.status_code == 202:
            assert house().settled()
        case.validate_response(answer)
        if answer.status_code >= 400:
            is_problem(answer.status_code, {name.title(): values[0] for name, values in answer.headers.items()}, answer.json())
            assert house().heads() == before, "a refusal wrote something"

    return test


for _service, _role in product(SERVICES, PHASES):
    globals()[f"test_{_service.name}_answers_a_{_role.replace('-', '_')}_as_its_document_says"] = conformance(_service, _role)
