#!/usr/bin/env python3
"""flows_random.py MT5FLEET SEED COUNT: random paths of accounts whose flows have
meanings (deposit, withdrawal, payout, reset, fee, dividend, correction), with
phases that began before anybody looked, through `rules replay`. The fold beside
it is written from docs/rules.md and shares nothing with the C code."""
import datetime as dt
import json
import random
import subprocess
import sys
import tempfile
from fractions import Fraction as F

sys.dont_write_bytecode = True
from rules_random import Fold, Path, cents, plain  # noqa: E402

NEAR = dt.timedelta(seconds=120)


class Deal(tuple):
    """(at, type, entry, position, amount), and its comment."""

    def __new__(cls, at, kind, entry, position, amount, comment=""):
        deal = super().__new__(cls, (at, kind, entry, position, amount))
        deal.comment = comment
        deal.cancels = deal.cancelled = None
        return deal


class FlowFold(Fold):
    def shift(self, amount):
        self.remember()
        self.base += amount
        for side in ("balance", "equity"):
            self.high[side] += amount
            self.ends[side] += amount
        if self.locked is not None and self.rules["max_loss"].get("lock") == "initial":
            self.locked += amount
        self.move_day(amount)

    def move(self, amount):
        self.remember()
        if self.locked is not None and self.rules["max_loss"].get("lock") == "initial" and amount > 0:
            self.locked += amount
        self.move_total(amount)
        self.move_day(amount)
        self.settle()

    def restart(self, balance):
        self.remember()
        under, self.under = self.under, None
        self.__init__(self.rules, self.initial)
        high = max(self.initial, balance)
        self.high = {"balance": high, "equity": high}
        self.ends = dict(self.high)
        self.balance = self.equity = balance
        self.day = {"balance": balance, "equity": balance}
        self.day_high = dict(self.day)
        self.under = under

    def climb(self, net):
        """A trade that nobody saw: the balance tells the equity, too."""
        self.balance += net
        self.equity = self.balance
        for side in ("balance", "equity"):
            self.high[side] = max(self.high[side], self.balance)
            self.day_high[side] = max(self.day_high[side], self.balance)


