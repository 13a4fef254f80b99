"""Rules that no linter knows. Each failure names the file and what to do."""

import re
from pathlib import Path

from tests.unit.repository.files import ROOT, all_files, sources, texts

MOST_LINES = 400
VAGUE = {"manager", "helper", "helpers", "util", "utils", "common", "base", "handler", "processor", "data", "info"}
# Folders of one machine, and the hosts of package registries: a clone must build anywhere, from whatever index its machine uses.
MACHINE_PATH = re.compile(r"(?<![\w.\-/}])/(?:work|root|home/\w+|Users/\w+)/\w")
REGISTRY = re.compile(
    r"\bpypi\.org|pythonhosted\.org|registry\.npmjs|npmjs\.(?:org|com)|proxy\.golang\.org|repo1?\.maven|registry\.yarnpkg|crates\.io"
)
NAMED = re.compile(r"^\s*(?:export )?(?:default )?(?:abstract )?(?:class|interface|type|enum)\s+([A-Za-z_]\w*)", re.MULTILINE)
BARE_EXCEPTION = re.compile(r"#\s*(?:noqa: [A-Z0-9, ]+|(?:type|pyright): ignore\[[^\]]*\])\s*$")
PROMISE = re.compile(r"\b(?:TOD[O]|FIXM[E])\b")


def words(name: str) -> set[str]:
    """The words of a snake_case, kebab-case or CamelCase name, in small letters."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def test_no_source_file_is_longer_than_400_lines() -> None:
    long = {str(path): count for path in sources() if (count := len((ROOT / path).read_text().splitlines())) > MOST_LINES}
    assert not long, "each of these holds more than one idea: split it"


def test_no_file_and_no_class_has_a_name_that_says_nothing() -> None:
    files = {str(path) for path in sources() if words(path.stem) & VAGUE}
    classes = {f"{path}: {name}" for path in sources() for name in NAMED.findall((ROOT / path).read_text()) if words(name) & VAGUE}
    assert not files | classes, "name it for what it does, in the words of CONTRIBUTING.md"


def test_a_name_is_read_word_by_word() -> None:
    assert words("HTTPHandler_of-baseThings") == {"http", "handler", "of", "base", "things"}
    assert not words("Metadata") & VAGUE
    assert not words("database") & VAGUE


def found(pattern: re.Pattern[str], where: str = "") -> set[str]:
    """`file:line: match` of every match."""
    return {
        f"{path}:{number}: {match[0]}"
        for path, text in texts()
        if str(path).endswith(where)
        for number, line in enumerate(text.splitlines(), 1)
        if (match := pattern.search(line))
    }


def test_no_file_names_a_folder_of_one_machine() -> None:
    assert not found(MACHINE_PATH)


def test_no_file_names_a_package_registry() -> None:
    assert not found(REGISTRY)


def test_the_patterns_find_what_they_are_for() -> None:
    folder, host = "/ho" + "me/maria/waymark", "https://pypi" + ".org/simple"
    assert MACHINE_PATH.search(f"cd {folder}")
    assert REGISTRY.search(f"--index-url {host}")
    assert not MACHINE_PATH.search("https://waymark.example/home/x and src/work/x")
    assert BARE_EXCEPTION.search("x = 1  # noqa" + ": E741")
    assert not BARE_EXCEPTION.search("x = 1  # noqa" + ": E741  the formula's own letter")


def test_an_exception_to_a_rule_has_its_reason_beside_it() -> None:
    # In tests, asking for what the types forbid is often the point.
    assert not {each for each in found(BARE_EXCEPTION, ".py") if not each.startswith("tests/")}


def test_no_file_promises_to_be_finished_later() -> None:
    assert not {each for suffix in (".py", ".ts", ".tsx") for each in found(PROMISE, suffix)}


def test_the_lock_holds_no_address_and_no_path() -> None:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    assert not [line for line in lines if "://" in line or line.startswith(("-e", "."))]


def test_every_pin_has_a_hash() -> None:
    requirements = (ROOT / "requirements.lock").read_text().replace("\\\n", " ").splitlines()
    assert not [line for line in requirements if "==" in line and "--hash=sha256:" not in line]


def test_waymark_is_a_namespace_that_no_member_owns() -> None:
    owners = {path for path in all_files() if path.parts[-2:] == ("waymark", "__init__.py")}
    assert not owners, "an __init__.py in src/waymark/ would hide the other members"


def test_every_folder_below_the_namespace_is_a_package() -> None:
    modules = [
        path for path in all_files() if path.suffix == ".py" and "src" in path.parts and path.parts.index("src") + 2 < len(path.parts) - 1
    ]
    open_folders = {str(path.parent) for path in modules if not (ROOT / path.parent / "__init__.py").exists()}
    assert not open_folders, "without __init__.py the import contracts do not see it"


def test_decision_records_have_the_same_headings() -> None:
    records = [path for path in all_files() if path.match("docs/decisions/[0-9]*.md")]
    headings = {path.name: re.findall(r"^## (.+)$", (ROOT / path).read_text(), re.MULTILINE) for path in records}
    assert len({tuple(each) for each in headings.values()}) <= 1, headings


def test_every_folder_of_tests_is_run_by_a_target() -> None:
    suites = {path.parts[1] for path in all_files() if path.match("tests/*/**/test_*.py") or path.match("tests/*/test_*.py")}
    makefile = (ROOT / "Makefile").read_text()
    assert not {suite for suite in suites if f"$(PYTEST) tests/{suite} " not in makefile}


def test_every_switched_off_lint_rule_says_why() -> None:
    section = re.search(r"^ignore = \[\n(.*?)^\]", Path(ROOT / "pyproject.toml").read_text(), re.MULTILINE | re.DOTALL)
    assert section
    assert not [line for line in section[1].splitlines() if not re.search(r'^ +"[A-Z0-9]+", +# [\w`]', line)]
