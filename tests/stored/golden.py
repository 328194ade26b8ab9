"""Golden files: the JSON schema of every stored form of every event, and one stored row of each.

`schemas/<topic>.v<n>.json` is written once, by `.venv/bin/python -m tests.stored.golden --write`, and never
again; `events/<topic>.v<n>.json` by hand. docs/event-versions.md says how an event changes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from infrastructure.event_mapper import event_classes, schema_version, state_adapter
from interfaces.wiring import AGGREGATES

SCHEMAS, EVENTS = Path(__file__).parent / "schemas", Path(__file__).parent / "events"
HOW = "docs/event-versions.md"
EventClasses = Mapping[str, Any]


class _WithoutTitles(GenerateJsonSchema):
    """A title only repeats the name of its field."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def recordable(classes: EventClasses) -> dict[str, Any]:
    """All but those that are only there to derive from: the library wants a `Created` of every aggregate."""
    kinds = set(classes.values())
    return {topic: kind for topic, kind in classes.items() if not kinds & set(type.__subclasses__(kind))}


RECORDABLE = recordable(event_classes(AGGREGATES))


def schema(event_class: Any) -> dict[str, Any]:
    """What the state of an event must look like to be written. The order of fields means nothing."""
    found = state_adapter(event_class).json_schema(schema_generator=_WithoutTitles)
    for nested in found.get("$defs", {}).values():
        # Its docstring is for who reads the code.
        nested.pop("description", None)
    return {**found, "required": sorted(found["required"])}


def file_names(classes: EventClasses) -> set[str]:
    """One for every version there ever was of every event."""
    return {
        f"{topic}.v{version}.json" for topic, kind in classes.items() for version in range(1, schema_version(kind) + 1)
    }


def schema_faults(classes: EventClasses, folder: Path = SCHEMAS) -> list[str]:
    """What is wrong between the event classes and their golden schemas, and what to do about it."""
    faults = file_faults(classes, folder)
    for topic, kind in classes.items():
        version = schema_version(kind)
        golden = folder / f"{topic}.v{version}.json"
        if golden.exists() and json.loads(golden.read_text(encoding="utf-8")) != schema(kind):
            faults.append(
                f"{topic}: its stored form is no longer what {golden.name} says, and rows of it exist. Set VERSION ="
                f" {version + 1} on {kind.__name__}, add the upcaster ({topic!r}, {version}), then see {HOW}"
            )
    return sorted(faults)


def file_faults(classes: EventClasses, folder: Path) -> list[str]:
    """Which versions have no file in the folder, and which files have no version."""
    wanted, found = file_names(classes), {path.name for path in folder.glob("*")}
    missing = [f"{folder.name}/{name}: missing. {HOW} says how it is made" for name in wanted - found]
    strange = [
        f"{folder.name}/{name}: no event has this topic and version, but rows of it exist. Events are for ever: put"
        " its class or its VERSION back"
        for name in found - wanted
    ]
    return sorted(missing + strange)


def write_missing(classes: EventClasses, folder: Path = SCHEMAS) -> list[str]:
    """Write the schema of today's versions that have none; the names of the files. What is there stays."""
    written = []
    for topic, kind in classes.items():
        golden = folder / f"{topic}.v{schema_version(kind)}.json"
        if not golden.exists():
            golden.write_text(json.dumps(schema(kind), indent=2, sort_keys=True) + "\n", encoding="utf-8")
            written.append(golden.name)
    return sorted(written)


def main(arguments: list[str]) -> int:
    """The command: with `--write` writes what is missing, then says what is wrong."""
    for name in write_missing(RECORDABLE) if "--write" in arguments else []:
        sys.stdout.write(f"schemas/{name}: written\n")
    faults = schema_faults(RECORDABLE) + file_faults(RECORDABLE, EVENTS)
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
