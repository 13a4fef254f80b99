"""`python -m waymark.tools.issuer serve|token|rotate`."""

import argparse
import os
import sys
from pathlib import Path

from waymark.service.gunicorn_conf import Server, configuration

from . import (
    KeyFile,
    KeyFileDamaged,
    PeopleFile,
    PeopleUnreadable,
    SettingRefused,
    create_app,
    issuer_settings,
    mint,
    refuse_beside_real_provider,
)
from .settings import IssuerSettings, required

SETTINGS = """settings (environment):
  WAYMARK_ISSUER_URL        the `iss` claim and the address browsers use (http://127.0.0.1:8400/issuer)
  WAYMARK_ISSUER_KEYS       folder of the key file (.waymark/issuer)
  WAYMARK_ISSUER_DISTRICT   the `district` claim (demo)
  WAYMARK_ISSUER_PEOPLE     JSON file of the demo people; serve needs it
  WAYMARK_ISSUER_REDIRECTS  further addresses a sign-in may return to, comma separated, compared exactly
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; 2 if a setting is at fault, which stderr then names."""
    parser = argparse.ArgumentParser(
        prog="python -m waymark.tools.issuer", description=__doc__, epilog=SETTINGS, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    serving = verbs.add_parser("serve", help="run the sign-in as a process of its own")
    serving.add_argument("--listen", default="127.0.0.1:8404", metavar="HOST:PORT")
    token = verbs.add_parser("token", help="print an access token, for tests and curl")
    token.add_argument("--sub", required=True, help="the person's sourcedId")
    token.add_argument("--district", help="default: WAYMARK_ISSUER_DISTRICT")
    token.add_argument("--seconds", type=int, default=3600, help="how long it is valid")
    verbs.add_parser("rotate", help="sign with a new key from now on; the former ones stay published")
    chosen = parser.parse_args(arguments)
    try:
        settings = issuer_settings(os.environ)
        if chosen.verb == "token":
            keys = KeyFile(settings.keys).keys()
            print(mint(chosen.sub, chosen.district or settings.district, keys=keys, issuer=settings.issuer, seconds=chosen.seconds))
        elif chosen.verb == "rotate":
            print(KeyFile(settings.keys).rotate().newest.kid)
        else:
            _serve(settings, chosen.listen)
    except (SettingRefused, KeyFileDamaged, PeopleUnreadable) as refusal:
        print(f"issuer: {refusal}", file=sys.stderr)
        return 2
    return 0


def _serve(settings: IssuerSettings, listen: str) -> None:
    refuse_beside_real_provider(os.environ, own=settings.issuer)
    path = Path(
        required(os.environ, "WAYMARK_ISSUER_PEOPLE", "the JSON file of the people whom the sign-in page offers", ".waymark/people.json")
    )
    people = PeopleFile(path)
    if not people():
        print(f"issuer: {path} holds nobody yet; the page shows people as soon as it does", file=sys.stderr)
    # One worker: codes and refresh tokens live in its memory.
    Server(configuration(listen, threads=8), lambda: create_app(settings, people)).run()


if __name__ == "__main__":
    sys.exit(main())
