"""Secrets that a run is given, and the search for them in everything that the run leaves behind.

A canary is random and says in its name what it is, so that it is found where it does not belong. What
is found is told by place and name, never by value. docs/security.md says where each kind may be.
"""

import base64
import os
import re
import secrets

# The random part of a notification destination, behind the numbers of shard and device.
CAPABILITY = re.compile(rb"/t8/v1/notifications/[0-9a-f]{12}([0-9a-f]{32})")
HEXADECIMAL = re.compile(rb"[0-9a-f]{32,}")
KEY_LINE = re.compile(rb"^[A-Za-z0-9+/]{48,64}=*$", re.MULTILINE)


def forms(secret):
    """The octets as they are, in hexadecimal digits, and in base64 wherever they begin in it."""
    found = {secret, secret.hex().encode()}
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + secret)
        found.add(text[(shift * 8 + 5) // 6:len(text) // 4 * 4 - 4])
    return found


class Canaries:
    """The secrets of one run, and the files that hold them because they must."""

    def __init__(self):
        self.names = {}  # form of a secret: its name
        self.capabilities = {}
        self.stored = set()  # names of those that the store may hold
        self.holders = set()

    def make(self, name):
        """A new secret of that name."""
        text = f"canary-{name.replace(' ', '-')}-{secrets.token_hex(12)}"
        self.add(name, text)
        return text

    def add(self, name, secret, stored=False):
        """A secret that somebody else made."""
        secret = secret if isinstance(secret, bytes) else secret.encode()
        self.names |= dict.fromkeys(forms(secret), name)
        if stored:
            self.stored.add(name)

    def add_key(self, name, file):
        """A private key: each whole line of the PEM file. That file may hold it."""
        with open(file, "rb") as key:
            lines = KEY_LINE.findall(key.read())
        assert lines, f"no key in {file}"
        self.names |= dict.fromkeys(lines, name)
        self.holds(file)

    def learn_capabilities(self, text):
        """Those of the notification destinations in what a SCEF was told."""
        text = text if isinstance(text, bytes) else text.encode()
        for found in CAPABILITY.findall(text):
            self.capabilities[found] = "capability of a notification destination"
        self.stored.add("capability of a notification destination")

    def holds(self, file):
        """This file is there to hold secrets."""
        self.holders.add(os.path.realpath(file))

    def write(self, file, text):
        """Such a file, for the owner alone."""
        with open(file, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
            out.write(text)
        self.holds(file)
        return file

    # ---- The search

    def found_in(self, text):
        """(offset, length, name) of each secret in octets."""
        for form, name in self.names.items():
            place = text.find(form)
            while place >= 0:
                yield place, len(form), name
                place = text.find(form, place + 1)
        if not self.capabilities:
            return
        for digits in HEXADECIMAL.finditer(text):
            for place in range(digits.start(), digits.end() - 31):
                if text[place:place + 32] in self.capabilities:
                    yield place, 32, self.capabilities[text[place:place + 32]]

    def leaks(self, where, text, allowed=()):
        """A sentence for each line of `text` that shows a secret, and what secret."""
        text = text if isinstance(text, bytes) else text.encode()
        found = {(text.count(b"\n", 0, place) + 1, name) for place, _, name in self.found_in(text)
                 if name not in allowed}
        return [f"{where}, line {line}: {name}" for line, name in sorted(found)]

    def leaks_in_folder(self, folder, stores=()):
        """The same for each file below, but for the holders; in `stores` what must be stored is allowed."""
        found = []
        for place, _, names in sorted(os.walk(folder)):
            for name in sorted(names):
                file = os.path.join(place, name)
                if os.path.realpath(file) in self.holders or not os.path.isfile(file):
                    continue
                is_stored = any(os.path.commonpath([store, file]) == store for store in stores)
                with open(file, "rb") as content:
                    found += self.leaks(file, content.read(), self.stored if is_stored else ())
        return found

    def hidden(self, text):
        """`text` without its secrets, fit to be printed."""
        octets = bytearray(text.encode())
        for place, length, _ in list(self.found_in(bytes(octets))):
            octets[place:place + length] = b"*" * length
        return octets.decode(errors="replace")
