#!/usr/bin/env python3
"""测量实时页面 / measures the live page: Benchmarks/console/measure.py [--program FILE] [--trucks N] [--out FOLDER]

Starts a demo with a live city, opens the live map in a headless Chromium as an operator does, and says what it weighs,
when it can be used, how it moves while the trucks do, and how soon one sees what another did; with --out as console.md
and console.json too.
"""

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy/screenshots"))

from browser import Browser, DriverError  # noqa: E402
from town import Town  # noqa: E402

# Collects long tasks, and when new positions came, from before the first script of the page.
WATCH = """
    window.tasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) window.tasks.push([startTime, duration]);
    }).observe({ type: 'longtask', buffered: true });
    window.arrivals = [];
    window.EventSource = class extends EventSource {
      constructor(...address) {
        super(...address);
        this.addEventListener('position', () => window.arrivals.push(performance.now()));
      }
    };
    """
# The intervals between the frames of so many milliseconds, and the long tasks meanwhile.
FRAMES = """
    const [milliseconds, done] = arguments;
    const start = performance.now(), frames = [];
    const before = window.tasks.length;
    let last = start;
    const step = (now) => {
      frames.push(now - last);
      last = now;
      if (now - start < milliseconds) requestAnimationFrame(step);
      else done({ frames: frames.slice(1), tasks: window.tasks.slice(before).map((task) => task[1]) });
    };
    requestAnimationFrame(step);
    """
# Somebody who drags the map to and fro for some seconds. The events begin at the map, as a mouse's do: Leaflet marks
# where they began with a class, which a document has none of.
DRAG = """
    const map = document.getElementById('map');
    const { left, top, width, height } = map.getBoundingClientRect();
    const at = (type, x, y) => map.dispatchEvent(new MouseEvent(type, {
      bubbles: true, cancelable: true, view: window, button: 0, buttons: 1, clientX: x, clientY: y }));
    const start = performance.now();
    const [x, y] = [left + width / 2, top + height / 2];
    at('mousedown', x, y);
    const step = (now) => {
      at('mousemove', x + 150 * Math.sin((now - start) / 500), y + 100 * Math.sin((now - start) / 700));
      if (now - start < 11000) requestAnimationFrame(step);
      else at('mouseup', x, y);
    };
    requestAnimationFrame(step);
    """
SHOWN = """[...document.querySelectorAll('#figures dd')].slice(0, 3).reduce((sum, it) => sum + Number(it.textContent), 0)"""


def loaded(browser, home, trucks):
    """What one load took: bytes and requests, first paint, all trucks shown, and the end of the last long task."""
    browser.log("performance")
    browser.go(home + "/")
    browser.run(f"""
        const look = () => {{ if ({SHOWN} >= {trucks}) window.allShown ??= performance.now(); else requestAnimationFrame(look); }};
        look();""")
    browser.wait("window.allShown && document.querySelector('#deliveries .rows > *')", 120)
    # Interactive: nothing kept the page busy for more than 50 ms in the two seconds that follow.
    try:
        browser.wait("performance.now() - (window.tasks.at(-1)?.reduce((a, b) => a + b) ?? 0) > 2000"
                     " && performance.now() - window.allShown > 2000", 30)
    except DriverError:
        print("它一直忙 the page is kept busy all the time", file=sys.stderr)
    said = browser.run("""
        const early = window.tasks.filter(([start]) => start < window.allShown + 2000);
        return {
          paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime, shown: window.allShown,
          interactive: Math.max(window.allShown, ...early.map(([start, length]) => start + length)),
          blocked: early.reduce((sum, [, length]) => sum + length - 50, 0),
        };""")
    sizes, kinds = {}, {}
    for row in browser.log("performance"):
        event = json.loads(row["message"])["message"]
        if event["method"] == "Network.responseReceived":
            kinds[event["params"]["requestId"]] = event["params"]["response"]["url"]
        elif event["method"] == "Network.loadingFinished":
            sizes[event["params"]["requestId"]] = event["params"]["encodedDataLength"]
    data = sum(size for key, size in sizes.items() if "/api/" in kinds.get(key, ""))
    return said | {"requests": len(sizes), "bytes": sum(sizes.values()), "data": data}


def moving(browser, milliseconds):
    said = browser.ask(FRAMES, milliseconds)
    frames = sorted(said["frames"])
    return {
        "frames a second": 1000 * len(frames) / sum(frames), "median": statistics.median(frames),
        "95 %": frames[int(len(frames) * 0.95)], "longest": frames[-1],
        "over 50 ms": sum(frame > 50 for frame in frames) / len(frames),
        "long tasks": len(said["tasks"]), "blocked share": sum(said["tasks"]) / milliseconds,
    }


def pauses(browser):
    """Milliseconds between two times that new positions came, since the page was opened; the last until now."""
    times = browser.run("return [...window.arrivals, performance.now()]")
    return [later - earlier for earlier, later in zip(times, times[1:])]


