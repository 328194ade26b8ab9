"""The rules of the house that a reader keeps forgetting and a test does not.

Each guard is a function of source text, seen here to find a breach; then it is asked about the project.
"""

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator, Set
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TypeVar

import pytest
from eventsourcing.domain import DomainEvent

import domain
from domain.refusals import Refused

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "application", "interfaces", "infrastructure")
SOURCES = [path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py"))]
ALONE = {ROOT / "interfaces/cli/verifier.py"}
"""Runs without the program, by whoever takes it away: so it is one file."""
ASSETS = [path for path in sorted((ROOT / "interfaces").rglob("*")) if path.suffix in {".js", ".css", ".html", ".svg"}]
TESTS = sorted((ROOT / "tests").rglob("*.py"))

Function = ast.FunctionDef | ast.AsyncFunctionDef
T = TypeVar("T")


def functions(text: str) -> Iterator[Function]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function):
            yield node


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


# --- sizes and names ----------------------------------------------------------------------------


def long_functions(text: str) -> list[str]:
    return [f.name for f in functions(text) if (f.end_lineno or f.lineno) - f.lineno + 1 > 50]


def test_a_function_of_51_lines_is_found() -> None:
    assert long_functions("def short():\n" + "    x = 1\n" * 49) == []
    assert long_functions("def long():\n" + "    x = 1\n" * 50) == ["long"]


@pytest.mark.parametrize("path", named(SOURCES + TESTS))
def test_modules_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= (400 if path in TESTS else 450 if path in ALONE else 300)
    assert long_functions(text) == []


@pytest.mark.parametrize("path", named(ASSETS))
def test_templates_styles_and_modules_stay_small_and_bring_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert max(map(len, text.splitlines()), default=0) <= 200
    names_and_comments = r"http://www\.w3\.org/2000/svg|(?m:^\s*//.*$)| // .*"
    assert re.findall(r"(?:https?:)?//[\w.-]+", re.sub(names_and_comments, "", text)) == []
    if path.suffix == ".html":
        assert re.findall(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", text) == []


def test_packages_are_empty_and_modules_are_named_for_what_they_hold() -> None:
    markers = [path for path in SOURCES + TESTS if path.name == "__init__.py"]
    # The event library looks for the factory in the package that PERSISTENCE_MODULE names.
    full = [path for path in markers if path.read_text()]
    assert full == [ROOT / "infrastructure" / "eventstore" / "__init__.py"]
    assert [path for path in markers if path in TESTS] == []
    folders = {path.parent for path in SOURCES}
    assert folders == {path.parent for path in markers}
    vague = {"utils", "helpers", "common", "base", "manager", "service"}
    assert [str(path) for path in SOURCES if vague & {path.stem, path.parent.name}] == []


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_is_ours_and_nobody_elses(name: str) -> None:
    """All four names are taken by strangers, whose package would win over ours."""
    found = importlib.import_module(name).__file__
    assert found
    assert Path(found).parent == ROOT / name
    assert set(packages_distributions().get(name, [])) <= {"wangge"}


# --- the domain ---------------------------------------------------------------------------------

# What computes and never reaches outside. A clock, a file or a die is not among them.
# fmt: off
PURE = {
    "__future__", "abc", "base64", "bisect", "collections", "dataclasses", "datetime", "decimal", "enum", "fractions",
    "functools", "hashlib", "itertools", "math", "operator", "re", "statistics", "string", "typing",
    "unicodedata", "uuid", "zoneinfo",
}
# fmt: on
UNREPEATABLE = {"now", "utcnow", "today", "uuid1", "uuid4", "uuid7"}
RECORDS = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Delete, ast.Expr, ast.If, ast.For, ast.Pass)


def strange_imports(text: str, allowed: Set[str]) -> list[str]:
    """What is imported beside `allowed` and the library's domain."""
    found: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append(node.module or "a relative import")
    return [n for n in found if n != "eventsourcing.domain" and n.partition(".")[0] not in allowed]


