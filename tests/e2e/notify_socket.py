"""Stands in for systemd: a datagram socket that hears what a service tells its manager."""

import os
import socket
import threading


class NotifySocket:
    """Heard messages as dictionaries, in order; `environment` is what the service has to be given."""

    def __init__(self, folder, watchdog_seconds=None):
        self.path = os.path.join(folder, "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(0.2)
        self.heard = []
        self.ended = threading.Event()
        self.environment = {"NOTIFY_SOCKET": self.path}
        if watchdog_seconds:
            self.environment["WATCHDOG_USEC"] = str(int(watchdog_seconds * 1_000_000))
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self):
        while not self.ended.is_set():
            try:
                text = self.socket.recv(4096).decode()
            except TimeoutError:
                continue
            self.heard.append(dict(line.split("=", 1) for line in text.splitlines()))

    def states(self):
        """What was told, without signs of life: READY, RELOADING, STOPPING."""
        return [key for message in list(self.heard) for key in message
                if key in ("READY", "RELOADING", "STOPPING")]

    def signs_of_life(self):
        return sum("WATCHDOG" in message for message in list(self.heard))

    def close(self):
        self.ended.set()
        self.thread.join(5)
        self.socket.close()
