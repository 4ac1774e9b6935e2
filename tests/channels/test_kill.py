"""Is a message that was taken in still answered, once, after the process was killed in the middle of its turn?"""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(database: Path, port: int, mood: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.channels.killable", str(database), str(port), mood]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


async def call(http: aiohttp.ClientSession, method: str, url: str, **options: Any) -> Any:
    """The JSON of a call; waits up to 20 seconds for the server to be there."""
    for _ in range(200):
        try:
            async with http.request(method, url, **options) as answer:
                return await answer.json()
        except aiohttp.ClientConnectorError:
            await asyncio.sleep(0.1)
    raise AssertionError("the server did not come up")


async def test_killed_in_the_middle_of_a_turn(tmp_path: Path) -> None:
    database, port = tmp_path / "haven.db", free_port()
    base = f"http://127.0.0.1:{port}/api/conversations"
    async with aiohttp.ClientSession() as http:
        with running(database, port, "hang"):
            token = (await call(http, "POST", base, json={}))["token"]
            bearer = {"Authorization": f"Bearer {token}"}
            body = {"id": "c1", "text": "hang on, then they came back"}
            sending = asyncio.create_task(call(http, "POST", f"{base}/current/messages", json=body, headers=bearer))
            await asyncio.sleep(1)
            assert not sending.done()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        with running(database, port, "answer"):
            first = await call(http, "POST", f"{base}/current/messages", json=body, headers=bearer)
            again = await call(http, "POST", f"{base}/current/messages", json=body, headers=bearer)
    assert [m["text"] for m in first["messages"]] == ["2: hang on, then they came back"]
    assert again == first
