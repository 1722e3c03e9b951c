"""A headless Chromium, driven over the W3C WebDriver protocol by Debian's chromedriver."""

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key that the protocol gives to elements


def is_there():
    return shutil.which("chromedriver") is not None and shutil.which("chromium") is not None


class Browser:
    """One window with a profile of its own; `quit` ends everything that it started."""

    def __init__(self, width=1400, height=1000):
        self.folder = tempfile.mkdtemp(prefix="scef-browser-")
        # Chromium wants a home folder that it may write to.
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True,
                                       stderr=subprocess.DEVNULL, env={**os.environ, "HOME": self.folder})
        try:
            self.url = f"http://127.0.0.1:{self._port()}/session"
            options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                                f"--user-data-dir={self.folder}/profile", f"--window-size={width},{height}"]}
            made = self._call("POST", "", {"capabilities": {"alwaysMatch": {
                "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}})
            self.url += f"/{made['sessionId']}"
        except BaseException:
            self._end()
            raise

    def _port(self):
        for line in self.driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                return int(found[1])
        raise RuntimeError("chromedriver did not start")

    def _call(self, method, path, body=None):
        data = None if method == "GET" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            problem = json.load(error)["value"]
            raise RuntimeError(f"{problem['error']}: {problem['message'].splitlines()[0]}") from None

    def open(self, url):
        self._call("POST", "/url", {"url": url})

    def js(self, script, *arguments):
        """Runs the body of a function; what it returns."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def wait(self, expression, seconds=60):
        """Until an expression of JavaScript is true; its value. The error shows the page's text."""
        deadline = time.monotonic() + seconds
        while True:
            value = self.js(f"return {expression}")
            if value:
                return value
            if time.monotonic() > deadline:
                text = self.js("return document.body.innerText")
                raise AssertionError(f"not in {seconds} s: {expression}\nthe page says:\n{text}")
            time.sleep(0.1)

    def wait_for_text(self, text, css="body", seconds=60):
        return self.wait(f"document.querySelector({json.dumps(css)})?.innerText.includes({json.dumps(text)})", seconds)

    def _find(self, css):
        return self._call("POST", "/element", {"using": "css selector", "value": css})[ELEMENT]

    def click(self, css):
        self._call("POST", f"/element/{self._find(css)}/click")

    def press(self, text):
        """Clicks the button with this text."""
        element = self._call("POST", "/element", {"using": "xpath", "value": f"//button[normalize-space()='{text}']"})
        self._call("POST", f"/element/{element[ELEMENT]}/click")

    def type(self, css, text):
        element = self._find(css)
        self._call("POST", f"/element/{element}/clear")
        self._call("POST", f"/element/{element}/value", {"text": text})

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self._call("GET", "/screenshot")))

    def errors(self):
        """What the console of the browser says since the last time: exceptions, refused files, failed requests."""
        return [entry["message"] for entry in self._call("POST", "/se/log", {"type": "browser"})
                if entry["level"] == "SEVERE"]

    def quit(self):
        try:
            self._call("DELETE", "")
        finally:
            self._end()

    def _end(self):
        self.driver.terminate()
        self.driver.wait()
        self.driver.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)
