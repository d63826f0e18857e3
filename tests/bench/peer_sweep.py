# peer_sweep.py NODES: all agents asked at once by httpx, each answer read and
# put into Redis for 60 s, as a Python collector does it. One line of JSON.
import asyncio
import json
import os
import resource
import sys
import time

import httpx
import redis.asyncio
import uvloop

TIMEOUT_S = 3


async def ask(client, node):
    answer = await client.get(node["url"] + "/snapshot")
    answer.raise_for_status()
    accounts = [{"node": node["id"], "account": terminal["snapshot"]["account"],
                 "positions": terminal["snapshot"]["positions"]}
                for terminal in answer.json()["terminals"]]
    return "snapshot:" + node["id"], json.dumps(accounts)


async def sweep(nodes):
    cache = redis.asyncio.Redis(unix_socket_path=os.environ["REDIS_SOCKET"])
    limits = httpx.Limits(max_connections=1000, max_keepalive_connections=1000)
    # a wait for one of the connections is not the agent's fault
    timeout = httpx.Timeout(TIMEOUT_S, pool=None)
    failed = 0
    async with httpx.AsyncClient(limits=limits, timeout=timeout) as client:
        answers = await asyncio.gather(*(ask(client, n) for n in nodes),
                                       return_exceptions=True)
        pipe = cache.pipeline(transaction=False)
        for answer in answers:
            if isinstance(answer, Exception):
                failed += 1
            else:
                pipe.set(*answer, ex=60)
        await pipe.execute()
    return failed


with open(sys.argv[1], encoding="utf-8") as file:
    NODES = json.load(file)
uvloop.install()
began = time.monotonic()
failed = asyncio.run(sweep(NODES))
seconds = time.monotonic() - began
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"seconds": seconds, "failed": failed,
                  "cpu": used.ru_utime + used.ru_stime,
                  "memory": used.ru_maxrss}))
