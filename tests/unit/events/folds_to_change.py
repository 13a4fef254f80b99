"""A fold as somebody might change it: test_declarations edits this text and looks at what it reaches."""

LIMIT = 3


def shortened(text: str) -> str:
    """The first letters of a text."""
    return text[:LIMIT]


def unrelated() -> str:
    """Nothing that the fold uses."""
    return "here"


def fold(key: str, document: str | None, recorded: object) -> str:
    """The newest text under its key."""
    return (document or "") + shortened(key) + str(recorded)
