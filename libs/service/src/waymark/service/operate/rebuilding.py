"""`rebuild`, `rollback`, `retire`: a view built anew beside the live one, given to readers, taken back, or let go."""

from __future__ import annotations

from collections.abc import Sequence

from waymark.events.catalogue.operations import ViewRebuilt, ViewRolledBack
from waymark.events.rebuild import Different, Verdict, abandon
from waymark.events.rebuild import rebuild as build_anew
from waymark.events.rebuild import retire as let_go
from waymark.events.rebuild import rollback as go_back
from waymark.service.operate.desk import Asking, Desk, Refused, Told

NAMED = 20  # documents and streams that are named


def rebuild(desk: Desk, arguments: Sequence[str]) -> int:
    """Build a view anew and flip readers to it."""
    asking = Asking(
        desk,
        "rebuild",
        "Build a view anew from the first event, beside the live one; compare both; give it to readers. "
        "Readers never see a failed, empty or older answer. Stopped half-way, run it again: it goes on. "
        "The old view stands for a rollback until it is retired.",
        act=True,
    )
    asking.add_argument("view", help="the view's name, as status shows it")
    asking.add_argument(
        "--accept-differences", action="store_true", help="flip although documents differ: what is live is known to be wrong"
    )
    asking.add_argument("--anew", action="store_true", help="drop what an earlier rebuild built and did not flip to")
    asked = asking.parse_args(arguments)
    told, views, projection = Told(asked.json), desk.ports.views, desk.projection(asked.view)
    if asked.anew and (dropped := abandon(projection, views)):
        told.say(f"dropped {', '.join(dropped)}")
    before, verdicts = views.live(projection.name) or "", list[Verdict]()

    def compared(verdict: Verdict) -> None:
        verdicts.append(verdict)
        told.say(f"compared {verdict.compared:,} documents, {len(verdict.different):,} differ, {verdict.not_compared:,} had moved on")
        if verdict.good or asked.accept_differences:
            told.say(f"handing over to {len(views.attending(projection.name))} workers and their readers")

    told.say(f"building {projection.name} anew beside {before or 'nothing'}")
    feed = desk.deployment.feed_apart(projection.source)
    try:
        view = build_anew(projection, feed, views, told.progress, accept=asked.accept_differences, told=compared)
    except Different as different:
        raise Refused(_differences(different)) from different
    (verdict,) = verdicts
    event = ViewRebuilt(
        by=asked.by,
        reason=asked.reason,
        view=view.key,
        before=before,
        folded=told.folded,
        compared=verdict.compared,
        not_compared=verdict.not_compared,
        different=len(verdict.different),
    )
    desk.record(projection.name, event)
    told.answer(
        event,
        [
            f"{view.key} is live: {event.folded:,} events folded, {event.compared:,} documents compared, {event.different:,} differ.",
            f"{before} stands as the previous view: `rollback {projection.name}` goes back to it, `retire {projection.name}` drops it."
            if before
            else "There was no view before.",
        ],
    )
    return 0


def rollback(desk: Desk, arguments: Sequence[str]) -> int:
    """Flip readers back to the previous view."""
    asking = Asking(desk, "rollback", "Give readers the view before the last rebuild again. Rolled back twice, the rebuilt one.", act=True)
    asking.add_argument("view", help="the view's name")
    asked = asking.parse_args(arguments)
    told, projection = Told(asked.json), desk.projection(asked.view)
    before = desk.ports.views.live(projection.name) or ""
    view = go_back(projection, desk.ports.views)
    event = ViewRolledBack(by=asked.by, reason=asked.reason, view=view.key, before=before)
    desk.record(projection.name, event)
    told.answer(event, [f"{view.key} is live again; {before} stands as the previous view."])
    return 0


def retire(desk: Desk, arguments: Sequence[str]) -> int:
    """Drop the previous view."""
    asking = Asking(desk, "retire", "Drop the previous view, and what earlier rebuilds left: no rollback after this.")
    asking.add_argument("view", help="the view's name")
    asked = asking.parse_args(arguments)
    projection = desk.projection(asked.view)
    dropped = let_go(projection, desk.ports.views)
    Told(asked.json).answer({"dropped": dropped}, [f"dropped {', '.join(dropped)}." if dropped else "There is nothing to drop."])
    return 0


def _differences(different: Different) -> str:
    verdict = different.verdict
    lines = [f"Nothing was flipped: {different.view} does not equal the live view."]
    for what, names in (("differs", verdict.different), ("could not be folded", verdict.parked)):
        lines += [f"  {what}: {each}" for each in names[:NAMED]]
        lines += [f"  ... and {len(names) - NAMED:,} more"] if len(names) > NAMED else []
    lines.append("If the live view is the wrong one: --accept-differences. If the program was mended since: --anew.")
    if verdict.parked:
        lines.append(f"Parked streams: `parked list {different.view}`, then retry, redact or discard them there, and run this again.")
    return "\n".join(lines)
