"""A device behind the SCEF: answers CoAP requests, registers, sends data. Python of its own."""

import asyncio
import itertools

from messages import coap, operation_of, serial_in


class DevicePeer:
    """What it receives comes by `on_frame`; what it sends goes through the SCEF (`scef.uplink`)."""

    def __init__(self, external_id, scef, history, chance, weather):
        self.external_id = external_id
        self.name = external_id.split("@")[0]
        self.scef, self.history = scef, history
        self.chance, self.weather = chance, weather
        self.mids = itertools.count(chance.randrange(0x8000))
        self.answers = {}  # (message id, token) of a request -> the frames that answered it
        self.registered = asyncio.Event()
        self.register_token = None

    def next_mid(self):
        return next(self.mids) & 0xFFFF

    def on_frame(self, octets):
        """One frame that came over the air."""
        message = coap.decode(octets)
        if message.is_request:
            self.on_request(message)
        elif message.code >= 64:
            if message.token == self.register_token and message.text == "2.01":
                self.registered.set()
            if message.kind == coap.CON:
                self.send(coap.Message(coap.ACK, 0, message.mid))

    def on_request(self, message):
        """RFC 7252 4.5: a copy is answered as the first one was, and does nothing again."""
        key = (message.mid, message.token)
        copy = key in self.answers
        self.history.add("device_request", device=self.external_id, copy=copy,
                         serial=serial_in(message.path), operation=operation_of(message))
        if not copy:
            self.answers[key] = self.answers_to(message)
        if self.chance.random() < self.weather.answer_lost:
            return
        for frame in self.answers[key]:
            self.send(frame, about=serial_in(message.path))

    def answers_to(self, request):
        code = coap.code("2.05" if request.code == coap.GET else "2.04")
        payload = b"it is so" if request.code == coap.GET else b""
        if request.kind == coap.NON:
            return [coap.Message(coap.NON, code, self.next_mid(), request.token, [], payload)]
        if self.chance.random() < 0.1:
            return [coap.Message(coap.ACK, 0, request.mid),
                    coap.Message(coap.CON, code, self.next_mid(), request.token, [], payload)]
        return [coap.Message(coap.ACK, code, request.mid, request.token, [], payload)]

    def send(self, message, about=None, marker=None):
        self.scef.uplink(self, message.encode(), about, marker)

    async def register(self):
        """Registers, and repeats the same octets until the LwM2M server has answered."""
        self.register_token = self.chance.randbytes(4)
        options = coap.target(f"/rd?ep={self.name}&lt=86400&lwm2m=1.1&b=UN")
        register = coap.Message(coap.CON, coap.POST, self.next_mid(), self.register_token,
                                options + [(coap.CONTENT_FORMAT, coap.number(coap.LINKS))],
                                b"</1/0>,</3/0>")
        while not self.registered.is_set():
            self.send(register)
            try:
                await asyncio.wait_for(self.registered.wait(), 4)
            except asyncio.TimeoutError:
                pass

    def send_data(self, number):
        """LwM2M Send (POST /dp) with that number in it."""
        kind = coap.CON if self.chance.random() < 0.6 else coap.NON
        marker = f"u{number:07d}"
        self.send(coap.Message(kind, coap.POST, self.next_mid(), self.chance.randbytes(4),
                               coap.target("/dp"), marker.encode()), marker=marker)
