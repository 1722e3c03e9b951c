"""CoAP messages of the run. Each request has a serial number in its path, `/33000/m0000007/1`, by which
everybody recognises it: the SCEF in the data of a delivery, the device, the oracle, a reader of the store."""

import os
import re
import sys

# The codec that the tests of the requirements hold against the adapter: it shares nothing with it.
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "requirements"))
import coap_peer as coap  # noqa: E402

METHODS = {"read": coap.GET, "write": coap.PUT, "execute": coap.POST}
SERIAL = re.compile(rb"m(\d{7})")
IDEMPOTENT = ("read", "write")


def name_of(serial):
    return f"m{serial:07d}"


def request(serial, operation, kind, mid, token):
    """The octets of a request with that serial number."""
    payload = b"" if operation == "read" else b"value of %d" % serial
    options = coap.target(f"/33000/{name_of(serial)}/1")
    return coap.Message(kind, METHODS[operation], mid, token, options, payload).encode()


def serial_in(octets):
    """The serial number that stands in octets or text; None if there is none."""
    if isinstance(octets, str):
        octets = octets.encode()
    found = SERIAL.search(octets)
    return int(found.group(1)) if found else None


def operation_of(message):
    return next((name for name, code in METHODS.items() if code == message.code), None)
