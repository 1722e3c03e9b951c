"""A program that uses the admin API: enqueues messages with an Idempotency-Key and repeats the call until it
has an answer, as a program must whose connection broke; and asks at the end what became of everything."""

import asyncio
import base64
import urllib.parse

import http_lines
from messages import coap, request


class ApiPeer:
    def __init__(self, address, history, chance):
        self.address, self.history, self.chance = address, history, chance
        self.stopped = False

    def client(self):
        return http_lines.Client(self.address)

    async def send(self, client, serial, device, operation, ttl, confirmable=True):
        """Enqueues one message; sometimes gives up after a broken call, sometimes asks twice."""
        kind = coap.CON if confirmable else coap.NON
        octets = request(serial, operation, kind, 0, serial.to_bytes(4, "big"))
        body = {"payload": base64.b64encode(octets).decode(), "ttl": f"{ttl}s"}
        path = f"/api/v1/devices/{urllib.parse.quote(device.external_id)}/messages"
        self.history.add("api_send", serial=serial, device=device.external_id, operation=operation,
                         confirmable=confirmable, ttl=ttl)
        gives_up, asks_twice = self.chance.random() < 0.2, self.chance.random() < 0.05
        while not self.stopped:
            try:
                status, _, answer = await client.call(
                    "POST", path, body, {"Idempotency-Key": f"key-{serial}"})
            except http_lines.Broken:
                self.history.add("api_lost", serial=serial)
                if gives_up:
                    return
                continue
            except OSError:  # nobody listens: nothing was sent
                await asyncio.sleep(0.03)
                continue
            known = answer if status in (200, 201) else {}
            self.history.add("api_answer", serial=serial, status=status, id=known.get("id"),
                             expires=known.get("expiresAt"))
            if status not in (200, 201) or not asks_twice:
                return
            asks_twice = False

    async def get(self, client, path, patience=200):
        """A GET of the API, until it is answered."""
        for _ in range(patience):
            try:
                return (await client.call("GET", path))[2]
            except (OSError, http_lines.Broken):
                await asyncio.sleep(0.1)
        raise TimeoutError(f"GET {path} was never answered")

    async def all_messages(self, client, path="/api/v1/messages"):
        items, cursor = [], ""
        while True:
            page = await self.get(client, f"{path}?limit=1000{cursor}")
            items += page["items"]
            if not page.get("next"):
                return items
            cursor = "&cursor=" + urllib.parse.quote(page["next"])