def seen(browser, visitor, times):
    """Milliseconds from one's acknowledgement to what another sees."""
    browser.run("document.getElementById('tab-alerts').click()")
    alerts = [alert for alert in visitor.get("/api/v1/alerts?state=new&limit=100")["items"]
              if browser.run(f"return Boolean(document.querySelector('[data-key=\"{alert['alert_id']}\"]'))")]
    delays = []
    for alert in alerts[:times]:
        # What is seen by somebody goes down behind the unseen, out of the rows that are drawn at first.
        state = f"document.querySelector('[data-key=\"{alert['alert_id']}\"] .alert-state')?.classList.contains('new')"
        browser.run(f"""
            window.seenAt = null;
            const look = () => {{ if (!{state}) window.seenAt = Date.now(); else requestAnimationFrame(look); }};
            look();""")
        begin = time.time() * 1000
        visitor.post(f"/api/v1/alerts/{alert['alert_id']}/actions", {"action": "acknowledge"})
        browser.wait("window.seenAt", 10)
        delays.append(browser.run("return window.seenAt") - begin)
    return delays


def circumstances(program):
    """What the figures depend on beside the code."""
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    with open("/proc/cpuinfo", encoding="utf-8") as rows:
        processor = next((row.split(":")[1].strip() for row in rows if row.startswith("model name")), platform.machine())
    return {"date": str(date.today()), "commit": commit.stdout.strip(), "configuration": Path(program).resolve().parent.name,
            "machine": f"{os.cpu_count()} × {processor}"}


def table(figures):
    """The figures as people read them."""
    lines = [f"# 实时页面 The live page, {figures['trucks']:,} trucks", "",
             f"`Benchmarks/console/measure.py`, {figures['date']}, commit {figures['commit']}, {figures['configuration']} build; "
             f"{figures['machine']}, server, database, broker, simulated city and Chromium (headless, without a GPU) on the same "
             f"cores; {figures['messages a second']:,.0f} messages a second came in.", "",
             "| load | requests | kB | of it data | first paint ms | all trucks shown ms | interactive ms | blocked ms |",
             "|---|---|---|---|---|---|---|---|"]
    for name in ("cold", "warm"):
        one = figures[name]
        lines.append(f"| {name} | {one['requests']} | {one['bytes'] / 1000:,.0f} | {one['data'] / 1000:,.0f} | "
                     f"{one['paint']:,.0f} | {one['shown']:,.0f} | {one['interactive']:,.0f} | {one['blocked']:,.0f} |")
    lines += ["", "Interactive: all trucks are shown and the page is not kept busy for more than 50 ms any more.", "",
              "| while they drive | frames a second | median ms | 95 % ms | longest ms | over 50 ms | busy in long tasks |",
              "|---|---|---|---|---|---|---|"]
    for name in ("whole city", "near by", "dragged"):
        one = figures[name]
        lines.append(f"| {name} | {one['frames a second']:.0f} | {one['median']:.0f} | {one['95 %']:.0f} | "
                     f"{one['longest']:.0f} | {one['over 50 ms']:.1%} | {one['blocked share']:.1%} |")
    waits = figures["positions"]
    lines += ["", f"New positions came {waits['n']:,} times while it was open; the longest pause between two of them was "
              f"{waits['longest']:,.0f} ms. JavaScript heap: {figures['heap']:.0f} MB."]
    if seen_after := figures["seen by another"]:
        lines += ["", f"From one's acknowledgement to what another sees, {seen_after['n']} times: median "
                  f"{seen_after['median']:.0f} ms, longest {seen_after['longest']:.0f} ms."]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=ROOT / ".build/release/tongxing")
    parser.add_argument("--trucks", type=int, default=5000)
    parser.add_argument("--speed", type=float, default=4, help="the city's pace")
    parser.add_argument("--out", type=Path, help="a folder")
    options = parser.parse_args()
    # One in seven is off or works by night: the city has so many more that as many as were asked for are on the map.
    fleet = math.ceil(options.trucks / 0.8)
    with Town(options.program, seed=1, trucks=fleet, speed=options.speed, hour=12) as town, \
            Browser(1440, 900) as browser:
        other = town.visitor("other", "--role", "operator")
        own = town.visitor("own", "--role", "operator")
        end = time.monotonic() + 300
        while (known := len(other.all("/api/v1/positions"))) < options.trucks:
            if time.monotonic() > end:
                raise SystemExit(f"只有 {known} 辆车上图，不足 {options.trucks} / only {known} trucks of {options.trucks} are known")
            time.sleep(2)
        browser.go(town.home + "/healthz")
        browser.cookie(own.cookie)
        browser.command("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        figures = circumstances(options.program) | {
            "trucks": known, "cold": loaded(browser, town.home, known * 0.95),
                   "warm": loaded(browser, town.home, known * 0.95)}
        before = town.count("tongxing_ingestion_messages_total")
        begin = time.monotonic()
        figures["whole city"] = moving(browser, 20_000)
        figures["messages a second"] = (town.count("tongxing_ingestion_messages_total") - before) / (
            time.monotonic() - begin)
        browser.run("document.querySelector('.leaflet-control-zoom-in').click()")
        browser.run("document.querySelector('.leaflet-control-zoom-in').click()")
        time.sleep(1)
        figures["near by"] = moving(browser, 20_000)
        browser.run(DRAG)
        figures["dragged"] = moving(browser, 10_000)
        print(json.dumps(figures, default=float), file=sys.stderr, flush=True)
        waits = pauses(browser)
        figures["positions"] = {"n": len(waits), "longest": max(waits, default=math.inf)}
        figures["heap"] = browser.run("return performance.memory.usedJSHeapSize / 1e6")
        delays = seen(browser, other, 20)
        figures["seen by another"] = delays and {"median": statistics.median(delays), "longest": max(delays), "n": len(delays)}
    print(table(figures))
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "console.md").write_text(table(figures), encoding="utf-8")
        (options.out / "console.json").write_text(json.dumps(figures, indent=2, default=float) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
