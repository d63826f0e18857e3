# live_fastapi.py: the same broadcast as a FastAPI program does it: one task
# follows the Redis stream, and sends each entry to every WebSocket.
import asyncio
import os

import redis.asyncio
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()
clients = set()


async def follow():
    cache = redis.asyncio.Redis(
        unix_socket_path=os.environ["REDIS_SOCKET"], decode_responses=True)
    nudges = cache.pubsub()
    await nudges.subscribe("live")
    newest = await cache.xrevrange("live", count=1)
    last = newest[0][0] if newest else "0-0"
    async for _ in nudges.listen():
        for entry, fields in await cache.xrange("live", f"({last}"):
            last = entry
            text = '{"id":"' + entry + '",' + fields["data"][1:]
            for ws in list(clients):
                try:
                    await ws.send_text(text)
                except Exception:
                    clients.discard(ws)


@app.on_event("startup")
async def start():
    app.state.task = asyncio.create_task(follow())


@app.websocket("/ws")
async def endpoint(ws: WebSocket):
    await ws.accept()
    clients.add(ws)
    try:
        while True:
            await ws.receive_text()
    except WebSocketDisconnect:
        clients.discard(ws)
