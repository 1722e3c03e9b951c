"""A small SCEF: the T8 NIDD API (TS 29.122 4.4.5, 5.6) on HTTP, and the radio network behind it. What it
answers, and whether, the seed decides (weather.py). Everything goes into the history."""

import asyncio
import base64
import itertools
import time
import urllib.parse

import http_lines
from messages import coap, serial_in

PREFIX = "/3gpp-nidd/v1/torture/configurations"
TAKES_NO_ANSWER = ("silent", "reset")


class Transfer:
    def __init__(self, number, configuration, device, octets, latency):
        self.id = f"t{number}"
        self.configuration, self.device, self.octets = configuration, device, octets
        self.expires = time.monotonic() + latency
        self.link = ""


class ScefPeer:
    def __init__(self, history, chance, weather):
        self.history, self.chance, self.weather = history, chance, weather
        self.devices = {}
        self.configurations = {}
        self.pending = {}
        self.numbers = itertools.count(1)
        self.idle = []  # connections to the adapter's notification endpoint
        self.tasks = set()
        self.stopped = False

    async def start(self):
        self.server = await http_lines.serve(self.answer)
        self.address = "127.0.0.1:%d" % self.server.sockets[0].getsockname()[1]
        self.api_root = f"http://{self.address}"

    def spawn(self, work):
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def happens(self, probability):
        return self.chance.random() < probability

    # ---- HTTP

    async def answer(self, request, reply):
        path = request.path.partition("?")[0]
        if not path.startswith(PREFIX):
            await reply.send(404, {"status": 404})
            return
        parts = [urllib.parse.unquote(part) for part in path[len(PREFIX):].split("/") if part]
        if len(parts) < 2:
            await self.on_configuration(request, reply, parts)
        elif len(parts) == 2 and request.method == "POST":
            await self.on_delivery(request, reply, parts[0])
        else:
            await self.on_transfer(request, reply, parts)

    async def on_configuration(self, request, reply, parts):
        if request.method == "POST" and not parts:
            body = request.json
            one = f"c{next(self.numbers)}"
            body.update(self=f"{self.api_root}{PREFIX}/{one}", status="ACTIVE",
                        maximumPacketSize=12000)
            self.configurations[one] = body
            self.history.add("configuration", id=one, device=body["externalId"])
            await reply.send(201, body, {"Location": body["self"]})
        elif request.method == "GET" and not parts:
            await reply.send(200, list(self.configurations.values()))
        elif parts[0] not in self.configurations:
            await reply.send(404, {"status": 404, "title": "no such configuration"})
        elif request.method == "GET":
            await reply.send(200, self.configurations[parts[0]])
        elif request.method == "PATCH":
            self.configurations[parts[0]].update(request.json)
            await reply.send(200, self.configurations[parts[0]])
        else:
            del self.configurations[parts[0]]
            await reply.send(204)

    async def on_transfer(self, request, reply, parts):
        """The list of pending deliveries, or one of them."""
        if len(parts) == 2:
            mine = [t for t in self.pending.values() if t.configuration == parts[0]]
            found = parts[0] in self.configurations
            sent = await reply.send(*((200, [self.body_of(t, "BUFFERING") for t in mine]) if found
                                      else (404, {"status": 404})))
            self.history.add("list", configuration=parts[0], sent=sent,
                             transfers=[t.id for t in mine])
            return
        transfer = self.pending.get(parts[2])
        if transfer is None:
            await reply.send(404, {"status": 404, "title": "no such delivery"})
        elif request.method == "DELETE":
            del self.pending[transfer.id]
            self.history.add("deleted", transfer=transfer.id, serial=serial_in(transfer.octets))
            await reply.send(204)
        else:
            await reply.send(200, self.body_of(transfer, "BUFFERING"))

    def body_of(self, transfer, status):
        return {"externalId": transfer.device.external_id, "deliveryStatus": status,
                "data": base64.b64encode(transfer.octets).decode(), "self": transfer.link}

    # ---- A delivery

    def choose(self):
        weather, drawn = self.weather, self.chance.random()
        for name in ("buffered", "status_first", "failed", "busy", "broken_500", "silent", "reset"):
            drawn -= getattr(weather, name)
            if drawn < 0:
                return name
        return "delivered"

    async def on_delivery(self, request, reply, configuration):
        known = self.configurations.get(configuration)
        if known is None:
            await reply.send(404, {"status": 404, "title": "no such configuration"})
            return
        body = request.json
        octets = base64.b64decode(body["data"], validate=True)
        transfer = Transfer(next(self.numbers), configuration, self.devices[known["externalId"]],
                            octets, body.get("maximumLatency", 3600))
        transfer.link = (f"{self.api_root}{PREFIX}/{configuration}/downlink-data-deliveries/"
                         f"{transfer.id}")
        outcome = self.choose()
        self.history.add(
            "post", transfer=transfer.id, device=known["externalId"], data=octets.hex(),
            serial=serial_in(octets) if coap.decode(octets).is_request else None,
            latency=body.get("maximumLatency"), outcome=outcome)
        await getattr(self, "post_" + outcome)(transfer, reply)

    async def told(self, transfer, reply, outcome, status, body, headers=None):
        sent = await reply.send(status, body, headers)
        self.history.add("post_answer", transfer=transfer.id, outcome=outcome, status=status,
                         sent=sent)

    async def post_delivered(self, transfer, reply):
        self.put_on_air(transfer)
        await self.told(transfer, reply, "delivered", 200, self.body_of(transfer, "SUCCESS"))

    async def post_buffered(self, transfer, reply):
        self.keep(transfer)
        await self.told(transfer, reply, "buffered", 201, self.body_of(transfer, "BUFFERING"),
                        {"Location": transfer.link})

    async def post_status_first(self, transfer, reply):
        self.put_on_air(transfer)
        await asyncio.wait([self.spawn(self.report(transfer, "SUCCESS_NEXT_HOP_ACKNOWLEDGED"))],
                           timeout=1)
        await self.told(transfer, reply, "buffered", 201, self.body_of(transfer, "BUFFERING"),
                        {"Location": transfer.link})

    async def post_failed(self, transfer, reply):
        body = {"problemDetail": {"status": 500, "title": "not now", "cause": "TEMPORARILY_NOT_REACHABLE"}}
        if self.happens(0.5):
            again = time.gmtime(time.time() + 1)
            body["requestedRetransmissionTime"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", again)
        await self.told(transfer, reply, "failed", 500, body)

    async def post_busy(self, transfer, reply):
        await self.told(transfer, reply, "failed", 503, {"status": 503, "title": "busy"},
                        {"Retry-After": "1"})

    async def post_broken_500(self, transfer, reply):
        self.perhaps(transfer)
        await self.told(transfer, reply, "doubtful", 500, {"status": 500, "title": "broken"})

    async def post_silent(self, transfer, reply):
        self.perhaps(transfer)
        await reply.hang()

    async def post_reset(self, transfer, reply):
        self.perhaps(transfer)
        reply.reset()

    def perhaps(self, transfer):
        """Delivered, buffered or neither, and nobody is told."""
        drawn = self.chance.random()
        if drawn < 0.3:
            self.put_on_air(transfer)
        elif drawn < 0.6:
            self.keep(transfer)

    # ---- The network

    def put_on_air(self, transfer):
        lost = self.happens(self.weather.frame_lost)
        self.history.add("air", transfer=transfer.id, device=transfer.device.external_id, lost=lost,
                         serial=serial_in(transfer.octets))
        if not lost:
            transfer.device.on_frame(transfer.octets)

    def keep(self, transfer):
        self.pending[transfer.id] = transfer
        self.spawn(self.deliver_later(transfer))

    async def deliver_later(self, transfer):
        await asyncio.sleep(self.chance.random() * self.weather.buffer_seconds *
                            (8 if self.happens(0.05) else 1))
        if self.pending.pop(transfer.id, None) is None:
            return
        if time.monotonic() > transfer.expires:
            status = "FAILURE_TIMEOUT"
        elif self.happens(self.weather.status_failure):
            status = self.chance.choice(("FAILURE_TEMPORARILY_NOT_REACHABLE", "FAILURE"))
        else:
            status = "SUCCESS_NEXT_HOP_ACKNOWLEDGED"
            self.put_on_air(transfer)
        await self.report(transfer, status)
        if self.happens(self.weather.status_twice):
            await self.report(transfer, status)
        if self.happens(self.weather.status_contradicts):
            await self.report(transfer, "FAILURE" if status[0] == "S" else "SUCCESS")

    async def report(self, transfer, status):
        """A delivery status, told until it is answered."""
        self.history.add("status", transfer=transfer.id, status=status,
                         serial=serial_in(transfer.octets))
        code = await self.notify(transfer.configuration, {
            "niddDownlinkDataTransfer": transfer.link, "deliveryStatus": status})
        self.history.add("status_answer", transfer=transfer.id, status=status, code=code)

    def uplink(self, device, octets, about=None, marker=None):
        """A frame of a device, told until it is answered, and sometimes once more."""
        self.spawn(self.uplink_until_told(device, octets, about, marker))

    async def uplink_until_told(self, device, octets, about, marker):
        number = next(self.numbers)
        one = next((i for i, c in self.configurations.items()
                    if c["externalId"] == device.external_id), None)
        if one is None:
            return
        self.history.add("uplink", uplink=number, device=device.external_id, data=octets.hex(),
                         serial=about, marker=marker)
        body = {"niddConfiguration": self.configurations[one]["self"],
                "externalId": device.external_id, "data": base64.b64encode(octets).decode()}
        for _ in range(2 if self.happens(self.weather.uplink_twice) else 1):
            code = await self.notify(one, body)
            self.history.add("uplink_answer", uplink=number, code=code, marker=marker)

    async def notify(self, configuration, body, attempts=100):
        """The answer's status; None if there was none in all attempts."""
        for _ in range(attempts):
            if configuration not in self.configurations:  # deleted meanwhile
                return None
            parts = urllib.parse.urlsplit(
                self.configurations[configuration]["notificationDestination"])
            client = self.idle.pop() if self.idle else http_lines.Client(parts.netloc)
            try:
                status, _, _ = await client.call("POST", parts.path, body, seconds=10)
            except (OSError, http_lines.Broken):
                status = None
            else:
                self.idle.append(client)
            if status is not None and status != 503:
                return status
            if self.stopped:
                return None
            await asyncio.sleep(0.05 + 0.2 * self.chance.random())
        return None
