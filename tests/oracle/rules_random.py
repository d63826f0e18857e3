#!/usr/bin/env python3
"""rules_random.py MT5FLEET SEED COUNT: random rule paths against a fold of its
own. Half are examples for `rules try` (every word, payouts, resets), half are
paths of an account for `rules replay` (zones with a clock change, gaps in the
samples and in the judging, deposits, payouts; a third of them with the rules of
trading). It is written from docs/rules.md
and shares nothing with the C code."""
import datetime as dt
import json
import random
import subprocess
import sys
import tempfile
from fractions import Fraction as F
from zoneinfo import ZoneInfo

UTC = dt.timezone.utc


def cents(rng, low, high):
    return F(rng.randint(low * 100, high * 100), 100)


def number(v):
    text = f"{float(v):.8f}".rstrip("0").rstrip(".")
    assert F(text) == v, v
    return json.loads(text)


def pick(metric, balance, equity):
    if metric == "higher":
        return max(balance, equity)
    return balance if metric == "balance" else equity


class Fold:
    """One period. Floors are worked out from the rule set's own words."""

    def __init__(self, rules, initial):
        self.rules = rules
        self.initial = self.base = self.balance = self.equity = initial
        self.high = {"balance": initial, "equity": initial}  # ever
        self.ends = {"balance": initial, "equity": initial}  # of days
        self.day = {"balance": initial, "equity": initial}  # at its beginning
        self.day_high = dict(self.day)
        self.locked = None
        self.under = None  # lowest floors since the last sample
        self.days = []
        self.counted = []  # those that min_trading_days may count

    def of(self, rule, whole):
        return rule["money"] if "money" in rule else whole * rule["pct"] / 100

    def daily(self):
        rule = self.rules.get("daily_loss")
        if rule is None:
            return None, None
        named = rule.get("baseline", "balance")
        base = pick(named, self.day["balance"], self.day["equity"])
        whole = max(base, 0) if rule.get("of") == "baseline" else self.initial
        allowance = self.of(rule, whole)
        if rule.get("mode") == "trailing":
            base = pick(named, self.day_high["balance"], self.day_high["equity"])
        return base - allowance, allowance

    def lock(self):
        lock = self.rules["max_loss"].get("lock", "none")
        if lock == "initial":
            return self.base
        return None if lock == "none" else lock["money"]

    def total(self):
        rule = self.rules.get("max_loss")
        if rule is None:
            return None
        if self.locked is not None:
            return self.locked
        high = self.base
        seen = {"trailing": self.high, "trailing_eod": self.ends}.get(rule.get("mode"))
        if seen is not None:
            high = max(high, pick(rule.get("high", "balance"), seen["balance"], seen["equity"]))
        whole = max(high, 0) if rule.get("of") == "high" else self.initial
        floor = high - self.of(rule, whole)
        lock = self.lock()
        return floor if lock is None else min(floor, lock)

    def settle(self):
        if "max_loss" in self.rules and self.locked is None:
            lock = self.lock()
            if lock is not None and self.total() >= lock:
                self.locked = lock

    def remember(self):
        now = [self.daily()[0], self.total()]
        if self.under is None:
            self.under = now
        else:
            self.under = [None if a is None else min(a, b) for a, b in zip(now, self.under)]

    def move_day(self, amount):
        self.balance += amount
        self.equity += amount
        for side in ("balance", "equity"):
            self.day[side] += amount
            self.day_high[side] += amount

    def move_total(self, amount):
        if amount >= 0:
            self.base += amount
        else:
            self.base -= max(0, -amount - max(0, self.balance - self.base))
        for side in ("balance", "equity"):
            self.high[side] = max(self.base, self.high[side] + amount)
            self.ends[side] = max(self.base, self.ends[side] + amount)

    def flow(self, amount):
        self.remember()
        if amount > 0 and self.balance + amount == self.initial:
            under = self.under
            self.__init__(self.rules, self.initial)
            self.under = under
            return "restart"
        if self.locked is not None and self.rules["max_loss"].get("lock") == "initial" and amount > 0:
            self.locked += amount
        self.move_total(amount)
        self.move_day(amount)
        self.settle()

    def payout(self, amount):
        self.remember()
        rule = self.rules.get("max_loss", {})
        how = rule.get("on_payout", "moves")
        if how == "locks" and self.locked is None:
            lock = self.lock()
            self.locked = self.total() if lock is None else lock
        if how in ("moves", "locks"):
            self.move_total(-amount)
        elif how == "restarts":
            self.base = self.balance - amount
            self.high = {"balance": self.base, "equity": self.base}
            self.ends = dict(self.high)
        self.move_day(-amount)
        self.settle()
        if self.rules.get("best_day", {}).get("since") == "payout":
            self.days = []
        if self.rules.get("min_trading_days", {}).get("since") == "payout":
            self.counted = []

    def reset(self, balance, equity):
        self.remember()
        self.balance, self.equity = balance, equity
        self.ends["balance"] = max(self.ends["balance"], balance)
        self.ends["equity"] = max(self.ends["equity"], equity)
        self.day = {"balance": balance, "equity": equity}
        self.day_high = dict(self.day)
        self.settle()

    def broke(self, name, floor, under, low):
        rule = self.rules[name]
        at = rule.get("breach", self.rules.get("breach", "below")) == "at_or_below"
        def under_it(v, f):
            return v < f or (at and v == f)
        test = rule.get("test", "equity")
        value = {"balance": self.balance, "equity": self.equity,
                 "lower": min(self.balance, self.equity)}[test]
        if under_it(value, floor):
            return value, floor
        if test != "balance" and under_it(low, under):
            return low, under
        return None

    def sample(self, balance, equity, low, high, flowed):
        crossed = self.under is not None
        self.remember()
        under, self.under = self.under, None
        self.balance, self.equity = balance, equity
        self.high["balance"] = max(self.high["balance"], balance)
        self.high["equity"] = max(self.high["equity"], equity if flowed else high)
        self.day_high["balance"] = max(self.day_high["balance"], balance)
        self.day_high["equity"] = max(self.day_high["equity"], equity if crossed else high)
        self.settle()
        if "max_loss" in self.rules:
            hit = self.broke("max_loss", self.total(), under[1], low)
            if hit:
                return ("total",) + hit
        if "daily_loss" in self.rules:
            hit = self.broke("daily_loss", self.daily()[0], under[0], low)
            if hit:
                return ("daily",) + hit
        return None

    def best_day_ok(self):
        rule = self.rules.get("best_day")
        best = max(self.days + [F(0)])
        if rule is None or best == 0:
            return True
        whole = sum(self.days) if rule.get("of") == "total" else sum(d for d in self.days if d > 0)
        if rule.get("breach") == "at_or_above":
            return best * 100 < whole * rule["pct"]
        return best * 100 <= whole * rule["pct"]

    def days_done(self):
        rule = self.rules.get("min_trading_days", {})
        if rule.get("counts") != "profitable":
            return len(self.counted)
        least = F(1, 10**8)
        if "profit_pct" in rule:
            least = self.initial * rule["profit_pct"] / 100
        elif "profit_money" in rule:
            least = rule["profit_money"]
        return sum(net >= least for net in self.counted)


