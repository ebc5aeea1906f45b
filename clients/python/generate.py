"""Writes `src/ai3dgen/_generated.py` from the OpenAPI text of `/api/v1`.

    python clients/python/generate.py            # after docs/api/openapi.json has changed
    python clients/python/generate.py --check    # fails if that was forgotten

Generators of others make a folder of a hundred files of this API; this one makes one that a person
reads. It knows what our text uses of OpenAPI, and fails where it meets anything else.
"""

import json
import re
import sys
import textwrap
from pathlib import Path

HERE = Path(__file__).parent
TEXT = HERE / "../../docs/api/openapi.json"
OUTPUT = HERE / "src/ai3dgen/_generated.py"

HEAD = '''\
"""The operations and types of `/api/v1`. Written by clients/python/generate.py: edit that, or the
OpenAPI text, and run it again."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Literal, Mapping, Optional, TypedDict, Union
from urllib.parse import quote

if TYPE_CHECKING:
    import httpx
    from typing_extensions import Unpack

File = Union[bytes, IO[bytes], "os.PathLike[str]"]
"""A picture's bytes, an open file, or a path. (A `str` is never a path here: it names a picture.)"""
'''
BASE = '''
class Operations(ABC):
    """One method for each operation, by its name in the OpenAPI text. All raise `Ai3dgenError`."""

    @abstractmethod
    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Optional[Mapping[str, Any]] = None,
        headers: Optional[Mapping[str, Optional[str]]] = None,
        fields: Optional[Mapping[str, Any]] = None,
    ) -> httpx.Response:
        """The reply, if it is no error. What is `None` in query and headers is left away."""
'''
SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


def snake(name):
    """`listJobs` and `Idempotency-Key` as Python has them."""
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", name.replace("-", "_")).lower().replace("__", "_")


def pascal(name):
    return "".join(part[0].upper() + part[1:] for part in name.split("_"))


def attribute(name):
    """`self` is taken in Python."""
    return "self_" if name == "self" else name


def docstring(indent, *texts):
    text = ". ".join(text.rstrip(".") for text in texts if text) + "."
    return textwrap.fill(f'"""{text}"""', 110, initial_indent=indent, subsequent_indent=indent)


def optional(kind):
    return kind if kind.startswith("Optional[") else f"Optional[{kind}]"


def annotated(name, kind):
    """A line of a class; several, if there is much to choose from."""
    line = f"    {attribute(name)}: {kind}"
    if len(line) <= 110:
        return line
    return textwrap.fill(line, 110, subsequent_indent=" " * 8, break_on_hyphens=False)


class Types:
    """Types as Python has them. Objects become data classes, inner ones first."""

    def __init__(self):
        self.classes = {}

    def of(self, schema, name):
        """The annotation of a schema, and how its value is made from JSON's, as a format string."""
        if "$ref" in schema:
            known = schema["$ref"].rpartition("/")[2]
            return known, f"{known}.of({{}})"
        if "anyOf" in schema:
            return self.of(schema["anyOf"][0], name)
        kind = schema["type"]
        if isinstance(kind, list):
            inner, read = self.of({**schema, "type": kind[0]}, name)
            assert kind[1] == "null" and read == "{}", schema
            return f"Optional[{inner}]", read
        if "enum" in schema:
            values = ", ".join(json.dumps(value) for value in schema["enum"] if value is not None)
            return f"Literal[{values}]", "{}"
        if kind == "array":
            inner, read = self.of(schema["items"], name.rstrip("s"))
            return f"list[{inner}]", "{}" if read == "{}" else f"[{read.format('one')} for one in {{}}]"
        if kind == "object" and "properties" in schema:
            self.add(name, schema)
            return name, f"{name}.of({{}})"
        if kind == "object":
            inner = schema.get("additionalProperties")
            inner, read = self.of(inner, name) if inner else ("Any", "{}")
            assert read == "{}", schema
            return f"dict[str, {inner}]", "{}"
        return ("File" if schema.get("format") == "binary" else SCALARS[kind]), "{}"

    def add(self, name, schema):
        """A data class, and how it is read."""
        required = schema.get("required", [])
        lines, reads = [], []
        # What may be missing has a default, and so comes last.
        for field in sorted(schema["properties"], key=lambda field: field not in required):
            inner = schema["properties"][field]
            kind, read = self.of(inner, name + pascal(field))
            if field in required:
                value = read.format(f'data["{field}"]')
            else:
                kind, value = f"{optional(kind)} = None", f'data.get("{field}")'
                if read != "{}":
                    value = f'{read.format(f"""data["{field}"]""")} if "{field}" in data else None'
            lines.append(annotated(field, kind))
            if "description" in inner:
                lines.append(docstring("    ", inner["description"]))
            reads.append(f"            {attribute(field)}={value},")
        self.classes[name] = "\n".join([
            "@dataclass(frozen=True)", f"class {name}:", *lines, "",
            "    @classmethod", f"    def of(cls, data: Mapping[str, Any]) -> {name}:",
            '        """From JSON. What a newer server adds is passed over."""',
            "        return cls(", *reads, "        )",
        ])


