"""A headless Chromium, driven over the W3C WebDriver protocol with nothing but Python's own library."""

import base64
import json
import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request


class DriverError(Exception):
    """The driver said why it did not do what was asked."""


class Browser:
    """One browser with a driver of its own; ends both when its `with` ends."""

    def __init__(self, width=1280, height=800):
        self._width, self._height = width, height
        self._profile = tempfile.TemporaryDirectory(prefix="tongxing-browser-", ignore_cleanup_errors=True)

    def __enter__(self):
        # A group of its own, so that the browser ends with its driver.
        self._driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            start_new_session=True)
        for line in self._driver.stdout:
            if "started successfully on port" in line:
                self._home = "http://127.0.0.1:" + line.rstrip(".\n").rsplit(" ", 1)[1]
                break
        options = {"args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={self._profile.name}",
            f"--window-size={self._width},{self._height}"]}
        made = self._send("POST", "/session", {"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}})
        self._home += "/session/" + made["sessionId"]
        return self

    def __exit__(self, *_):
        try:
            self._send("DELETE", "")
        finally:
            os.killpg(self._driver.pid, signal.SIGTERM)
            self._driver.wait()
            self._profile.cleanup()

    def _send(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self._home + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=180) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise DriverError(json.load(error)["value"]["message"].split("\n")[0]) from None

    def go(self, address):
        self._send("POST", "/url", {"url": address})

    def run(self, script):
        """What the script returns."""
        return self._send("POST", "/execute/sync", {"script": script, "args": []})

    def ask(self, script, *arguments):
        """What the script hands to its last argument."""
        return self._send("POST", "/execute/async", {"script": script, "args": arguments})

    def wait(self, expression, seconds=60):
        """Until the expression holds on the page."""
        end = time.monotonic() + seconds
        while not self.run(f"return Boolean({expression})"):
            if time.monotonic() > end:
                raise DriverError(f"{self.run('return location.href')}: not within {seconds} s: {expression}")
            time.sleep(0.05)

    def cookie(self, pair):
        """Has this one cookie, `name=value`, and no other; with none it is nobody's browser."""
        self._send("DELETE", "/cookie")
        if pair:
            name, value = pair.split("=", 1)
            self._send("POST", "/cookie", {"cookie": {"name": name, "value": value, "httpOnly": True}})

    def command(self, name, **parameters):
        """A command of the Chrome DevTools protocol."""
        return self._send("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def size(self, width, height):
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 700)

    def settle(self):
        """Two frames: whatever was asked to be drawn has been."""
        self.ask("const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()));")

    def picture(self, quality):
        """What is seen now, as WebP."""
        self.settle()
        shot = self.command("Page.captureScreenshot", format="webp", quality=quality, optimizeForSpeed=False)
        return base64.b64decode(shot["data"])

    def log(self, kind="browser"):
        """What the browser wrote into a log of its own since the last time."""
        return self._send("POST", "/se/log", {"type": kind})
