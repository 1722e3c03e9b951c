"""The web console, used in headless Chromium as a person would."""

import os
import unittest
import urllib.parse

from browser import Browser, is_there
from e2e import DOMAIN, StackTest
from stack import call, eventually

AWAKE, ASLEEP = f"awake@{DOMAIN}", f"asleep@{DOMAIN}"
HOSTILE = "<img src=x onerror=\"document.title='taken over'\"><script>document.title='taken over'</script>"
PAGES = {"": "Happening now", "devices": AWAKE, "messages": "Open ones first", "events": "The newest 200",
         "deadletters": "given up", "scefs": "operator-a", "audit": "Who changed what"}


class Console(StackTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            for device, profile in ((AWAKE, "always-on"), (ASLEEP, "nb-iot")):
                cls.stack.provision(device, profile=profile)
            cls.stack.start_modems("--device", AWAKE)
            eventually("it is registered", lambda: "awake" in cls.stack.clients())
            cls.browser = Browser()
        except BaseException:
            cls.stack.stop()
            raise

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()
        super().tearDownClass()

    def open(self, page, role="admin"):
        """Opens a page in a tab that has the token of that role."""
        self.browser.open(f"{self.stack.api}/console/")
        self.browser.js("sessionStorage.setItem('scef-adapter.token', arguments[0])", self.stack.tokens[role])
        self.browser.open("about:blank")
        self.browser.open(f"{self.stack.api}/console/#/{page}")
        self.browser.errors()

    def device_page(self, device, role="admin"):
        self.open("devices/" + urllib.parse.quote(device, safe=""), role)
        self.browser.wait_for_text(device, "h1")

    def send(self, device, request="GET /3/0/0", **members):
        done = self.stack.ctl("--json", "messages", "send", device, "--coap", request, "--ttl", "1h")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_the_files_need_no_token_and_run_nothing_of_others(self):
        status, page = call("GET", self.stack.api + "/console/")
        self.assertEqual(status, 200)
        self.assertIn("<title>SCEF adapter</title>", page)
        self.assertEqual(call("GET", self.stack.api + "/console/none.js")[0], 401)
        self.assertEqual(call("GET", self.stack.api + "/console/../api/v1/devices")[0], 401)
        self.assertEqual(call("POST", self.stack.api + "/console/", {})[0], 401)

    def test_a_token_is_asked_for_until_one_is_right(self):
        self.browser.open(self.stack.api)  # leads to the console
        self.browser.js("sessionStorage.clear()")
        self.browser.open("about:blank")
        self.browser.open(self.stack.api + "/console/#/devices")
        self.browser.wait("document.getElementById('login').open")
        self.browser.type("#login-token", "wrong")
        self.browser.press("Continue")
        self.browser.wait_for_text("the token is not known", "#login-error")
        self.browser.type("#login-token", self.stack.tokens["read"])
        self.browser.press("Continue")
        self.browser.wait_for_text(AWAKE, "#page")

    def test_every_page_shows_what_it_is_for_and_nothing_goes_wrong(self):
        self.send(AWAKE)
        for page, text in PAGES.items():
            with self.subTest(page=page):
                self.open(page)
                self.browser.wait_for_text(text, "#page")
                self.assertEqual(self.browser.errors(), [])

    def test_the_overview_tells_what_arrives_while_it_is_watched(self):
        self.open("")
        self.browser.wait("document.querySelector('.tile .value')")
        self.browser.wait("document.querySelector('.plot polyline')?.getAttribute('points')")
        self.send(AWAKE)
        self.browser.wait_for_text("the device answered", "#page")
        tile = "[...document.querySelectorAll('.tile')].find((one) => one.innerText.includes('Delivered'))"
        self.browser.wait(f"Number({tile}.querySelector('.value').innerText) > 0")
        self.assertEqual(self.browser.errors(), [])

    def test_what_is_sent_from_a_devices_page_is_answered_there(self):
        self.device_page(AWAKE)
        self.browser.type("input[name=path]", "/3/0/1")
        self.browser.press("Send")
        self.browser.wait("[...document.querySelectorAll('tbody tr')].some((row) =>"
                          " row.innerText.includes('GET /3/0/1') && row.innerText.includes('DELIVERED'))")
        row = "[...document.querySelectorAll('tr')].find((row) => row.innerText.includes('GET /3/0/1'))"
        self.browser.js(f"({row}).querySelector('a').click()")
        self.browser.wait_for_text("Timeline")
        self.browser.wait_for_text("2.05", "dl")
        self.browser.wait("document.querySelectorAll('.timeline li').length > 2")
        self.assertEqual(self.browser.errors(), [])

    def test_a_sleeping_devices_message_says_why_it_waits_and_is_canceled(self):
        self.device_page(ASLEEP)
        self.browser.press("Send")
        row = "[...document.querySelectorAll('tr')].find((row) => row.innerText.includes('QUEUED'))"
        self.browser.wait(row)
        self.browser.js(f"({row}).querySelector('a').click()")
        self.browser.wait_for_text("The device sleeps", "#page")
        self.browser.press("Cancel")
        self.browser.wait_for_text("CANCELED", "h1")

    def test_a_device_is_paused_and_resumed_but_not_by_a_reader(self):
        self.device_page(ASLEEP)
        self.browser.press("Pause")
        self.browser.wait_for_text("paused", "h1")
        self.assertTrue(self.stack.device(ASLEEP)["paused"])
        self.browser.press("Resume")
        self.browser.wait("!document.querySelector('h1').innerText.includes('paused')")
        self.assertFalse(self.stack.device(ASLEEP)["paused"])
        self.device_page(ASLEEP, "read")
        self.browser.press("Pause")
        self.browser.wait_for_text("this needs a token of the role admin", "#notices")
        self.assertFalse(self.stack.device(ASLEEP)["paused"])

    def test_foreign_text_is_shown_and_never_run(self):
        done = self.stack.adapter_call("POST", f"/devices/{ASLEEP}/messages", {
            "payload": "QAEAALEzATABMA==", "correlationId": HOSTILE, "collapseKey": HOSTILE})
        self.assertEqual(done[0], 201, done)
        self.open("messages/" + done[1]["id"])
        self.browser.wait_for_text(HOSTILE, "dl")
        self.assertNotIn("taken over", self.browser.js("return document.title"))
        self.assertEqual(self.browser.js("return document.querySelectorAll('#page img').length"), 0)
        self.stack.adapter_call("DELETE", f"/devices/{ASLEEP}/messages")

    def test_it_goes_on_when_the_adapter_comes_back(self):
        self.open("")
        self.browser.wait("document.querySelector('.tile .value')")
        self.stack.adapter.kill()
        self.browser.wait_for_text("no connection", "#connection")
        self.stack.start_adapter()
        self.browser.wait("document.querySelector('#connection').innerText === ''")
        # Told although nobody sent it while the page had a connection for sure.
        self.send(AWAKE)
        self.browser.wait_for_text("the device answered", "#page")

    def test_find_leads_to_a_device_and_to_a_message(self):
        self.open("")
        self.browser.type("#find-text", ASLEEP + "\n")
        self.browser.wait_for_text(ASLEEP, "h1")
        self.browser.type("#find-text", "01a22e50-582e-7052-8c96-fa4968560303\n")
        self.browser.wait_for_text("no such message", "#page")

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before and os.path.isdir(self.dir):
            self.browser.screenshot(os.path.join(self.dir, self._testMethodName + ".png"))


if __name__ == "__main__":
    if not is_there() and not os.environ.get("SCEF_BROWSER_REQUIRED"):
        print("chromium and chromium-driver are not here: scripts/setup --test installs them")
        raise SystemExit(77)
    unittest.main()
