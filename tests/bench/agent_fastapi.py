# agent_fastapi.py: the agent as a FastAPI program: the same mailbox files, the
# same answers (docs/agent-api.md), woken by inotify as the other one is.
import asyncio
import ctypes
import hmac
import json
import os
import secrets
import struct
import time
import zlib

from fastapi import Depends, FastAPI, HTTPException, Request, Response

MAILBOX = os.path.join(os.environ["AGENT_COMMON"], "mt5fleet")
TOKEN = open(os.environ["AGENT_TOKEN_FILE"]).read().strip()
SILENT_S = 10
WAIT_MAX_S = 55
IN_MOVED_TO = 0x80
EVENT = struct.Struct("iIII")

libc = ctypes.CDLL(None, use_errno=True)


class Terminal:
    def __init__(self, name):
        self.id = name
        self.text = self.doc = None
        self.at = 0.0
        self.silent = False

    def read(self):
        """Whether the content moved; a torn or missing file is none."""
        try:
            with open(os.path.join(MAILBOX, self.id, "snapshot.json"), "rb") as f:
                written = os.fstat(f.fileno()).st_mtime
                body, _, last = f.read().rstrip(b"\n").rpartition(b"\n#")
            length, crc = last.split()
            if int(length) != len(body) or int(crc, 16) != zlib.crc32(body):
                return False
            doc = json.loads(body)
        except (OSError, ValueError):
            return False
        before, self.doc, self.text = self.doc, doc, body.decode()
        self.at = time.monotonic() - max(0.0, time.time() - written)
        return before is None or self.content(before) != self.content(doc)

    @staticmethod
    def content(doc):
        return doc["bridge"]["session"], doc["rev"]

    def age_ms(self):
        return int((time.monotonic() - self.at) * 1000)

    def falls_silent(self):
        """Whether it fell silent, or came back."""
        was, self.silent = self.silent, self.age_ms() > SILENT_S * 1000
        return was != self.silent

    def status(self):
        account, terminal = self.doc["account"], self.doc["terminal"]
        if self.silent:
            return "bridge_silent"
        if account is None:
            return "not_logged_in"
        if not terminal["connected"]:
            return "broker_disconnected"
        if not self.doc["history"]["complete"]:
            return "history_syncing"
        if not account["trade_allowed"]:
            return "read_only"
        if not (terminal["trade_allowed"] and account["trade_expert"]):
            return "trading_disabled"
        return "ok"

    def key(self):
        account = self.doc["account"] or {}
        return {"server": account.get("server"), "login": account.get("login")}

    def row(self):
        doc = self.doc
        return {**self.key(), "terminal_id": self.id, "status": self.status(),
                "age_ms": self.age_ms(), "account": doc["account"],
                "terminal": doc["terminal"],
                "broker_offset_s": doc["broker_offset_s"],
                "positions": len(doc["positions"]), "orders": len(doc["orders"])}


class Mailbox:
    def __init__(self):
        self.run, self.rev = secrets.token_hex(3), 1
        self.started = time.time()
        self.terminals, self.watched = {}, {}
        self.moved = asyncio.Event()
        self.fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        asyncio.get_running_loop().add_reader(self.fd, self.on_files)

    def name(self):
        return f"{self.run}-{self.rev}"

    def told(self):
        return [t for t in self.terminals.values() if t.doc]

    def move(self):
        self.rev += 1
        waiting, self.moved = self.moved, asyncio.Event()
        waiting.set()

    def on_files(self):
        data, at, touched = os.read(self.fd, 65536), 0, set()
        while at < len(data):
            wd, _, _, length = EVENT.unpack_from(data, at)
            name = data[at + EVENT.size:at + EVENT.size + length].rstrip(b"\0")
            at += EVENT.size + length
            if name == b"snapshot.json":
                touched.add(self.watched[wd])
        if any([t.read() for t in touched]):
            self.move()

    def scan(self):
        names = set(os.listdir(MAILBOX)) if os.path.isdir(MAILBOX) else set()
        moved = False
        for name in self.terminals.keys() - names:
            del self.terminals[name]
            moved = True
        for name in names - self.terminals.keys():
            t = self.terminals[name] = Terminal(name)
            path = os.path.join(MAILBOX, name).encode()
            self.watched[libc.inotify_add_watch(self.fd, path, IN_MOVED_TO)] = t
            moved |= t.read()
        if any([t.falls_silent() for t in self.told()]) or moved:
            self.move()

    async def follow(self):
        while True:
            self.scan()
            await asyncio.sleep(1)


app = FastAPI()


@app.on_event("startup")
async def start():
    app.state.mailbox = Mailbox()
    app.state.task = asyncio.create_task(app.state.mailbox.follow())


def utc(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


async def enter(request: Request):
    given = request.headers.get("authorization", "")
    if not hmac.compare_digest(given, f"Bearer {TOKEN}"):
        raise HTTPException(401, "the token is wrong")
    return app.state.mailbox


def find(mailbox, server, login):
    found = [t for t in mailbox.told() if t.doc["account"]
             and server in (None, t.doc["account"]["server"])
             and login in (None, t.doc["account"]["login"])]
    if not found:
        raise HTTPException(404, "no such account")
    if len(found) > 1:
        raise HTTPException(409, [t.key() for t in found])
    return found[0]


@app.get("/ping")
async def ping():
    return {"ok": True}


@app.get("/health")
async def health():
    mailbox = app.state.mailbox
    silent = sum(t.silent for t in mailbox.told())
    return {"status": "degraded" if silent else "ok",
            "terminals": len(mailbox.told()), "silent": silent,
            "uptime_s": int(time.time() - mailbox.started)}


@app.get("/snapshot")
async def snapshot(after: str = "", wait: int = 0, mailbox=Depends(enter)):
    if after == mailbox.name() and wait:
        try:
            await asyncio.wait_for(mailbox.moved.wait(), min(wait, WAIT_MAX_S))
        except asyncio.TimeoutError:
            pass
    if after == mailbox.name():
        return {"rev": after, "unchanged": True, "terminals": [
            {"terminal_id": t.id, "age_ms": t.age_ms()} for t in mailbox.told()]}
    agent = {"name": "fastapi", "version": "0", "started_utc": utc(mailbox.started)}
    listed = ",".join(
        f'{{"terminal_id":"{t.id}","age_ms":{t.age_ms()},"bridge":'
        f'"{"silent" if t.silent else "ok"}","process":null,"snapshot":{t.text}}}'
        for t in mailbox.told())
    return Response(
        f'{{"rev":"{mailbox.name()}","now_utc":"{utc(time.time())}",'
        f'"agent":{json.dumps(agent)},"terminals":[{listed}]}}',
        media_type="application/json")


@app.get("/accounts")
async def accounts(mailbox=Depends(enter)):
    return {"accounts": [t.row() for t in mailbox.told()]}


@app.get("/account")
async def account(server: str = None, login: str = None, mailbox=Depends(enter)):
    return find(mailbox, server, login).row()


@app.get("/positions")
async def positions(server: str = None, login: str = None, mailbox=Depends(enter)):
    t = find(mailbox, server, login)
    return {**t.key(), "age_ms": t.age_ms(), "positions": t.doc["positions"]}
