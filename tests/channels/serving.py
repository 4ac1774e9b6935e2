"""How is an application served for a test? On a real socket of this machine, in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sanic import Sanic

#: Sanic rewrites its own methods when it starts; only in this mode can it start more than once in a process.
Sanic.test_mode = True


@contextmanager
def served(app: Sanic) -> Iterator[str]:
    """The base URL of `app`, listening on 127.0.0.1; stopped at the end."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    stop = asyncio.Event()

    async def run() -> None:
        server = await app.create_server(sock=listening, return_asyncio_server=True)
        assert server is not None
        await server.startup()
        await server.before_start()
        await server.start_serving()
        await server.after_start()
        ready.set()
        await stop.wait()
        await server.before_stop()
        await server.close()
        for connection in list(server.connections):
            connection.abort()
        await server.after_stop()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    def work() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(run())
        loop.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        assert ready.wait(10), "the server did not start"
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        listening.close()
