"""Which browser do tests drive, and how? The distribution's Chromium, with nothing of the world but this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WEATHER = "https://www.bbc.co.uk/weather"


def chromium_path() -> str:
    """Where Chromium is. Fails the test when there is none."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("these tests need a browser: apt-get install -y chromium")
    return path


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """A Chromium without windows."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


def with_weather(context: BrowserContext) -> BrowserContext:
    """The same context, in which the page that leaving goes to is there though nothing else of the world is."""
    context.route(f"{WEATHER}**", lambda route: route.fulfill(body="weather", content_type="text/html"))
    return context


def focused(page: Page) -> str:
    """What has the focus, as people would name it: its id, else its words, else its tag."""
    found: str = page.evaluate(
        """() => { const e = document.activeElement;
        return e.id || (e.textContent || e.value || '').replace(/\\s+/g, ' ').trim().slice(0, 80) || e.tagName; }"""
    )
    return found