def some(rng, words, may_lack=0.3):
    return None if rng.random() < may_lack else rng.choice(words)


def put(rule, name, value):
    if value is not None:
        rule[name] = value


def random_rules(rng, initial):
    rules = {}
    if rng.random() < 0.8:
        rule = {"pct": cents(rng, 1, 6)} if rng.random() < 0.7 else {"money": cents(rng, 100, 500)}
        put(rule, "of", some(rng, ["initial", "baseline"]))
        put(rule, "baseline", some(rng, ["balance", "equity", "higher"]))
        put(rule, "mode", some(rng, ["reset", "trailing"]))
        put(rule, "test", some(rng, ["balance", "equity", "lower"]))
        put(rule, "breach", some(rng, ["below", "at_or_below"], 0.7))
        put(rule, "effect", some(rng, ["fail", "pause"], 0.6))
        rules["daily_loss"] = rule
    if rng.random() < 0.85 or not rules:
        rule = {"pct": cents(rng, 3, 12)} if rng.random() < 0.7 else {"money": cents(rng, 200, 1200)}
        put(rule, "of", some(rng, ["initial", "high"]))
        put(rule, "mode", some(rng, ["static", "trailing", "trailing_eod"], 0.1))
        put(rule, "high", some(rng, ["balance", "equity", "higher"]))
        put(rule, "lock", some(rng, ["none", "initial", {"money": initial + cents(rng, 0, 300)}]))
        put(rule, "on_payout", some(rng, ["moves", "stays", "locks", "restarts"], 0.2))
        put(rule, "test", some(rng, ["balance", "equity", "lower"]))
        put(rule, "breach", some(rng, ["below", "at_or_below"], 0.7))
        rules["max_loss"] = rule
    put(rules, "breach", some(rng, ["below", "at_or_below"], 0.6))
    return rules


