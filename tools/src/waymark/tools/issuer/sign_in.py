"""Where the browser comes to: the page that asks who one is, the way back with a code, and the sign-out."""

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as Answer

from .addresses import with_query
from .authorization import PASSED_ON, Authorization, AuthorizationRefused, CannotReturn, may_return_to, read_authorization
from .grants import Asked, Grants
from .keys import KeyFile
from .own_hosts import refuse_foreign_host
from .pages import people_page, refusal_page, signed_out_page
from .people import DemoPerson
from .settings import IssuerSettings
from .tokens import session_of


def sign_in(settings: IssuerSettings, people: Callable[[], Sequence[DemoPerson]], grants: Grants) -> Blueprint:
    """The authorization endpoint."""
    pages = _pages("sign_in", settings)

    @pages.get("/authorize")
    def ask_who() -> Response:
        authorization = read_authorization(request.args, settings, request.host_url)
        return _page(people(), authorization, search=request.args.get("q", ""))

    @pages.post("/authorize")
    def choose() -> Answer:
        authorization = read_authorization(request.form, settings, request.host_url)
        sub = request.form.get("sub", "")
        if all(person.sub != sub for person in people()):
            return _page(people(), authorization, notice="That person is not, or no longer, among the demo people. Please choose again.")
        code = grants.code(Asked(sub, authorization.returning.redirect_uri, authorization.challenge, authorization.nonce))
        return redirect(authorization.returning.address({"code": code}), 303)

    return pages


def sign_out(settings: IssuerSettings, keys: KeyFile, grants: Grants) -> Blueprint:
    """The end-session endpoint (OpenID Connect RP-Initiated Logout)."""
    pages = _pages("sign_out", settings)

    @pages.route("/end-session", methods=["GET", "POST"])
    def end_session() -> Answer:
        session = session_of(request.values.get("id_token_hint", ""), keys=keys.keys(), settings=settings)
        if session:
            grants.end(session)
        back = request.values.get("post_logout_redirect_uri", "")
        if not back:
            return signed_out_page()
        if not may_return_to(back, settings, request.host_url):
            raise CannotReturn(f"post_logout_redirect_uri is {back!r}, which is no address of this application")
        state = request.values.get("state")
        return redirect(with_query(back, {"state": state} if state else {}), 303)

    return pages


def _page(people: Sequence[DemoPerson], authorization: Authorization, *, search: str = "", notice: str = "") -> Response:
    carried = {name: request.values[name] for name in PASSED_ON if name in request.values}
    return people_page(people, search=search[:100], carried=carried, redirect_uri=authorization.returning.redirect_uri, notice=notice)


def _pages(name: str, settings: IssuerSettings) -> Blueprint:
    pages = Blueprint(name, __name__)
    pages.before_request(lambda: refuse_foreign_host(settings))
    pages.register_error_handler(CannotReturn, lambda refusal: refusal_page(str(refusal)))
    pages.register_error_handler(AuthorizationRefused, lambda refusal: redirect(refusal.address, 303))
    pages.after_request(_kept_by_nobody)
    return pages


def _kept_by_nobody(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
