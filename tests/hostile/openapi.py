"""The planner's addresses as an OpenAPI file, made from its map, for a program that tries them out over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.address_book import Address, addresses, thing_in
from tests.ground import File, Ground
from tests.hostile.forms import by_endpoint, values_of

ENDS_THE_WAY = frozenset(
    {
        "account.login",
        "account.logout",
        "account.password",
        "account.setup",
        "personal.withdraw",
        "resets.choose",
    }
)
"""After it who asks is nobody, or somebody else, and meets closed doors from then on."""
ODD = {"type": "string", "maxLength": 300}
FORM, WITH_FILES = "application/x-www-form-urlencoded", "multipart/form-data"
Schema = dict[str, Any]


def document(ground: Ground, csrf: str) -> Schema:
    """OpenAPI 3.0 of every address but those of `ENDS_THE_WAY`. In a hole stands the thing of this file, or anything;
    in a field what a browser would send, or anything. `csrf`: the proof that the forms of one session carry."""
    forms = by_endpoint(ground)
    paths: dict[str, Schema] = {}
    for address in addresses(ground.world.app):
        made = forms.get(address.endpoint, [])
        fields = values_of(made)
        files = {str(tag["name"]) for form in made for tag in form.select("input[type=file]")}
        for method in address.methods if address.endpoint not in ENDS_THE_WAY else ():
            operation: Schema = {
                "operationId": f"{method} {address.endpoint}",
                "parameters": [_hole(name, address, ground.own) for name in sorted(address.rule.arguments)],
                "responses": {"default": {"description": "an answer"}},
            }
            if method == "GET":
                operation["parameters"] += [_asked(name, fields) for name in (*fields, "q", "show", "week")]
            else:
                operation["requestBody"] = {"required": True, "content": _bodies(fields, files, csrf)}
            paths.setdefault(address.template, {})[method.lower()] = operation
    return {"openapi": "3.0.3", "info": {"title": "planner", "version": "1"}, "paths": paths}


def _hole(name: str, address: Address, file: File) -> Schema:
    own = str(thing_in(file, name, address.endpoint))
    return {"name": name, "in": "path", "required": True, "schema": _this_or_anything([own])}


def _asked(name: str, fields: Mapping[str, Any]) -> Schema:
    return {"name": name, "in": "query", "schema": _this_or_anything(fields.get(name, []))}


def _bodies(fields: Mapping[str, Any], files: set[str], csrf: str) -> Schema:
    properties = {name: _this_or_anything(values) for name, values in fields.items()}
    proof = {"type": "string", "enum": [csrf]}
    body = {"type": "object", "required": ["csrf_token"], "properties": properties | {"csrf_token": proof}}
    if not files:
        return {FORM: {"schema": body}}
    sent = {name: {"type": "string", "format": "binary"} for name in files}
    return {WITH_FILES: {"schema": body | {"properties": body["properties"] | sent}}}


def _this_or_anything(values: list[str]) -> Schema:
    """As it stands twice as often as odd: else hardly any form would get past its first field."""
    known: Schema = {"type": "string", "enum": sorted(set(values))}
    return {"anyOf": [known, known, ODD]} if values else ODD
