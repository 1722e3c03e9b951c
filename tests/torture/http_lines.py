"""As much of HTTP/1.1 as the peers need, on asyncio: a server that may also stay silent or break the
connection, and a client that keeps its connection."""

import asyncio
import json
import socket
import struct

REASONS = {200: "OK", 201: "Created", 204: "No Content", 404: "Not Found", 500: "Internal Server Error",
           503: "Service Unavailable"}


class Broken(Exception):
    """The other end closed or broke the connection; what became of the request is not known."""


class Request:
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body

    @property
    def json(self):
        return json.loads(self.body)


async def _read_head(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.split(":", 1) for line in lines if line)
    return first, {name.strip().lower(): value.strip() for name, value in pairs}


async def _read_body(reader, headers):
    return await reader.readexactly(int(headers.get("content-length", 0)))


def break_connection(writer):
    """A TCP RST instead of an end."""
    raw = writer.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def serve(answer, host="127.0.0.1", port=0):
    """`await answer(request, reply)` for each request; `reply` is a Reply. Gives the server."""

    async def session(reader, writer):
        try:
            while True:
                first, headers = await _read_head(reader)
                method, path, _ = first.split(" ", 2)
                request = Request(method, path, headers, await _read_body(reader, headers))
                await answer(request, Reply(reader, writer))
        except (asyncio.IncompleteReadError, ConnectionError, OSError):
            pass
        finally:
            writer.close()

    return await asyncio.start_server(session, host, port, backlog=512)


class Reply:
    """One answer, or none."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def send(self, status, body=None, headers=None):
        """False if the connection was closed meanwhile."""
        text = b"" if body is None else json.dumps(body).encode()
        lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Other')}", f"Content-Length: {len(text)}"]
        if text:
            problem = status >= 400
            lines.append("Content-Type: application/" + ("problem+json" if problem else "json"))
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if self.writer.is_closing() or self.reader.at_eof():
            return False
        self.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + text)
        try:
            await self.writer.drain()
        except (ConnectionError, OSError):
            return False
        # Whoever was killed before it was answered: its end of the connection is known by now.
        for _ in range(3):
            await asyncio.sleep(0)
        return not self.reader.at_eof()

    async def hang(self):
        """Says nothing until the other end has gone."""
        await self.reader.read(1)
        raise ConnectionResetError

    def reset(self):
        break_connection(self.writer)
        raise ConnectionResetError


class Client:
    """Calls one address, one call at a time."""

    def __init__(self, address):
        self.host, port = address.rsplit(":", 1)
        self.port = int(port)
        self.stream = None

    async def call(self, method, path, body=None, headers=None, seconds=30):
        """(status, headers, JSON, text or None). ConnectionRefusedError if nothing was sent, Broken if
        something may have been."""
        reused = self.stream is not None
        if not reused:
            self.stream = await asyncio.open_connection(self.host, self.port, limit=1 << 26)
        try:
            return await asyncio.wait_for(self._call(method, path, body, headers), seconds)
        except (asyncio.IncompleteReadError, ConnectionError, OSError, asyncio.TimeoutError) as error:
            self.close()
            raise Broken(str(error) or type(error).__name__) from None

    async def _call(self, method, path, body, headers):
        reader, writer = self.stream
        text = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}"]
        if body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(text)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + text)
        await writer.drain()
        first, answer_headers = await _read_head(reader)
        answer = await _read_body(reader, answer_headers)
        if answer_headers.get("connection", "").lower() == "close":
            self.close()
        return int(first.split(" ")[1]), answer_headers, _value(answer)

    def close(self):
        if self.stream is not None:
            self.stream[1].close()
            self.stream = None


def _value(text):
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text.decode("utf-8", "replace")
