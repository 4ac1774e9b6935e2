"""From the first click, how long until the first question on an old phone's line? `python -m bench.first_question`."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browsers import running_chromium
from tests.journeys.haven import running_haven

AT = "2026-11-20T14:30:00+00:00"
ROUND_TRIP_MS, KBIT_A_SECOND = 400, 400
TIMES = 5


def main() -> None:
    """Print the median and the worst of a few, with nothing kept from one to the next."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'haven.db'}"
        with running_haven(Path(folder), database, AT) as haven, running_chromium() as browser:
            took = [_once(browser, haven.url) for _ in range(TIMES)]
    line = f"{ROUND_TRIP_MS} ms, {KBIT_A_SECOND} kbit/s"
    print(f"first click to first question ({line}): median {statistics.median(took):.2f} s, worst {max(took):.2f} s")


def _once(browser: Browser, url: str) -> float:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{url}/")  # which carries the one line; a frame of its own site shares the throttled connection
    launcher = page.locator("button.launcher")
    expect(launcher).to_be_visible()
    bytes_a_second = KBIT_A_SECOND * 1000 / 8
    context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": ROUND_TRIP_MS,
            "downloadThroughput": bytes_a_second,
            "uploadThroughput": bytes_a_second,
        },
    )
    began = time.perf_counter()
    launcher.click()
    frame = page.frame_locator("section.panel iframe")
    frame.locator("text=Start the chat").click(timeout=30_000)
    expect(frame.locator("#choices button").first).to_be_visible(timeout=30_000)
    took = time.perf_counter() - began
    context.close()
    return took


if __name__ == "__main__":
    main()
