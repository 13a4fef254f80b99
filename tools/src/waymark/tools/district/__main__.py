"""`python -m waymark.tools.district out.zip --schools 2 --students 600`."""

import argparse
import sys
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import get_args

from waymark.tools.district.package import Summary, Variant, Version, generate
from waymark.tools.district.plan import DistrictPlan, PlanRefused


def main(arguments: list[str] | None = None) -> int:
    """Write the package that the command line asks for; 0, or 2 after a refusal."""
    options = _parser().parse_args(arguments)
    size = {name: value for name in ("schools", "students", "languages") if (value := getattr(options, name)) is not None}
    if options.today is not None:
        size["today"] = options.today
    try:
        if options.reference:
            if size.keys() - {"today"}:
                raise PlanRefused("reference", "the reference district has its own size; leave --schools, --students and --languages out")
            plan = DistrictPlan.reference(seed=options.seed, today=options.today)
        else:
            plan = DistrictPlan(seed=options.seed, **size)
        started = perf_counter()
        summary = generate(options.out, plan, variant=options.variant, oneroster=options.oneroster)
    except (PlanRefused, OSError) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    _print(options.out, summary, perf_counter() - started)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m waymark.tools.district", description="Write a seeded district as a OneRoster CSV package."
    )
    parser.add_argument("out", type=Path, help="the zip file to write")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another district (default 1)")
    parser.add_argument("--schools", type=int, help="default 2")
    parser.add_argument("--students", type=int, help="exact number over all schools (default 600)")
    parser.add_argument("--languages", type=int, help="exact number of home languages (default: grows with the students)")
    parser.add_argument("--today", type=date.fromisoformat, help="a day of the school year, such as 2026-11-02 (default today)")
    parser.add_argument("--reference", action="store_true", help="95,000 students, 168 schools, 139 languages")
    parser.add_argument("--variant", choices=get_args(Variant), help="the same district with one change")
    parser.add_argument("--oneroster", choices=get_args(Version), default="1.2", help="version of the format (default 1.2)")
    return parser


def _print(out: Path, summary: Summary, seconds: float) -> None:
    for name, rows in summary.counts.items():
        print(f"{name:<22}{rows:>9,}")
    print(f"{'home languages':<22}{summary.languages:>9,}")
    for what, sourced_ids in summary.samples.items():
        print(f"{what:<26}{' '.join(sourced_ids)}")
    if summary.change:
        print(f"changed: {summary.change}")
    print(f"{out}: {out.stat().st_size:,} bytes, {seconds:.1f} s, {sum(summary.counts.values()) / seconds:,.0f} rows a second")


if __name__ == "__main__":
    sys.exit(main())
