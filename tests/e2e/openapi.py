"""The admin API's own description as the judge of what passes: bodies against its schemas."""

import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request

import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))


def open_schema(schema):
    """Our schemas with 2020-12 semantics: OpenAPI 3.1 says so where nothing else is said."""
    return jsonschema.Draft202012Validator(schema)


class Description:
    """An OpenAPI document, and what of it was used."""

    def __init__(self, document):
        self.document = document
        self.used = set()

    def resolve(self, node):
        while "$ref" in node:
            target = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    def schema(self, node):
        """A schema that finds its references: they begin at the document's root."""
        return {"components": self.document["components"], **node}

    def operations(self):
        for path, item in self.document["paths"].items():
            for method in ("get", "put", "post", "delete", "patch"):
                if method in item:
                    yield method.upper(), path, item[method], item

    def judge(self, node, value, where):
        errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}"
                  for e in open_schema(self.schema(node)).iter_errors(value)]
        assert not errors, f"{where}: {errors[:5]}"

    def target(self, path, item, variables, query):
        for name, value in variables.items():
            path = path.replace("{" + name + "}", urllib.parse.quote(value, safe="@:"))
        assert "{" not in path, path
        text = ("" if "servers" in item else "/api/v1") + path
        return text + ("?" + urllib.parse.urlencode(query) if query else "")


class Client:
    """Calls a running API; each request and answer is judged by the description."""

    def __init__(self, base, description, token=""):
        self.base, self.description, self.token = base, description, token

    def call(self, method, path, body=None, expect=200, query=None, headers=None, **variables):
        item = self.description.document["paths"][path]
        operation = item[method.lower()]
        where = f"{method} {path}"
        if body is not None and expect < 400:
            media = self.description.resolve(operation["requestBody"])["content"]
            self.description.judge(media["application/json"]["schema"], body, where + " request")
        status, text, content_type = self.send(
            method, self.description.target(path, item, variables, query), body, headers)
        assert status == expect, f"{where} answered {status}: {text[:500]}"
        self.judge_answer(operation, where, status, text, content_type)
        if status < 300:
            self.description.used.add((method, path))
        return json.loads(text) if text and "json" in content_type else text

    def send(self, method, target, body, headers):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + target, data=data, method=method,
                                         headers=headers or {})
        if data is not None:
            request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", "Bearer " + self.token)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.status, response.read().decode(), response.headers.get_content_type()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), error.headers.get_content_type()

    def judge_answer(self, operation, where, status, text, content_type):
        described = operation["responses"].get(str(status))
        assert described is not None, f"{where}: the answer {status} is not described"
        content = self.description.resolve(described).get("content", {})
        if not content:
            assert not text, f"{where}: {status} has a body that is not described"
            return
        assert content_type in content, f"{where}: {status} is {content_type}"
        if "json" in content_type and "schema" in content[content_type]:
            self.description.judge(content[content_type]["schema"], json.loads(text),
                                   f"{where} answer {status}")


def mistakes(document):
    """What is wrong with a document as OpenAPI 3.1; nothing if it is right."""
    with open(os.path.join(HERE, "openapi31.json"), encoding="utf-8") as file:
        meta = json.load(file)
    found = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}"
             for e in open_schema(meta).iter_errors(document)]
    found += schema_mistakes(document)
    ids = {}
    for path, item in document.get("paths", {}).items():
        for method in ("get", "put", "post", "delete", "patch"):
            if method in item:
                found += operation_mistakes(document, f"{method} {path}", path, item[method], ids)
    return found


def schema_mistakes(document):
    """Every schema is one of JSON Schema 2020-12."""
    found = []
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
        except jsonschema.SchemaError as error:
            found.append(f"schema {name}: {error.message[:200]}")
    return found


def operation_mistakes(document, where, path, operation, ids):
    found = []
    name = operation.get("operationId")
    if name in ids:
        found.append(f"{where}: operationId {name} is that of {ids[name]}, too")
    ids[name] = where
    description = Description(document)
    named = set()
    for parameter in document["paths"][path].get("parameters", []) + operation.get("parameters", []):
        parameter = description.resolve(parameter)
        if parameter["in"] == "path":
            named.add(parameter["name"])
    wanted = set(re.findall(r"{([^}]*)}", path))
    if named != wanted:
        found.append(f"{where}: path variables {sorted(wanted)}, described {sorted(named)}")
    if not any(status.startswith("2") for status in operation.get("responses", {})):
        found.append(f"{where}: no success is described")
    return found
