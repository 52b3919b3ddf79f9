"""Strict JSON Schemas of Character Card V1, V2 and V3, written from the specifications' tables."""

import json
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator


@cache
def validator(version: str, *, open_to_unknown: bool = False) -> Draft202012Validator:
    """The schema of ``v1``, ``v2`` or ``v3``; unknown fields are errors unless `open_to_unknown`."""
    schema = json.loads((Path(__file__).parent / f"{version}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(_opened(schema) if open_to_unknown else schema)


def _opened(schema):
    if isinstance(schema, list):
        return [_opened(item) for item in schema]
    if isinstance(schema, dict):
        closed = schema.get("additionalProperties") is False
        return {
            name: _opened(value)
            for name, value in schema.items()
            if not (closed and name == "additionalProperties")
        }
    return schema
