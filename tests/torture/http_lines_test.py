"""What the peers' HTTP tells of a connection: whether an answer found anybody."""

import asyncio
import unittest

import http_lines

REQUEST = b"POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"


class Replies(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.sent = asyncio.Queue()

        async def answer(request, reply):
            self.sent.put_nowait(await reply.send(200, {"path": request.path}))

        self.server = await http_lines.serve(answer)
        self.port = self.server.sockets[0].getsockname()[1]

    async def asyncTearDown(self):
        self.server.close()

    async def test_an_answer_that_is_read_was_sent(self):
        client = http_lines.Client(f"127.0.0.1:{self.port}")
        status, _, body = await client.call("POST", "/a", {})
        self.assertEqual((status, body), (200, {"path": "/a"}))
        self.assertTrue(await self.sent.get())
        client.close()

    async def test_an_answer_to_who_was_killed_after_asking_was_not(self):
        _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(REQUEST)
        writer.close()  # as the kernel does for a killed process: the request arrives, and its end behind it
        self.assertFalse(await asyncio.wait_for(self.sent.get(), 30))


if __name__ == "__main__":
    unittest.main(verbosity=2)
