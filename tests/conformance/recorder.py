"""An HTTP server that hands everything on and keeps what passed."""

import http.client
import http.server
import threading
import urllib.parse


class Passed:
    """One request and its answer. Content types are without parameters."""

    def __init__(self, method, path, request_type, request_body, status, answer_headers,
                 answer_body):
        self.method, self.path, self.status = method, path, status
        self.request_type, self.request_body = request_type, request_body
        self.answer_type = plain_type(answer_headers)
        self.location = answer_headers.get("Location")
        self.answer_body = answer_body

    def __str__(self):
        return (f"{self.method} {self.path} {self.request_type} {self.request_body} -> "
                f"{self.status} {self.answer_type} {self.answer_body}")


def plain_type(headers):
    return (headers.get("Content-Type") or "").partition(";")[0].strip().lower()


class Recorder:
    def __init__(self, upstream):
        recorder = self
        self.upstream = urllib.parse.urlsplit(upstream).netloc
        self.lock = threading.Lock()
        self.passed = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def hand_on(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                upstream = http.client.HTTPConnection(recorder.upstream, timeout=60)
                headers = {name: value for name, value in self.headers.items()
                           if name.lower() not in ("host", "connection", "content-length")}
                upstream.request(self.command, self.path, body or None, headers)
                answer = upstream.getresponse()
                text = answer.read()
                upstream.close()
                with recorder.lock:
                    recorder.passed.append(Passed(
                        self.command, self.path, plain_type(self.headers), body.decode(),
                        answer.status, answer.headers, text.decode()))
                self.send_response(answer.status)
                for name in ("Content-Type", "Location", "Retry-After", "Allow"):
                    if answer.headers.get(name):
                        self.send_header(name, answer.headers[name])
                if answer.status != 204:
                    self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = hand_on

            def log_message(self, *_arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def everything(self):
        with self.lock:
            return list(self.passed)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
