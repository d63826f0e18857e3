# live_client.py URL N: Python's websockets as a client: reads the hello and
# N numbered events, pings, and says what it saw.
import asyncio
import json
import sys

import websockets


async def main(url, wanted):
    async with websockets.connect(
            url, extra_headers={"Cookie": "mt5fleet=good"}) as ws:
        hello = json.loads(await ws.recv())
        got = []
        while len(got) < wanted:
            message = json.loads(await ws.recv())
            if "n" in message:
                got.append(message["n"])
        await ws.send(json.dumps({"type": "ping"}))
        pong = json.loads(await ws.recv())
        order = "in order" if got == list(range(1, wanted + 1)) else got
        print(f"{hello['type']}, {len(got)} {order}, {pong['type']}")


asyncio.run(asyncio.wait_for(main(sys.argv[1], int(sys.argv[2])), 20))
