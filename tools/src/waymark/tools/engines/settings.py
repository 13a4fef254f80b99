"""The two settings that name an engine, and whether what one names responds."""

from urllib.parse import urlsplit

from waymark.tools.engines.ports import answers

KAFKA = "WAYMARK_KAFKA_BOOTSTRAP"
MONGODB = "WAYMARK_MONGODB_URL"
VARIABLES = {"mongodb": MONGODB, "kafka": KAFKA}


def addresses(setting: str) -> list[tuple[str, int]]:
    """Hosts and ports in a setting. None for an address that only DNS can resolve (mongodb+srv)."""
    if setting.startswith("mongodb+srv:"):
        return []
    hosts = urlsplit(setting).netloc if "://" in setting else setting
    default = 27017 if "://" in setting else 9092
    return [_address(host.strip(), default) for host in hosts.rpartition("@")[2].split(",")]


def _address(host: str, default: int) -> tuple[str, int]:
    parts = urlsplit(f"//{host}")
    return parts.hostname or "", parts.port or default


def responds(setting: str) -> bool:
    """Whether one of the servers a setting names takes connections."""
    named = addresses(setting)
    return not named or any(answers(port, host) for host, port in named)