def plain(v):
    if isinstance(v, F):
        return number(v)
    if isinstance(v, dict):
        return {k: plain(x) for k, x in v.items()}
    return [plain(x) for x in v] if isinstance(v, list) else v


# ---- examples for `rules try` ----

def example(rng, name):
    initial = F(rng.choice([5000, 10000, 25000]))
    rules = random_rules(rng, initial)
    if rng.random() < 0.3:
        rules["best_day"] = {"pct": cents(rng, 20, 60)}
        put(rules["best_day"], "of", some(rng, ["winning_days", "total"]))
        put(rules["best_day"], "since", some(rng, ["phase", "payout"]))
        put(rules["best_day"], "per", some(rng, ["day", "trade"]))
        put(rules["best_day"], "breach", some(rng, ["above", "at_or_above"]))
    if rng.random() < 0.3:
        rules["min_trading_days"] = {"days": 3}
        put(rules["min_trading_days"], "counts", some(rng, ["opened", "closed", "profitable"], 0.1))
        put(rules["min_trading_days"], "since", some(rng, ["phase", "payout"]))
        if rng.random() < 0.6:
            rules["min_trading_days"].update(rng.choice([{"profit_pct": cents(rng, 1, 3)}, {"profit_money": F(150)}]))
    fold, events, flowed, verdict = Fold(rules, initial), [], False, "none"

    def see(balance, equity, low, high):
        nonlocal verdict, flowed
        hit = fold.sample(balance, equity, low, high, flowed)
        flowed = False
        if hit and verdict == "none":
            verdict = hit[0]

    for _ in range(rng.randint(1, 14)):
        kind = rng.choice(["sample"] * 5 + ["reset", "reset", "payout", "flow", "day"])
        balance = max(F(1), fold.balance + cents(rng, -300, 400))
        equity = max(F(1), balance + cents(rng, -250, 250))
        if rng.random() < 0.1 and fold.daily()[0] is not None:
            equity = F(round(fold.daily()[0] * 100), 100)  # at the floor, to the cent
        if kind == "sample":
            low, high = equity - cents(rng, 0, 80), equity + cents(rng, 0, 80)
            if rng.random() < 0.5:
                low = high = equity
            events.append({"sample": {"balance": balance, "equity": equity, "low": low, "high": high}})
            see(balance, equity, low, high)
        elif kind == "reset":
            events.append({"reset": {"balance": balance, "equity": equity}})
            see(balance, equity, equity, equity)
            fold.reset(balance, equity)
        elif kind == "payout":
            amount = cents(rng, 1, 300)
            events.append({"payout": amount})
            fold.payout(amount)
            flowed = True
        elif kind == "flow":
            amount = cents(rng, -400, 400) or F(1)
            if rng.random() < 0.2 and fold.balance < initial:
                amount = initial - fold.balance
            events.append({"flow": amount})
            if fold.flow(amount) == "restart":
                fold.days = []
                fold.counted = []
            flowed = True
        else:
            net = cents(rng, -400, 600)
            events.append({"day": {"net": net}})
            if rng.random() < 0.2:
                net = F(150)
                events[-1]["day"]["net"] = net
            fold.days.append(net)
            fold.counted.append(net)
    floor, allowance = fold.daily()
    expect = {"verdict": verdict, "best_day_ok": fold.best_day_ok(), "total_floor": fold.total(),
              "daily_floor": floor, "daily_allowance": allowance,
              "days_done": fold.days_done(),
              "daily_left": None if floor is None else fold.equity - floor}
    return plain({"name": name, "phase": "F1", "initial": initial, "rules": rules, "events": events,
                  "expect": expect})


