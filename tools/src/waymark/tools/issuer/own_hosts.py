"""Which Host headers the issuer answers to."""

from flask import request
from werkzeug.exceptions import MisdirectedRequest

from .addresses import LOOPBACK, hostname
from .settings import IssuerSettings


def refuse_foreign_host(settings: IssuerSettings) -> None:
    """Raise MisdirectedRequest (421) unless the request came to the issuer's own host, this machine, or a host of the redirects.

    Any name can be made to resolve to 127.0.0.1, so under a foreign one a foreign page could sign itself in and read the tokens.
    """
    known = {hostname(address) for address in (settings.issuer, *settings.redirects)} | LOOPBACK
    if hostname(f"http://{request.host}") not in known:
        raise MisdirectedRequest(
            f"The development sign-in does not answer as {request.host!r}. "
            f"Open it under the address in WAYMARK_ISSUER_URL ({settings.issuer}), or change that setting."
        )