def unrepeatable_calls(text: str) -> list[str]:
    """Calls whose answer is another one at replay."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return sorted({name_called(call) for call in calls} & UNREPEATABLE)


def name_called(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def recording(text: str) -> Iterator[Function]:
    """What runs again at each replay: `apply`, methods marked `@event`, how an aggregate begins."""
    for owner in ast.walk(ast.parse(text)):
        bases = [ast.unparse(base) for base in owner.bases] if isinstance(owner, ast.ClassDef) else []
        for method in ast.iter_child_nodes(owner):
            if isinstance(method, Function):
                marked = any(ast.unparse(mark).startswith("event") for mark in method.decorator_list)
                begins = method.name == "__init__" and "Aggregate" in bases
                if method.name == "apply" or marked or begins:
                    yield method


def refusing(text: str) -> list[str]:
    """Recording methods that do more than record."""
    return [method.name for method in recording(text) if not all(map(only_records, method.body))]


def only_records(statement: ast.stmt) -> bool:
    for node in ast.walk(statement):
        if isinstance(node, ast.stmt) and not isinstance(node, RECORDS):
            return False
        if isinstance(node, ast.Call) and name_called(node).lstrip("_").startswith(("require", "refuse")):
            return False
    return True


@pytest.mark.parametrize(
    "body",
    [
        "raise ValueError",
        "assert self.open",
        "if issue.open:\n            raise ValueError",
        "require_open(issue)",
        "issue._require(1)",
    ],
)
def test_a_recording_method_that_refuses_is_found(body: str) -> None:
    event, aggregate = "class Filed(Event):\n", "class A(Aggregate):\n"
    assert refusing(f"{event}    def apply(self, issue):\n        {body}\n") == ["apply"]
    assert refusing(f"{aggregate}    @event(Filed)\n    def _f(self, issue):\n        {body}\n") == ["_f"]
    assert refusing(f"{aggregate}    def __init__(self, issue):\n        {body}\n") == ["__init__"]
    assert refusing(f"{aggregate}    def file(self, issue):\n        {body}\n") == []


def test_a_recording_method_that_assigns_passes() -> None:
    body = "issue.stage = 1\n        if issue.a:\n            issue.b += 1\n        issue.seen.add(self.by)"
    assert refusing(f"class Filed(Event):\n    def apply(self, issue):\n        {body}\n") == []


def test_a_clock_a_die_and_a_framework_are_found() -> None:
    assert unrepeatable_calls("datetime.now(UTC), uuid4(), date.today()") == ["now", "today", "uuid4"]
    assert unrepeatable_calls("x = timedelta(hours=1)\ny = uuid5(a, b)") == []
    assert strange_imports("import os\nfrom pydantic import BaseModel", PURE) == ["os", "pydantic"]
    assert strange_imports("from eventsourcing.application import Application", PURE) != []
    assert strange_imports("import re\nfrom eventsourcing.domain import Aggregate", PURE) == []


@pytest.mark.parametrize("path", named([path for path in SOURCES if ROOT / "domain" in path.parents]))
def test_the_domain_is_pure_and_its_events_only_record(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert strange_imports(text, PURE | {"domain"}) == []
    assert unrepeatable_calls(text) == []
    assert refusing(text) == []


@pytest.mark.parametrize("path", named([path for path in SOURCES if ROOT / "application" in path.parents]))
def test_the_application_knows_the_standard_library_and_the_domain(path: Path) -> None:
    allowed = sys.stdlib_module_names | {"application", "domain"}
    assert strange_imports(path.read_text(encoding="utf-8"), allowed) == []


# --- events and refusals ------------------------------------------------------------------------


def descendants(kind: type[T]) -> set[type[T]]:
    """All classes of the project below `kind`."""
    for found in pkgutil.walk_packages(domain.__path__, "domain."):
        importlib.import_module(found.name)
    below: set[type[T]] = set()
    newest: set[type[T]] = {kind}
    while newest:
        newest = {child for parent in newest for child in type.__subclasses__(parent)} - below
        below |= newest
    return {one for one in below if one.__module__.startswith("domain.")}


def test_every_event_that_can_be_recorded_has_a_topic_of_its_own() -> None:
    events = descendants(DomainEvent)
    recordable = [one for one in events if not events & set(type.__subclasses__(one))]
    topics = [vars(one).get("TOPIC") for one in recordable]
    assert None not in topics, [one for one in recordable if not vars(one).get("TOPIC")]
    assert len(set(topics)) == len(topics)


def test_every_refusal_has_a_status_a_title_and_a_code_of_its_own() -> None:
    statuses = importlib.import_module("interfaces.http.statuses")
    refusals = descendants(Refused)
    assert {one.__name__ for one in refusals - set(statuses.STATUS)} == set()
    assert all(one.__doc__ for one in refusals)
    assert len({one.code() for one in refusals}) == len(refusals)


# --- what may stand in the repository -----------------------------------------------------------

# Written with a class of one letter each, so that this list does not find itself.
UNWANTED = re.compile(
    r"""/wor[k]/|/roo[t]/|/tm[p]/[a-z]+/            # where somebody's machine keeps it
    |pyp[i]\.org|python[h]osted|npm[j]s\.|deb\.d[e]bian  # where somebody fetched it
    |\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b              # what is not done
    |(?i:\bissue\ [#]?[0-9]+\b|\bcl[a]ude\b|\bsub-?a[g]ent\b|\bl[l]m\b)  # how it came about
    """,
    re.VERBOSE,
)


def tracked() -> list[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.split("\0") if name]


@pytest.mark.parametrize("text", ["see /tm" + "p/x/y", "# TO" + "DO: later", "as asked in iss" + "ue #12"])
def test_an_unwanted_word_is_found(text: str) -> None:
    assert UNWANTED.search(text)


def test_nothing_unwanted_is_tracked() -> None:
    found = []
    for path in tracked():
        if not path.is_file() or b"\0" in path.read_bytes():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if UNWANTED.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}")
    assert found == []
