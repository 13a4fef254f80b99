"""The issuer's pages: plain HTML that works without JavaScript, under a policy that allows nothing but their own stylesheet."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Response, make_response, render_template
from markupsafe import Markup

from .addresses import origin
from .people import DemoPerson, RoleGroup, found, grouped

# A district's page has a few hundred students to choose from; the search finds the others.
SHOWN = 12
SHOWN_WHEN_SEARCHED = 60


def people_page(people: Sequence[DemoPerson], *, search: str, carried: Mapping[str, str], redirect_uri: str, notice: str) -> Response:
    """The page that asks who one is. `carried` are the request's parameters, kept through search and choice."""
    matching = found(people, search)
    limit = SHOWN_WHEN_SEARCHED if search.strip() else SHOWN
    page = render_template(
        "people.html",
        style=_style(),
        groups=[_Shown(group, limit) for group in grouped(matching)],
        total=len(people),
        matching=len(matching),
        search=search,
        carried=carried,
        notice=notice,
    )
    return _answer(page, 400 if notice else 200, form_action=f"'self' {origin(redirect_uri)}")


def refusal_page(reason: str) -> Response:
    """The page for a request that cannot be sent back to the application it came from."""
    return _answer(render_template("message.html", style=_style(), title="This sign-in cannot go on", text=reason), 400)


def signed_out_page() -> Response:
    """The page after a sign-out that names no place to return to."""
    text = "You are signed out of the demo. You can close this page."
    return _answer(render_template("message.html", style=_style(), title="Signed out", text=text), 200)


class _Shown:
    """One group as far as the page shows it."""

    def __init__(self, group: RoleGroup, limit: int) -> None:
        self.heading = group.heading
        self.count = len(group.people)
        self.people = group.people[:limit]
        self.more = self.count - len(self.people)


@cache
def _style() -> Markup:
    return Markup((Path(__file__).with_name("templates") / "page.css").read_text("utf-8"))


def _answer(page: str, status: int, *, form_action: str = "'none'") -> Response:
    answer = make_response(page, status)
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    answer.headers["Content-Security-Policy"] = (
        # A browser holds form-action against the redirect that follows the form, too.
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action {form_action}; frame-ancestors 'none'; base-uri 'none'"
    )
    return answer
