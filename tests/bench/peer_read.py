# peer_read.py: /api/accounts as a FastAPI program serves it that keeps the
# nodes' answers in Redis for 60 s: reads them, sorts the accounts by profit and
# adds up. It reads what collect wrote, so that both answer the same fleet.
import json
import os

import redis.asyncio
from fastapi import FastAPI, Response

app = FastAPI()
cache = redis.asyncio.Redis(unix_socket_path=os.environ["REDIS_SOCKET"])
with open(os.environ["NODES_FILE"], encoding="utf-8") as file:
    keys = [f"snapshot:{node['id']}" for node in json.load(file)]


@app.get("/api/accounts")
async def accounts():
    rows, totals = [], {}
    for text in await cache.mget(keys):
        if text is None:
            continue
        lines = text.split(b"\n")
        for i, head in enumerate(json.loads(lines[0])["accounts"]):
            row = {**head, **json.loads(lines[1 + 3 * i])}
            rows.append(row)
            money = row["account"]
            total = totals.setdefault(money["currency"], {
                "accounts": 0, "balance": 0.0, "equity": 0.0, "profit": 0.0})
            total["accounts"] += 1
            for name in ("balance", "equity", "profit"):
                total[name] += money[name]
    rows.sort(key=lambda row: row["account"]["profit"], reverse=True)
    return Response(json.dumps({"accounts": rows, "totals": totals}),
                    media_type="application/json")
