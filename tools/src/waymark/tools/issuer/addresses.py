"""Web addresses: which are well formed, and where one belongs."""

import re
from urllib.parse import SplitResult, urlencode, urlsplit, urlunsplit

# Browsers read a backslash as a slash, and urlsplit drops tabs and line breaks in silence; neither may stand in an address.
_PLAIN = re.compile(r"[!-\[\]-~]+")

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _split(address: str) -> SplitResult | None:
    if not _PLAIN.fullmatch(address):
        return None
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  reading it checks it
    except ValueError:
        return None
    return parts


def is_web_address(address: str) -> bool:
    """True for an absolute http or https address without user name and without fragment."""
    parts = _split(address)
    return (
        parts is not None and parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc and "#" not in address
    )


def origin(address: str) -> str:
    """The origin of a web address as browsers write it: `scheme://host[:port]`, lower case, without the scheme's own port."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in {None, 80 if parts.scheme == "http" else 443} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def hostname(address: str) -> str:
    """The host's name or number, lower case, without brackets; "" where there is none."""
    parts = _split(address)
    return (parts.hostname or "") if parts else ""


def with_query(address: str, added: dict[str, str]) -> str:
    """The address with more query parameters behind those it has."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, urlencode(added)]))))
