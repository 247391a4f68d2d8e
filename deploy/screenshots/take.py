#!/usr/bin/env python3
"""截取控制台每一页 / makes the pictures of every page of the console: `make screenshots`.

    deploy/screenshots/take.py [--program FILE] [--out FOLDER] [--only NAME…] [--whole]

Starts a demo with accounts on a simulated city, signs in, and takes every page at the width of a desk and of a telephone,
in both languages; writes the pictures and a README.md that shows them beside this file. --whole: as long as the page is.
"""

import argparse
from pathlib import Path

from browser import Browser
from pages import PAGES, prepare
from town import Town, Visitor

SIZES = {"desk": (1280, 800), "phone": (375, 812)}
QUALITY = 50
# A page never scrolls sideways: on a telephone nobody finds what stands there (and `innerWidth` grows with the page).
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def take(browser, visitors, page, language, size, address, is_whole):
    width, height = SIZES[size]
    visitor = visitors[page.visitor]
    browser.size(width, height)
    browser.go(visitor.home + "/healthz")
    browser.cookie(visitor.cookie)
    browser.run(f"localStorage.setItem('tongxing.language', '{language}')")
    browser.log()
    browser.go(visitor.home + address)
    browser.wait("document.readyState === 'complete'")
    browser.wait(page.ready)
    for act, then in page.steps:
        browser.run(act)
        browser.wait(then)
    browser.settle()
    browser.wait("document.getAnimations().every((one) => one.playState !== 'running')"
                 " && !document.querySelector('.leaflet-zoom-anim')")
    if is_whole:
        browser.size(width, min(4000, browser.run(
            "return Math.max(innerHeight, ...[...document.querySelectorAll('html, .findings')].map((it) => it.scrollHeight))")))
    place = f"{page.name} {language} {size}"
    if not browser.run(f"return {FITS}"):
        raise SystemExit(f"{place}: 页面过宽 the page is too wide")
    complaints = [row["message"] for row in browser.log() if row["level"] in ("SEVERE", "WARNING")]
    if complaints:
        raise SystemExit(f"{place}: 浏览器报错 the browser complains: {complaints}")
    return browser.picture(QUALITY)


def gallery(out):
    """Every picture, a page a section."""
    lines = ["# 控制台各页 The pages of the console", "",
             "由 `make screenshots` 在模拟城市上生成，勿手改。 Made by `make screenshots` on a simulated city; not by hand.", ""]
    for page in PAGES:
        lines += [f"## {page.zh} {page.en}", ""]
        lines += [f"![{page.zh}]({page.name}-desk-zh.webp)", "", f"![{page.en}]({page.name}-desk-en.webp)", "",
                  f"![{page.zh}]({page.name}-phone-zh.webp) ![{page.en}]({page.name}-phone-en.webp)", ""]
    (out / "README.md").write_text("\n".join(lines), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=".build/release/tongxing")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--whole", action="store_true")
    options = parser.parse_args()
    pages = [page for page in PAGES if not options.only or page.name in options.only]
    # The fourth morning, when the trucks are under way.
    with Town(options.program, seed=3, trucks=24, days=4, start="2026-03-02", until="2026-03-05T10:20:00+08:00") as town:
        visitors = {
            "nobody": Visitor(town.home),
            "officer": town.visitor("chen.jing", "--role", "enforcement_officer", "--display-name", "陈静"),
            "operator": town.visitor("li.wei", "--role", "operator", "--display-name", "李伟"),
            "safety": town.visitor("wang.fang", "--role", "safety_officer", "--display-name", "王芳"),
            "insurer": town.visitor("jia.xing", "--role", "insurer", "--display-name", "保险机构"),
        } | {name: town.visitor(name) for name in ("admin", "security", "auditor")}
        # What was reported of the years before the recording: without it there is no target to show.
        town.run("import", "baselines", Path(__file__).with_name("baselines.csv"))
        addresses = prepare(visitors)
        options.out.mkdir(parents=True, exist_ok=True)
        total = 0
        with Browser() as browser:
            for page in pages:
                for size in SIZES:
                    for language in ("zh", "en"):
                        picture = take(
                            browser, visitors, page, language, size, page.path.format(**addresses), options.whole)
                        (options.out / f"{page.name}-{size}-{language}.webp").write_bytes(picture)
                        total += len(picture)
                print(f"{page.name}  {page.zh} {page.en}", flush=True)
    if not options.only:
        gallery(options.out)
    print(f"{options.out}: {4 * len(pages)} 张 pictures, {total / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
