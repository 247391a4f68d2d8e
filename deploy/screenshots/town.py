"""A running Tongxing with a simulated city, in a folder that is thrown away: a demo with accounts."""

import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import quote

# In the order in which one needs the other.
KINDS = ["districts", "companies", "plants", "sites", "places", "vehicles", "terminals", "zones", "tickets", "accidents",
         "baselines", "plans"]
PASSWORD = "a long pass-phrase"


class Visitor:
    """Somebody who is logged in, or nobody."""

    def __init__(self, home):
        self.home, self.cookie, self._token = home, "", None

    def _ask(self, path, body=None):
        headers = {"Cookie": self.cookie, "Content-Type": "application/json"}
        if self._token:
            headers["X-CSRF-Token"] = self._token
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.home + path, data, headers), timeout=60) as answer:
            if setting := answer.headers["Set-Cookie"]:
                self.cookie = setting.split(";")[0]
            return json.load(answer)

    def get(self, path):
        return self._ask(path)

    def all(self, path):
        """Every page of a list."""
        rows, after = [], None
        while True:
            page = self.get(path + (f"{'&' if '?' in path else '?'}after={quote(after)}" if after else ""))
            rows += page.get("items") or page["features"]
            if not (after := page["next"]):
                return rows

    def post(self, path, body):
        answer = self._ask(path, body)
        self._token = answer.get("csrf_token", self._token)
        return answer

    def enter(self, name, once):
        """Logs in for the first time."""
        self.post("/api/v1/session", {"name": name, "password": once})
        self.post("/api/v1/session/password", {"old": once, "new": PASSWORD})
        return self


class Town:
    """`with Town(program, …) as town`: a recording has been taken in and judged when the body begins; without an end it
    goes on live, at `speed` times its pace. `hour`: it goes on from the last time that clocks in Shanghai showed that hour,
    when all who work by day are under way, instead of from the morning, when few are."""

    def __init__(self, program, seed, trucks, days=1, start="2026-03-02", until=None, speed=1, hour=None):
        self._program = os.path.abspath(program)
        # Nothing that is set for another installation.
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("TONGXING_")}
        self._size = ["--seed", str(seed), "--trucks", str(trucks)]
        self._days = ["--days", str(days), "--start", start]
        self._until = until and datetime.fromisoformat(until)
        self._speed = speed
        self._city = hour is not None and self._last(hour) | {"seed": seed, "trucks": trucks}
        self._temporary = tempfile.TemporaryDirectory(prefix="tongxing-town-", ignore_cleanup_errors=True)
        self.folder = Path(self._temporary.name)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.home = f"http://127.0.0.1:{self.port}"

    @staticmethod
    def _end(*_):
        raise SystemExit("已中止 / ended from outside")

    def __enter__(self):
        # Who ends this script ends its servers with it.
        signal.signal(signal.SIGTERM, self._end)
        # The demo, started by root, goes on as another account.
        self.folder.chmod(0o755)
        print(f"模拟城市 simulating a city in {self.folder} …", flush=True)
        if self._until:
            self.run("simulate", self.folder / "city", *self._size, *self._days)
            self._cut(self.folder / "city/traffic.ndjson")
            traffic = ["--speed", "max", "--traffic", self.folder / "city/traffic.ndjson"]
        else:
            traffic = ["--speed", str(self._speed), *self._size]
        if self._city:
            (self.folder / "demo").mkdir()
            (self.folder / "demo/city.json").write_text(json.dumps(self._city))
        log = open(self.folder / "log", "w+", encoding="utf-8")
        self._demo = subprocess.Popen(
            [self._program, "demo", "--folder", self.folder / "demo", "--web-port", str(self.port), *traffic],
            stdout=log, stderr=log, env=self._environment | {"TONGXING_WEB_ACCESS": "accounts"}, start_new_session=True)
        try:
            self._once = dict(self._said(r"^ {4}(admin|security|auditor) +(\S+)$", count=3))
            self._database = self._said(r"^数据库 / database +(\S+)$")[0]
            if self._until:
                for kind in KINDS:
                    if (file := self.folder / f"city/{kind}.csv").exists():
                        self.run("import", kind, file)
                print("接收并研判 taking in and judging …", flush=True)
                self.run("status", "--wait-caught-up", "600")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._demo.send_signal(signal.SIGINT)
        self._demo.wait()
        self._temporary.cleanup()

    @staticmethod
    def _last(hour):
        """What a demo keeps of how far its city has come."""
        now = datetime.now(timezone(timedelta(hours=8)))
        then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
        then -= timedelta(days=then > now)
        return {"publishedUpTo": int(then.timestamp()) * 1_000_000,
                "startDate": {"year": then.year, "month": then.month, "day": then.day}}

    def _cut(self, traffic):
        """The city stands still at a time at which its trucks are on the road."""
        kept = [line for line in traffic.read_text(encoding="utf-8").splitlines(keepends=True)
                if datetime.fromisoformat(json.loads(line)["sent"].replace("Z", "+00:00")) < self._until]
        traffic.write_text("".join(kept), encoding="utf-8")

    def _said(self, pattern, count=1, seconds=120):
        """What the demo printed that matches."""
        end = time.monotonic() + seconds
        while True:
            text = (self.folder / "log").read_text(encoding="utf-8")
            found = re.findall(pattern, text, re.M)
            if len(found) >= count:
                return found
            if self._demo.poll() is not None or time.monotonic() > end:
                raise RuntimeError("演示没有启动 the demo did not start:\n" + text)
            time.sleep(0.2)

    def run(self, *arguments):
        environment = dict(self._environment)
        if hasattr(self, "_database"):
            environment["TONGXING_DATABASE_URL"] = self._database
        done = subprocess.run([self._program, *map(str, arguments)], env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"tongxing {' '.join(map(str, arguments))}: {done.stderr}")
        return done.stdout

    def count(self, metric):
        """The sum of a metric over its labels."""
        with urllib.request.urlopen(self.home + "/metrics", timeout=30) as answer:
            rows = re.findall(rf"^{metric}(?:\{{.*\}})? (\S+)$", answer.read().decode(), re.M)
        return sum(map(float, rows))

    def visitor(self, name, *duty):
        """Somebody new with that duty, or one of the first three."""
        once = self._once.get(name)
        if not once:
            once = re.search(r"(?:[a-z0-9]{5}-){3}[a-z0-9]{5}", self.run("accounts", "add", name, *duty))[0]
        return Visitor(self.home).enter(name, once)
