"""A small LwM2M server on UDP: takes what devices register and send, and asks them things with the message
layer of RFC 7252 4 (retransmission, empty ACK, separate responses). Python of its own."""

import asyncio
import itertools
import re

from messages import coap, name_of, request

ACK_TIMEOUT, MAX_RETRANSMIT = 2.0, 4
UPLINK = re.compile(rb"u\d{7}")


class ServerPeer(asyncio.DatagramProtocol):
    def __init__(self, history, chance, weather):
        self.history, self.chance, self.weather = history, chance, weather
        self.addresses = {}  # endpoint name -> its virtual endpoint
        self.mids = itertools.count(chance.randrange(0x8000))
        self.by_mid, self.by_token = {}, {}
        self.stopped = False

    async def start(self):
        self.transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: self, local_addr=("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.transport.get_extra_info("sockname")[1]

    def happens(self, probability):
        return self.chance.random() < probability

    def write(self, octets, peer):
        if not self.happens(self.weather.datagram_lost):
            self.transport.sendto(octets, peer)

    def datagram_received(self, data, addr):
        if self.happens(self.weather.datagram_lost):
            return
        message = coap.decode(data, addr)
        if message.is_request:
            self.on_request(message)
        elif message.kind in (coap.ACK, coap.RST) and message.mid in self.by_mid:
            self.on_answer(self.by_mid[message.mid], message)
        elif message.code >= 64:
            self.on_separate_response(message)

    # ---- From devices

    def on_request(self, message):
        path = message.path
        code, options = coap.code("2.04"), []
        if path == "/rd":
            name = next(q[3:] for q in message.query if q.startswith("ep="))
            self.addresses[name] = message.peer
            code = coap.code("2.01")
            options = [(coap.LOCATION_PATH, b"rd"), (coap.LOCATION_PATH, name.encode())]
            self.history.add("registered", endpoint=name)
        found = UPLINK.search(message.payload)
        if found:
            self.history.add("server_received", marker=found.group().decode(),
                             peer=message.peer[0])
        if message.kind == coap.CON:
            answer = coap.Message(coap.ACK, code, message.mid, message.token, options)
            self.write(answer.encode(), message.peer)

    # ---- To devices

    async def ask(self, serial, device, operation, confirmable):
        """One request; returns when its message layer has done its part."""
        peer = self.addresses[device.name]
        mid, token = next(self.mids) & 0xFFFF, serial.to_bytes(4, "big")
        kind = coap.CON if confirmable else coap.NON
        octets = request(serial, operation, kind, mid, token)
        one = {"serial": serial, "settled": asyncio.Event()}
        self.by_token[token] = one
        self.history.add("coap_send", serial=serial, device=device.external_id, operation=operation,
                         confirmable=confirmable)
        if not confirmable:
            self.write(octets, peer)
            return
        self.by_mid[mid] = one
        wait = ACK_TIMEOUT * (1 + self.chance.random() / 2)
        for copy in range(1 + MAX_RETRANSMIT):
            if copy:
                self.history.add("coap_copy", serial=serial, copy=copy)
            self.write(octets, peer)
            try:
                await asyncio.wait_for(one["settled"].wait(), wait)
                return
            except asyncio.TimeoutError:
                wait *= 2
            if self.stopped:
                break
        self.history.add("coap_unheard", serial=serial)

    def on_answer(self, one, message):
        """An ACK, with a response or without, or an RST."""
        one["settled"].set()
        kind = "coap_ack" if message.kind == coap.ACK else "coap_reset"
        self.history.add(kind, serial=one["serial"], code=message.text)
        if message.code >= 64:
            self.history.add("coap_answer", serial=one["serial"], code=message.text)

    def on_separate_response(self, message):
        one = self.by_token.get(message.token)
        if one is not None:
            one["settled"].set()
            self.history.add("coap_answer", serial=one["serial"], code=message.text)
        if message.kind == coap.CON:
            self.write(coap.Message(coap.ACK, 0, message.mid).encode(), message.peer)


__all__ = ["ServerPeer", "name_of"]
