"""What a running adapter says when it is asked for everything, and when it is asked wrongly with a
secret in the request: the text of all its answers, for the search of canaries."""

import json
import urllib.error
import urllib.request

DOCUMENTS = ("/healthz", "/readyz", "/metrics", "/api/v1/openapi.json", "/api/v1/devices",
             "/api/v1/messages", "/api/v1/deadletters", "/api/v1/events?since=24h", "/api/v1/webhooks",
             "/api/v1/audit", "/api/v1/scefs", "/api/v1/quotas/account")
ITEMS = {"/api/v1/devices": ("externalId", ("", "/messages")), "/api/v1/messages": ("id", ("", "/timeline"))}
ITEMS_ASKED = 5  # of each list


def ask(method, url, body=None, headers=None):
    """Status, header fields and body of an answer, as octets; nothing where none came."""
    headers = {"Accept": "application/json", **(headers or {})}
    if body is not None:
        headers.setdefault("Content-Type", "application/json")
    request = urllib.request.Request(url, data=body, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return f"{answer.status}\n{answer.headers}\n".encode() + answer.read()
    except urllib.error.HTTPError as error:
        return f"{error.code}\n{error.headers}\n".encode() + error.read()
    except (OSError, ValueError):
        return b""


def documents(api, authorization):
    """(path, answer) of everything that can be read."""
    for path in DOCUMENTS:
        answer = ask("GET", api + path, headers=authorization)
        yield path, answer
        key, tails = ITEMS.get(path, ("", ()))
        for tail in tails:
            for item in items_of(answer)[:ITEMS_ASKED]:
                one = f"{path}/{item[key]}{tail}"
                yield one, ask("GET", api + one, headers=authorization)


def items_of(answer):
    try:
        return json.loads(answer.partition(b"\n\n")[2]).get("items", [])
    except ValueError:
        return []


def wrong_requests(api, authorization, secret):
    """(what was wrong, answer) of requests with the secret where it does not belong. None of them
    changes anything."""
    base = api + "/api/v1"
    text = secret.encode()
    yield "no credentials", ask("GET", base + "/devices", headers={"Cookie": "token=" + secret})
    for scheme in ("Basic ", "Token ", "Bearer  ", "Bearer x"):
        yield "Authorization: " + scheme, ask("GET", base + "/devices",
                                              headers={"Authorization": scheme + secret})
    for path in ("/", "/devices/", "/messages/", "/webhooks/", "/deadletters/", "/quotas/", "/groups/",
                 "/devices?access_token=", "/devices?cursor=", "/messages?state=", "/events?type=",
                 "/events?since=", "/audit?limit="):
        yield "GET " + path, ask("GET", base + path + secret, headers=authorization)
    yield "Last-Event-ID", ask("GET", base + "/events", headers={**authorization, "Last-Event-ID": secret})
    for path, member in (("/devices", "externalId"), ("/devices", "profile"), ("/devices", "mode"),
                         ("/webhooks", "url"), ("/webhooks", "externalId"), ("/messages:batch", "items"),
                         ("/messages:dryRun", "externalId"), ("/scefs/operator-a:doctor", "externalId")):
        body = json.dumps({member: secret}).encode()
        yield f"POST {path} {member}", ask("POST", base + path, body, authorization)
    for body in (text, b'"' + text + b'"', b'{"externalId": ' + text, b'{"secret": "' + text + b'", }',
                 b'{"url": "http://dm:' + text + b'@127.0.0.1:1/", "secret": 7}'):
        yield "a body that is refused", ask("POST", base + "/webhooks", body, authorization)
    yield "Content-Type", ask("POST", base + "/devices", b"{}", {**authorization, "Content-Type": secret})
    yield "method", ask("CANARY", base + "/devices/" + secret, headers=authorization)


def last_words(api, authorization, secret):
    """All of them. What was asked wrongly comes first, so that the documents tell what it left."""
    return [*wrong_requests(api, authorization, secret), *documents(api, authorization)]