class FlowPath(Path):
    def live(self):
        rng, at, balance = self.rng, self.start, self.initial
        self.deals = [Deal(self.start - dt.timedelta(days=3), 2, 0, 0, self.initial)]
        # nobody looked at first, for up to two days
        self.first = self.start + dt.timedelta(hours=rng.choice([0, 0, 3, 11, 26, 50]))
        self.samples = []
        if self.first == self.start:
            self.samples = [(at + dt.timedelta(seconds=5), balance, balance)]
        position, quiet, back = 10, self.start, []
        while at < self.first + dt.timedelta(days=rng.choice([1, 2])):
            at += dt.timedelta(minutes=rng.choice([5, 10, 10, 15, 30]))
            if rng.random() < 0.02:
                at += dt.timedelta(hours=rng.randint(1, 14))
            event = rng.random()
            deal = None
            if event < 0.05:
                position += 1
                self.deals.append(Deal(at, 0, 0, position, F(0)))
            elif event < 0.25:
                deal = Deal(at, 1, 1, position, cents(rng, -120, 150) or F(1))
            elif event < 0.32 and at - quiet > dt.timedelta(hours=2):
                deal = self.operation(at, balance, back)
                quiet = at
            if deal is not None:
                self.deals.append(deal)
                balance += deal[4]
            if at > self.first:
                step = dt.timedelta(seconds=rng.choice([5, 30, 100, 150]))
                self.samples.append((at + step, balance, balance + cents(rng, -90, 90)))
        self.end = at + dt.timedelta(hours=1)
        self.runs, at = [], self.start
        while at < self.end:
            at += dt.timedelta(minutes=rng.choice([1, 5, 10, 10, 60, 60 * 9]))
            self.runs.append(at)
        self.runs += [self.end + dt.timedelta(days=1, minutes=i) for i in range(40)]

    def operation(self, at, balance, back):
        rng = self.rng
        what = rng.choice(["deposit", "payout", "payout", "withdrawal", "reset", "fee", "dividend", "correction"])
        amount = cents(rng, 1, 250)
        if what == "reset" and balance < self.initial - 5:
            # up to five cents off is a reset
            return Deal(at, 2, 0, 0, self.initial - balance + F(rng.randint(-5, 5), 100))
        # what a correction takes back is known from then on alone: of a flow only
        # where nothing was judged before it
        old = [d for d in self.deals[1:] if d[4] and d[1] != 5 and d.cancelled is None and
               (at < self.first or d[1] < 2 or "fee" in d.comment or "DIV" in d.comment)]
        if what == "correction" and old:
            old = rng.choice(old)
            same = [d for d in self.deals if d[4] == old[4]]
            if len(same) == 1:
                deal = Deal(at, 5, 0, 0, -old[4])
                deal.cancels, old.cancelled = old, deal
                back.append(deal)
                return deal
        if what == "fee":
            return Deal(at, 2, 0, 0, -amount, "Platform fee")
        if what == "dividend":
            return Deal(at, 2, 0, 0, amount * rng.choice([1, -1]), "DIV US500 #2")
        if what == "withdrawal":
            return Deal(at, 2, 0, 0, -amount, "Withdrawal")
        if what == "payout":
            return Deal(at, 2, 0, 0, -amount, rng.choice(["", "Profit split 80%"]))
        return Deal(at, 2, 0, 0, amount)

    def meaning(self, deal):
        if deal[1] < 2:
            return "trade"
        if deal[1] == 5:
            return "correction" if self.meaning(deal.cancels) in (
                "deposit", "withdrawal", "payout", "reset", "correction") else "trade"
        if "fee" in deal.comment or "DIV" in deal.comment:
            return "trade"
        after = self.balance_at(deal[0], True)
        at_start = abs(after - self.initial) <= F(1, 10) and deal[0] >= self.start
        if deal[4] > 0:
            return "reset" if at_start else "deposit"
        if deal.comment == "Withdrawal":
            return "withdrawal"
        if at_start and deal.comment == "":
            return "reset"
        return "payout"

    def apply(self, fold, deal):
        what = self.meaning(deal)
        if deal.cancelled is not None or what == "correction":
            fold.shift(deal[4])
        elif what == "reset":
            fold.restart(self.balance_at(deal[0], True))
            self.since = deal[0]
        elif what == "payout":
            fold.payout(-deal[4])
        else:
            fold.move(deal[4])

    def judge(self):
        fold, resets = FlowFold(self.rules, self.initial), self.resets()
        self.since = self.start
        flows = [d for d in self.deals if self.meaning(d) != "trade" and d[0] >= self.start]
        away = list(flows)
        usable = [s for s in self.samples if not any(abs((f[0] - s[0]).total_seconds()) < 90 for f in flows)]
        coming = [r for r in resets if r > self.start]
        last, verdicts, status, resume = None, [], "active", None
        self.met = self.climbed = None
        blind = usable[0][0] - self.start > NEAR or (flows and flows[0][0] <= usable[0][0])
        if blind:
            last, self.climbed = self.start, self.start
        else:
            coming = [r for r in resets if r > usable[0][0]]
        flowed = False
        for at, balance, equity in usable:
            while True:
                flow = away[0] if away and away[0][0] <= at else None
                reset = coming[0] if coming[0] <= at else None
                if reset and (flow is None or reset <= flow[0]):
                    self.up_to(fold, reset)
                    self.cross(fold, reset, last, (at, balance, equity))
                    coming.pop(0)
                elif flow:
                    self.up_to(fold, flow[0])
                    if self.climbed is None:
                        fold.balance = self.balance_at(flow[0])
                        self.met = flow[0]
                    self.apply(fold, flow)
                    flowed = True
                    away.pop(0)
                else:
                    break
            self.up_to(fold, at, True)
            self.climbed = None
            hit = fold.sample(balance, equity, equity, equity, flowed)
            flowed, last = False, at
            paused = status == "paused" and at < resume
            if status == "paused" and not paused:
                status = "active"
            if hit and hit[0] == "daily" and self.rules["daily_loss"].get("effect") == "pause":
                if status == "active":
                    status, resume = "paused", coming[0]
                    verdicts.append(("daily_loss", at, hit[1], hit[2]))
            elif hit and status != "breached":
                verdicts.append(({"daily": "daily_loss", "total": "max_loss"}[hit[0]], at, hit[1], hit[2]))
                status = "breached"
            elif not hit and status == "active":
                level = fold.base + self.initial * self.target["pct"] / 100
                value = equity if self.target.get("basis") == "equity" else balance
                if value >= level and self.days_done(at, resets) >= self.needed:
                    verdicts.append(("target_reached", at, value, level))
                    status = "target_reached"
        return verdicts, "active" if status == "paused" else status

    def up_to(self, fold, until, inclusive=False):
        """Trades that no sample saw."""
        if self.climbed is None:
            return
        for d in self.deals:
            if self.climbed <= d[0] and (d[0] < until or (inclusive and d[0] == until)) \
                    and self.meaning(d) == "trade":
                fold.climb(d[4])
        self.climbed = until

    def cross(self, fold, reset, last, following):
        at, _, equity = following
        worked = self.balance_at(reset)
        if last is not None and reset - last <= NEAR:
            begun = self.met if self.met is not None and self.met > last else None
            moved = sum(d[4] for d in self.deals if self.meaning(d) == "trade" and d[0] < reset
                        and (d[0] >= begun if begun else d[0] > last))
            fold.reset(fold.balance + moved if fold.balance != worked else fold.balance, fold.equity)
        else:
            fold.reset(worked, equity if at - reset <= NEAR else worked)

    def text(self):
        doc = json.loads(super().text())
        for out, deal in zip(doc["deals"], self.deals):
            out["comment"] = deal.comment
        return json.dumps(doc)


def replay_one(program, rng, name):
    path = FlowPath(rng)
    should, status = path.judge()
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(path.text())
        file.flush()
        run = subprocess.run([program, "rules", "replay", file.name], capture_output=True, text=True)
    is_ = json.loads(run.stdout) if run.returncode == 0 else {"verdicts": [], "status": run.stderr}
    got = [(v["word"], v["at_utc"], F(str(v["value"])), F(str(v["level"]))) for v in is_["verdicts"]]
    want = [(w, at.strftime("%Y-%m-%dT%H:%M:%SZ"), v, l) for w, at, v, l in should]
    if got == want and is_["status"] == status:
        return []
    kept = f"{tempfile.gettempdir()}/flows_path.json"
    open(kept, "w").write(path.text())
    return [f"{name}: expected {plain(list(map(list, want)))} {status} got "
            f"{plain(list(map(list, got)))} {is_['status']} (the path: {kept})"]


def main():
    program, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    bad = []
    for i in range(count):
        if len(bad) > 5:
            break
        bad += replay_one(program, random.Random(f"flows {seed}/{i}"), f"path {seed}/{i}")
    for line in bad[:10]:
        print(line)
    print(f"{count} paths, {len(bad)} differ")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