class Operation:
    """One method."""

    def __init__(self, types, path, shared, method, told):
        self.types, self.path, self.method, self.told = types, path, method.upper(), told
        self.name = told["operationId"]
        fields = self.fields()
        # What may come in the query or in the body comes in the body.
        self.parameters = [one for one in [*shared, *told.get("parameters", [])] if one["name"] not in fields]

    def fields(self):
        """What the body may have: the fields of its JSON and those of its form."""
        content = self.told.get("requestBody", {}).get("content", {})
        objects = [kind["schema"] for kind in content.values() if "properties" in kind["schema"]]
        return {name: [schema["properties"][name] for schema in objects if name in schema["properties"]]
                for schema in objects for name in schema["properties"]}

    def typed_dict(self):
        lines = [f"class {pascal(self.name)}(TypedDict, total=False):",
                 docstring("    ", f"What `{snake(self.name)}` takes"), ""]
        for name, schemas in self.fields().items():
            kinds = {self.types.of(schema, name)[0] for schema in schemas}
            plain = {kind[len("Optional["):-1] if kind.startswith("Optional[") else kind for kind in kinds}
            kind = plain.pop() if len(plain) == 1 else f"Union[{', '.join(sorted(plain))}]"
            may_be_null = any(kind.startswith("Optional[") for kind in kinds)
            lines.append(annotated(name, optional(kind) if may_be_null else kind))
            notes = [self.bounds(schemas[0]), schemas[0].get("description")]
            if any(notes):
                lines.append(docstring("    ", *notes))
        return "\n".join(lines)

    @staticmethod
    def bounds(schema):
        unit = " characters" if "maxLength" in schema else ""
        low = schema.get("minimum", schema.get("minLength"))
        high = schema.get("maximum", schema.get("maxLength"))
        if high is None:
            return "" if low is None else f"From {low}"
        return f"{low} to {high}{unit}"

    def method_text(self):
        """The method, or nothing for streams, which `Client.events` reads."""
        status = next(status for status in self.told["responses"] if status < "300")
        content = self.told["responses"][status].get("content", {})
        if "text/event-stream" in content:
            return ""
        returns, value = self.reply(content)
        arguments, path, wanted = ["self"], f'"{self.path}"', {"query": [], "header": []}
        keywords = []
        for parameter in self.parameters:
            name, where = parameter["name"], parameter["in"]
            if where == "path":
                arguments.append(f"{name}: str")
                path = "f" + path.replace(f"{{{name}}}", f"{{quote({name}, '')}}")
            else:
                kind = self.types.of({"type": "string", **parameter["schema"]}, name)[0]
                keywords.append(f"{snake(name)}: Optional[{kind.removeprefix('Optional[').rstrip(']')}] = None")
                wanted[where].append(f'"{name}": {snake(name)}')
        if keywords:
            arguments += ["*", *keywords]
        sent = [f'"{self.method}"', path]
        sent += [f"{keyword}={{{', '.join(pairs)}}}"
                 for keyword, pairs in [("query", wanted["query"]), ("headers", wanted["header"])] if pairs]
        if self.fields():
            arguments.append(f"**fields: Unpack[{pascal(self.name)}]")
            sent.append("fields=fields")
        send = f"self._send({', '.join(sent)})"
        if value is None:
            body = send
        else:
            body = f"reply = {send}\n        return {value.format('reply')}"
        summary = docstring("        ", self.told["summary"], self.told.get("description"))
        return f"    def {snake(self.name)}({', '.join(arguments)}) -> {returns}:\n{summary}\n        {body}"

    def reply(self, content):
        """What the method gives, and how it is made of the reply."""
        if not content:
            return "None", None
        (kind, schema), = content.items()
        if kind == "application/json":
            returns, read = self.types.of(schema["schema"], pascal(self.name) + "Reply")
            return returns, ("{}.json()" if read == "{}" else read.format("{}.json()"))
        return ("bytes", "{}.content") if kind.startswith("image/") else ("str", "{}.text")


def written(text):
    """The module's text."""
    types = Types()
    for name, schema in text["components"]["schemas"].items():
        types.of(schema, name)
    operations = [Operation(types, path, ways.get("parameters", []), method, told)
                  for path, ways in text["paths"].items() for method, told in ways.items() if method != "parameters"]
    methods = [operation.method_text() for operation in operations]
    fields = [operation.typed_dict() for operation in operations if operation.fields()]
    blocks = [HEAD, *types.classes.values(), *fields, BASE.strip() + "\n\n" + "\n\n".join(filter(None, methods))]
    return "\n\n\n".join(block.rstrip("\n") for block in blocks) + "\n"


def main():
    module = written(json.loads(TEXT.read_text()))
    if sys.argv[1:] == ["--check"]:
        if OUTPUT.read_text() != module:
            sys.exit("docs/api/openapi.json has changed: run python clients/python/generate.py")
        return
    OUTPUT.write_text(module)


main()
