"""What the end-to-end tests share: a running stack for each test class, with its log on failure."""

import os
import shutil
import socket
import struct
import subprocess
import tempfile
import unittest

from stack import Stack

BIN = os.environ.get("SCEF_BIN", "build/dev/bin")
DOMAIN = "iot.example"


class StackTest(unittest.TestCase):
    """Starts server, SCEF and adapter once per class, on free ports; stops them and checks their exit."""

    extra = ""
    admin_tokens = True  # False leaves the admin API open; the class says why
    scef_arguments = ("--time-scale", "10")

    @classmethod
    def setUpClass(cls):
        cls.dir = tempfile.mkdtemp(prefix="scef-e2e-")
        cls.stack = Stack(BIN, cls.dir, shards=16, tokens=cls.admin_tokens)
        try:
            cls.start_server()
            cls.stack.start_scef(*cls.scef_arguments)
            cls.configure()
            cls.stack.start_adapter()
        except BaseException:
            cls.stack.stop()
            raise

    @classmethod
    def start_server(cls):
        """The LwM2M server; another one has to set `stack.server_uri`."""
        cls.stack.start_server()

    @classmethod
    def configure(cls):
        cls.stack.configure(cls.extra)

    @classmethod
    def tearDownClass(cls):
        bad = cls.stack.stop()
        if bad:
            for program in cls.stack.programs:
                print(f"--- {program.name}\n{cls.stack.canaries.hidden(program.log_tail(40))}")
            raise AssertionError(f"did not end with 0: {bad}")
        if cls.stack.leaks:
            raise AssertionError("secrets were shown:\n" + "\n".join(cls.stack.leaks))
        shutil.rmtree(cls.dir, ignore_errors=True)


def make_certificates(folder, *names):
    """A CA (ca.pem) and certificates of it for 127.0.0.1 (NAME.pem, NAME.key)."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
            "-subj", "/CN=test CA", "-days", "2")
    with open(os.path.join(folder, "ext"), "w", encoding="utf-8") as file:
        file.write("subjectAltName=IP:127.0.0.1\n")
    for name in names:
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out",
                f"{name}.csr", "-subj", f"/CN={name}")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-CAcreateserial", "-out", f"{name}.pem", "-days", "2", "-extfile", "ext")


def make_crl(folder, *revoked):
    """`crl.pem` of the authority in `folder` (see make_certificates): revokes NAME.pem of each name."""
    path = lambda name: os.path.join(folder, name)
    with open(path("crl.cnf"), "w", encoding="utf-8") as file:
        file.write("[ca]\ndefault_ca = test\n[test]\n"
                   f"database = {path('index')}\ndefault_md = sha256\ndefault_crl_days = 1\n")
    open(path("index"), "w", encoding="utf-8").close()

    def authority(*arguments):
        subprocess.run(["openssl", "ca", "-config", "crl.cnf", "-cert", "ca.pem", "-keyfile", "ca.key",
                        *arguments], cwd=folder, check=True, capture_output=True)

    for name in revoked:
        authority("-revoke", f"{name}.pem")
    authority("-gencrl", "-out", "crl.new")
    os.replace(path("crl.new"), path("crl.pem"))
    return path("crl.pem")


def coap(kind, code, message_id, token=b"", options=b"", payload=b""):
    """A CoAP message; options as encoded octets."""
    head = struct.pack("!BBH", 0x40 | kind << 4 | len(token), code, message_id)
    return head + token + options + (b"\xff" + payload if payload else b"")


def uri_path(*segments):
    """Uri-Path options (number 11), the first ones of a message."""
    octets, delta = b"", 11
    for segment in segments:
        octets += bytes([delta << 4 | len(segment)]) + segment.encode()
        delta = 0
    return octets


def udp(address=("127.0.0.1", 0), timeout=5):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(address)
    sock.settimeout(timeout)
    return sock


def split(address):
    host, port = address.rsplit(":", 1)
    return host, int(port)
