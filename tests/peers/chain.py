"""The whole chain of programs with a third-party peer at one of its ends."""

import os
import urllib.parse

import ports
from e2e import DOMAIN, StackTest
from peer import Peer
from stack import call, eventually


class ChainTest(StackTest):
    """A class whose LwM2M server is `server_script`, if it has one, and else the project's own."""

    server_script = None
    server_arguments = ()
    peers = []

    @classmethod
    def setUpClass(cls):
        cls.peers = []
        super().setUpClass()

    @classmethod
    def start_server(cls):
        if cls.server_script is None:
            super().start_server()
            return
        port = ports.one()
        cls.stack.server_uri = f"coap://127.0.0.1:{port}"
        cls.server = cls.start_peer(cls.server_script, *cls.server_arguments, port)

    @classmethod
    def start_device(cls, name, **registered):
        """A device of modem-simulator that is always awake; the event of its registration at the peer."""
        cls.external_id = f"{name}@{DOMAIN}"
        cls.stack.provision(cls.external_id, profile="always-on")
        cls.modems = cls.stack.start_modems("--device", cls.external_id)
        cls.registration = cls.server.event("registered", **registered)

    @classmethod
    def start_peer(cls, script, *arguments):
        log = os.path.join(cls.dir, f"peer-{len(cls.peers)}.log")
        peer = Peer(script, *arguments, log_file=log)
        cls.peers.append(peer)
        return peer

    @classmethod
    def tearDownClass(cls):
        for peer in cls.peers:
            peer.stop()
        super().tearDownClass()

    def provision(self, name, **fields):
        external_id = f"{name}@{DOMAIN}"
        self.stack.provision(external_id, **fields)
        eventually("ACTIVE", lambda: self.stack.device(external_id)["niddConfiguration"]["status"]
                   == "ACTIVE")
        return external_id

    def asleep(self, external_id):
        """Waits until the adapter and the network take the device for asleep."""
        eventually("asleep", lambda: not self.stack.device(external_id)
                   ["reachability"]["reachable"], 30)
        eventually("asleep in the network", lambda: self.stack.ue_state(external_id) == "psm", 30)

    def custody(self, external_id):
        """Waits until the adapter keeps a message for the device."""
        eventually("in custody", lambda: self.stack.device(external_id)["queue"]["messages"] > 0)

    def sets(self, modems, external_id, path, value):
        """The device measures `value`."""
        status, answer = call(
            "PUT", f"{modems.api}/devices/{urllib.parse.quote(external_id)}/resources{path}",
            {"value": value})
        self.assertLess(status, 300, answer)
