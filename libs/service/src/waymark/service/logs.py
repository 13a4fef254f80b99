"""Log lines: one JSON object each on standard output, with the request's and the trace's id and nothing personal.

Code logs through the standard library, the message naming what happened and `extra` carrying its fields.
"""

from __future__ import annotations

import logging
import logging.config
import traceback
from collections.abc import MutableMapping
from typing import Any, Final, Literal

import structlog
from flask import g, has_request_context

PERSONAL: Final = frozenset(
    {
        "address",
        "authorization",
        "birth_date",
        "body",
        "cookie",
        "display",
        "email",
        "family",
        "family_name",
        "given",
        "given_name",
        "guidance",
        "home_language",
        "ip",
        "login",
        "name",
        "note",
        "number",
        "password",
        "path",
        "person_name",
        "phone",
        "preferred",
        "query",
        "remote_addr",
        "search",
        "source_id",
        "sourcedid",
        "sub",
        "subject",
        "text",
        "token",
        "url",
        "user_agent",
        "username",
        "value",
    }
)
"""Keys that never reach a log, at any depth."""
Line = MutableMapping[str, Any]


def configure_logs(level: str = "info", to: Literal["stdout", "stderr"] = "stdout") -> None:
    """Log from now on as this file says. A command that answers on standard output logs to the other."""
    logging.config.dictConfig(logging_config(level, to))


def logging_config(level: str, to: Literal["stdout", "stderr"] = "stdout") -> dict[str, Any]:
    """For `logging.config.dictConfig` and for gunicorn."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": formatter}},
        "handlers": {"out": {"class": "logging.StreamHandler", "stream": f"ext://sys.{to}", "formatter": "json"}},
        "root": {"level": level.upper(), "handlers": ["out"]},
        "loggers": {
            "gunicorn.error": {"level": level.upper(), "handlers": [], "propagate": True},
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},  # ours says more, and less
        },
    }


def formatter() -> logging.Formatter:
    """Renders a record of any logger as one JSON line."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.ExtraAdder(),
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            where_it_failed,
            of_the_request,
            drop_personal,
            structlog.processors.JSONRenderer(default=_told),
        ],
    )


def drop_personal(_logger: Any, _method: str, line: Line) -> Line:
    """Leave out what could be about a person, at any depth."""
    return {key: _clean(value) for key, value in line.items() if key.lower() not in PERSONAL}


def of_the_request(_logger: Any, _method: str, line: Line) -> Line:
    """Name the request and the trace that a line belongs to."""
    if has_request_context() and "request_id" in g:
        line.setdefault("request_id", g.request_id)
        line.setdefault("trace_id", g.get("traceparent", "")[3:35])
    return line


def where_it_failed(_logger: Any, _method: str, line: Line) -> Line:
    """An exception as its type and the places it passed. Its message may hold anything, and stays out."""
    info: Any = line.pop("exc_info", None)
    raised: Any = info[1] if isinstance(info, tuple) else info  # pyright: ignore[reportUnknownVariableType]  logging allows three kinds
    if isinstance(raised, BaseException):
        line["exception"] = [_raised(each) for each in _chain(raised)]
    return line


def _chain(raised: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while raised is not None and raised not in chain and len(chain) < 8:
        chain.append(raised)
        raised = raised.__cause__ or raised.__context__
    return chain


def _raised(raised: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(raised.__traceback__)[-12:]
    kind = type(raised)
    return {"type": f"{kind.__module__}.{kind.__qualname__}", "at": [f"{_short(f.filename)}:{f.lineno} {f.name}" for f in frames]}


def _short(file: str) -> str:
    return "/".join(file.rsplit("/", 3)[1:])


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        members: dict[Any, Any] = value  # pyright: ignore[reportUnknownVariableType]  a log field may be anything
        return {key: _clean(each) for key, each in members.items() if str(key).lower() not in PERSONAL}
    if isinstance(value, list | tuple):
        items: list[Any] = list(value)  # pyright: ignore[reportUnknownArgumentType]  a log field may be anything
        return [_clean(each) for each in items]
    return value


def _told(value: Any) -> str:
    return type(value).__name__  # an object's own words may hold anything