def try_all(program, rng, count):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump([example(rng, f"random {i}") for i in range(count)], file)
        file.flush()
        run = subprocess.run([program, "rules", "try", file.name], capture_output=True, text=True)
        bad = [line for line in run.stdout.splitlines() if line.startswith("WRONG")]
        if bad or run.returncode != 0:
            kept = f"{tempfile.gettempdir()}/rules_random.json"
            open(kept, "w").write(open(file.name).read())
            bad.append(f"{run.stderr}(the examples: {kept})")
    return bad


# ---- paths for `rules replay` ----

class Path:
    """Samples, deals and runs over some days; the account's life as it was."""

    def __init__(self, rng):
        self.rng = rng
        self.zone = rng.choice(["Europe/Prague", "America/New_York", "server"])
        self.offset = rng.choice([0, 7200, 10800])
        # a broker's clock that changes; else always that offset
        self.broker = rng.choice([None, "New York close", "Europe/Athens"])
        self.minute = rng.choice([0, 0, 1020, 150])
        # some begin a day or two before the clocks change
        self.start = dt.datetime(*rng.choice([(2026, 3, 27), (2026, 10, 23), (2026, 3, 6), (2026, 6, 10), (2026, 10, 30)]),
                                 rng.randint(0, 23), tzinfo=UTC)
        self.initial = F(10000)
        self.rules = random_rules(rng, self.initial)
        self.rules["reset"] = {"zone": self.zone, "at": f"{self.minute // 60:02d}:{self.minute % 60:02d}"}
        self.needed = rng.randint(0, 2)
        self.target = {"pct": cents(rng, 2, 5)}
        put(self.target, "basis", some(rng, ["balance", "equity"]))
        self.rules["profit_target"] = self.target
        if self.needed:
            self.rules["min_trading_days"] = {"days": self.needed}
        self.live()

    def live(self):
        rng, at, balance = self.rng, self.start, self.initial
        self.deals = [(self.start - dt.timedelta(days=3), 2, 0, 0, self.initial)]
        self.samples = [(at + dt.timedelta(seconds=5), balance, balance)]
        position, quiet = 10, self.start
        while at < self.start + dt.timedelta(days=rng.choice([2, 3])):
            at += dt.timedelta(minutes=rng.choice([5, 10, 10, 15, 30]))
            if rng.random() < 0.02:
                at += dt.timedelta(hours=rng.randint(1, 14))  # nothing was polled
            event = rng.random()
            if event < 0.27 and self.comes_again(at):
                event = 1  # by the broker's clock it would be an hour before
            if event < 0.05:
                position += 1
                self.deals.append((at, 0, 0, position, F(0)))
            elif event < 0.25:
                net = cents(rng, -120, 150)
                balance += net
                self.deals.append((at, 1, 1, position, net))
            elif event < 0.27 and at - quiet > dt.timedelta(hours=3):
                amount = cents(rng, -200, 200) or F(1)
                balance += amount
                self.deals.append((at, 2, 0, 0, amount))
                quiet = at
            # within 90 s of a flow nothing is judged
            step = dt.timedelta(seconds=rng.choice([5, 30, 100, 150]))
            self.samples.append((at + step, balance, balance + cents(rng, -90, 90)))
        self.end = at + dt.timedelta(hours=1)
        self.runs = []
        at = self.start
        while at < self.end:
            at += dt.timedelta(minutes=rng.choice([1, 5, 10, 10, 60, 60 * 9]))
            self.runs.append(at)
        self.runs += [self.end + dt.timedelta(days=1, minutes=i) for i in range(40)]

    def clock(self, zone):
        """A zone, and by what its clock is ahead of that."""
        if zone == "New York close":
            return ZoneInfo("America/New_York"), dt.timedelta(hours=7)
        return ZoneInfo(zone), dt.timedelta(0)

    def comes_again(self, at):
        """The second of two hours with the same broker time."""
        if self.broker is None:
            return False
        zone, _ = self.clock(self.broker)
        return at.astimezone(zone).fold == 1

    def reset_of(self, date):
        """When that date begins, in UTC. A time that comes twice is the first; one
        that is left out is as if the clock had not been moved yet."""
        wall = dt.datetime.combine(date, dt.time(self.minute // 60, self.minute % 60))
        if self.zone == "server" and self.broker is None:
            return (wall - dt.timedelta(seconds=self.offset)).replace(tzinfo=UTC)
        zone, ahead = self.clock(self.broker if self.zone == "server" else self.zone)
        return (wall - ahead).replace(tzinfo=zone).astimezone(UTC)

    def resets(self):
        date, found = (self.start - dt.timedelta(days=3)).date(), []
        while date < (self.end + dt.timedelta(days=3)).date():
            found.append(self.reset_of(date))
            date += dt.timedelta(days=1)
        return found

    def balance_at(self, at, inclusive=False):
        return sum(d[4] for d in self.deals if d[0] < at or (inclusive and d[0] == at))

    def days_done(self, upto, resets):
        done = 0
        for begin, end in zip(resets, resets[1:]):
            opened = [d for d in self.deals if d[1] == 0 and max(begin, self.since) <= d[0] < end and d[0] <= upto]
            done += bool(opened)
        return done

    def judge(self):
        fold, resets = Fold(self.rules, self.initial), self.resets()
        self.since = self.start
        flows = [d for d in self.deals if d[1] == 2 and d[0] >= self.start]
        coming = [r for r in resets if r > self.samples[0][0]]
        last, verdicts, status, resume = None, [], "active", None
        flowed = False
        for n, (at, balance, equity) in enumerate(self.samples):
            if any(abs((f[0] - at).total_seconds()) < 90 for f in flows):
                continue
            # what happened since, in its order
            while True:
                flow = flows[0] if flows and flows[0][0] <= at else None
                reset = coming[0] if coming[0] <= at else None
                if reset and (flow is None or reset <= flow[0]):
                    self.cross(fold, reset, last, (at, balance, equity))
                    coming.pop(0)
                elif flow:
                    if flow[4] < 0:
                        fold.payout(-flow[4])
                    elif fold.flow(flow[4]) == "restart":
                        self.since = flow[0]
                    flowed = True
                    flows.pop(0)
                else:
                    break
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

    def cross(self, fold, reset, last, following):
        near = dt.timedelta(seconds=120)
        at, balance, equity = following
        worked = self.balance_at(reset)
        if last is not None and reset - last <= near:
            moved = sum(d[4] for d in self.deals if last < d[0] < reset and d[1] != 2)
            before = fold.balance
            fold.reset(before + moved if before != worked else before, fold.equity)
        else:
            fold.reset(worked, equity if at - reset <= near else worked)

    def text(self):
        def iso(at):
            return at.strftime("%Y-%m-%dT%H:%M:%SZ")
        return json.dumps(plain({
            "account": {"server": "Random", "login": "1", "broker_offset_s": self.offset,
                        **({"broker_zone": self.broker} if self.broker else {})},
            "phase": "F1", "initial_balance": self.initial, "period_started_utc": iso(self.start),
            "rules": self.rules,
            "deals": [{"utc": iso(d[0]), "type": d[1], "entry": d[2], "position_id": str(d[3]), "profit": d[4]}
                      for d in self.deals],
            "samples": [[iso(s[0]), s[1], s[2]] for s in self.samples],
            "phases_runs": [iso(r) for r in self.runs]}))


# ---- the rules of trading, for `rules replay` ----

def after(moments, at):
    return [m for m in moments if m > at]


class Trading(Path):
    """Positions opened, added to, closed in parts; the first break by time."""

    def live(self):
        rng = self.rng
        self.rules = {"reset": self.rules["reset"]}
        if rng.random() < 0.5:
            lots = self.rules["max_lots"] = {"effect": "fail"}
            put(lots, "position", some(rng, [cents(rng, 2, 4)], 0.4))
            put(lots, "all", some(rng, [cents(rng, 3, 6)], 0.4))
            if len(lots) == 1:
                lots["all"] = F(5)
        if rng.random() < 0.5:
            self.rules["min_hold"] = {"seconds": rng.choice([60, 300, 900]), "effect": "fail"}
        if rng.random() < 0.5:
            flat = self.rules["flat"] = {"at": f"{rng.randint(0, 23):02d}:{rng.choice([0, 30, 45]):02d}", "effect": "fail"}
            put(flat, "on", some(rng, ["friday", "saturday", "sunday", "every_day"]))
            put(flat, "for_hours", some(rng, [0, 5, 20]))
        if rng.random() < 0.5:
            self.rules["inactivity_days"] = rng.choice([1, 2, 3])
        if rng.random() < 0.4 or len(self.rules) == 1:
            self.rules["max_days"] = {"days": rng.choice([2, 3, 4, 6]), "from": rng.choice(["start", "first_trade"])}
        self.deals = [(self.start - dt.timedelta(days=3), 2, 0, 0, self.initial)]
        self.lots, at, number, open_ = [], self.start, 0, {}
        end = self.start + dt.timedelta(days=rng.choice([2, 4, 5]))
        balance = self.initial
        self.samples = [(at + dt.timedelta(seconds=5), balance, balance)]
        while True:
            at += dt.timedelta(seconds=rng.choice([37, 61, 299, 901, 3601, 7207, 40003]))
            if at > end:
                break
            if self.comes_again(at):
                continue
            kind = rng.choice(["in", "in", "add", "out", "out", "out", "part"])
            if kind == "in" or not open_:
                number += 1
                open_[number] = cents(rng, 0, 3) + F(1, 100)
                self.lots.append((at, 0, number, open_[number], F(0)))
            elif kind == "add":
                ident, size = rng.choice(list(open_)), cents(rng, 0, 1) + F(1, 100)
                open_[ident] += size
                self.lots.append((at, 0, ident, size, F(0)))
            else:
                ident = rng.choice(list(open_))
                size = open_[ident] if kind == "out" else min(open_[ident], cents(rng, 0, 1) + F(1, 100))
                net = cents(rng, -50, 60)
                balance += net
                open_[ident] -= size
                if open_[ident] == 0:
                    del open_[ident]
                self.lots.append((at, 1, ident, size, net))
            if rng.random() < 0.8:
                self.samples.append((at + dt.timedelta(seconds=11), balance, balance))
        self.end, self.runs, at = end, [], self.start
        while at < end:
            at += dt.timedelta(minutes=rng.choice([1, 10, 60, 60 * 9]))
            self.runs.append(at)
        self.runs += [end + dt.timedelta(days=rng.choice([0, 1, 3]), minutes=i) for i in range(5)]
        self.runs.sort()

    def flats(self):
        rule = self.rules["flat"]
        self.minute, kept = int(rule["at"][:2]) * 60 + int(rule["at"][3:]), self.minute
        on, found = rule.get("on", "friday"), []
        date = (self.start - dt.timedelta(days=9)).date()
        while date < (self.end + dt.timedelta(days=9)).date():
            if on == "every_day" or date.strftime("%A").lower() == on:
                found.append(self.reset_of(date))
            date += dt.timedelta(days=1)
        self.minute = kept
        return found

    def judge(self):
        last = self.runs[-1] - dt.timedelta(seconds=2)
        rules, breaks, open_ = self.rules, [], {}  # id: lots, opened
        lots, hold = rules.get("max_lots", {}), rules.get("min_hold")
        flat = rules.get("flat")
        flats = self.flats() if flat else []
        hours = flat.get("for_hours", 0 if flat.get("on") == "every_day" else 48) if flat else 0
        quiet = rules.get("inactivity_days")
        before = self.start
        deals = self.lots + [(last, None, 0, 0, 0)]
        for at, entry, ident, size, _net in deals:
            if at > last:
                at, entry = last, None
            for f in flats:
                if open_ and before <= f < at and any(o < f for _, o in open_.values()):
                    breaks.append((f, "flat", F(len(open_)), F(0)))
            if quiet and before + dt.timedelta(days=quiet) < at:
                breaks.append((before + dt.timedelta(days=quiet), "inactivity_days", F(quiet), F(quiet)))
            if entry is None:
                break
            before = at
            if entry == 0:
                had = open_.get(ident, (F(0), at))
                open_[ident] = (had[0] + size, had[1])
                if "position" in lots and open_[ident][0] > lots["position"]:
                    breaks.append((at, "max_lots_position", open_[ident][0], lots["position"]))
                total = sum(v[0] for v in open_.values())
                if "all" in lots and total > lots["all"]:
                    breaks.append((at, "max_lots", total, lots["all"]))
                if any(f <= at < f + dt.timedelta(hours=hours) for f in flats):
                    breaks.append((at, "flat", F(len(open_)), F(0)))
            else:
                left = open_[ident][0] - size
                if left > 0:
                    open_[ident] = (left, open_[ident][1])
                else:
                    held = (at - open_.pop(ident)[1]).total_seconds()
                    if hold and held < hold["seconds"]:
                        breaks.append((at, "min_hold", F(int(held)), F(hold["seconds"])))
        days = rules.get("max_days")
        if days:
            first = self.start if days["from"] == "start" else min((d[0] for d in self.lots), default=None)
            if first is not None:
                over = after(self.resets(), first)[days["days"] - 1]
                if over <= last:
                    breaks.append((over, "max_days", F(days["days"]), F(days["days"])))
        if not breaks:
            return [], "active"
        found = min(breaks, key=lambda b: b[0])
        return [(found[1], found[0], found[2], found[3])], "breached"

    def resets(self):
        date, found = (self.start - dt.timedelta(days=3)).date(), []
        while date < (self.end + dt.timedelta(days=12)).date():
            found.append(self.reset_of(date))
            date += dt.timedelta(days=1)
        return found

    def text(self):
        path = json.loads(super().text())
        for at, entry, ident, size, net in self.lots:
            path["deals"].append({"utc": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "type": entry, "entry": entry,
                                  "position_id": str(ident), "volume": number(size), "profit": number(net)})
        return json.dumps(path)


def replay_one(program, rng, name, kind):
    path = kind(rng)
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
    kept = f"{tempfile.gettempdir()}/rules_path.json"
    open(kept, "w").write(path.text())
    return [f"{name}: expected {plain(list(map(list, want)))} {status} got "
            f"{plain(list(map(list, got)))} {is_['status']} (the path: {kept})"]


def main():
    program, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    bad = try_all(program, random.Random(seed), count - count // 2)
    for i in range(count // 2):
        if len(bad) > 5:
            break
        bad += replay_one(program, random.Random(f"{seed}/{i}"), f"path {seed}/{i}", Trading if i % 3 == 0 else Path)
    for line in bad[:10]:
        print(line)
    print(f"{count} paths of seed {seed}, {len(bad)} differ")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
