#!/usr/bin/env python3
"""money_random.py make|check SEED DEALS DIR: accounts in currencies of many digits
(VND, IDR, IRR, LBP, KWD, BTC) with amounts up to 1e13, a thousand deals each.

make writes a recording per account into DIR (tests/terminal plays it); check
reads what the system made of them (DIR/out: the API's pages, the CSV, the cells
of the sheet) and holds every amount and every sum against the deals, in decimal
arithmetic. It shares nothing with the C code."""
import csv
import datetime as dt
import glob
import json
import os
import random
import sys
from decimal import Decimal as D, getcontext

getcontext().prec = 60
# currency: digits behind the point, the largest amount in whole units
CURRENCIES = {"VND": (0, 10**13), "IDR": (2, 10**13), "IRR": (2, 10**13),
              "LBP": (2, 10**13), "KWD": (3, 10**12), "BTC": (8, 10**7)}
DEAL = ("ticket order time time_msc type entry magic position_id reason volume price "
        "commission swap profit fee symbol comment external_id").split()
ACCOUNT = {"trade_mode": 2, "leverage": 100, "limit_orders": 200, "margin_so_mode": 0,
           "trade_allowed": True, "trade_expert": True, "margin_mode": 2, "fifo_close": False,
           "credit": 0, "profit": 0, "margin": 0, "margin_level": 0, "margin_so_call": 50,
           "margin_so_so": 30, "margin_initial": 0, "margin_maintenance": 0, "assets": 0,
           "liabilities": 0, "commission_blocked": 0, "name": "digits", "server": "Digits-Live",
           "company": "Digits"}
TERMINAL = {"connected": True, "trade_allowed": True, "build": 5200, "ping_last": 31234,
            "company": "Digits", "name": "MetaTrader 5"}
AMOUNTS = ("profit", "commission", "swap", "fee")
ORDERS = ("ticket time_setup time_setup_msc time_done time_done_msc time_expiration type type_time "
          "type_filling state magic position_id position_by_id reason volume_initial volume_current "
          "price_open sl tp price_current price_stoplimit symbol comment external_id").split()
POSITIONS = ("ticket time time_msc time_update time_update_msc type magic identifier reason volume "
             "price_open sl tp price_current swap profit symbol comment external_id").split()
START = 1770000000  # a broker's day begins at 1769990400


def amount(rng, digits, largest, back):
    """Of any size: as many digits as it may have, one unit, and all between."""
    units = min(largest * 10**digits, 10**15 - 1)
    size = rng.choice((units, units, 10**rng.randint(1, len(str(units)) - 1)))
    v = D(rng.choice((size, rng.randint(1, size)))).scaleb(-digits)
    # the balance stays what a number in JSON can carry
    return -v if back > 0 else v


def account_of(seed, n, currency, deals):
    """([deal], {position: [deal]}, [flow]) of one account."""
    rng = random.Random(f"{seed} {currency}")
    digits, largest = CURRENCIES[currency]
    rows, positions, flows, balance, ticket = [], {}, [], D(0), 1
    zero = D(0)

    def put(at, **over):
        nonlocal balance, ticket
        row = dict.fromkeys(DEAL, "") | dict(
            ticket=ticket, order=0, time=at, time_msc=at * 1000 + rng.randint(0, 999), type=0,
            entry=0, magic=0, position_id=0, reason=0, volume=D(0), price=D("1.1"),
            commission=zero, swap=zero, profit=zero, fee=zero) | over
        balance += sum(row[a] for a in AMOUNTS)
        ticket += 1
        rows.append(row)
        return row

    while len(rows) < deals:
        at = START + 1200 * len(rows)
        if len(rows) == 0 or rng.random() < 0.3:
            flows.append(put(at, type=2, price=zero,
                             profit=amount(rng, digits, largest, 0 if not rows else balance)))
            continue
        small = min(largest, 10**(len(str(largest)) - 4))
        position = 9007199254740993 + ticket * 1000
        opened = put(at, type=0, position_id=position, volume=D("0.01"), symbol="EURUSD",
                     commission=-abs(amount(rng, digits, small, 1)))
        closed = put(at + 30, type=1, entry=1, position_id=position, volume=D("0.01"), symbol="EURUSD",
                     swap=amount(rng, digits, small, rng.choice((-1, 1))),
                     fee=-abs(amount(rng, digits, small, 1)),
                     profit=amount(rng, digits, largest, balance))
        positions[position] = [opened, closed]
    return rows, positions, flows, balance


def login(n):
    return 7100 + n


def make(seed, deals, where):
    for n, currency in enumerate(CURRENCIES):
        rows, _, _, balance = account_of(seed, n, currency, deals)
        assert len(f"{abs(balance):f}".replace(".", "").lstrip("0")) <= 15, balance
        home = os.path.join(where, currency)
        os.makedirs(home)
        for name, columns, lines in (("deals", DEAL, rows), ("orders", ORDERS, []), ("positions", POSITIONS, [])):
            with open(os.path.join(home, f"{name}.csv"), "w", encoding="utf-8", newline="") as f:
                w = csv.writer(f)
                w.writerow(columns)
                w.writerows([f"{r[c]:f}" if isinstance(r[c], D) else r[c] for c in columns] for r in lines)
        with open(os.path.join(home, "account.json"), "w", encoding="utf-8") as f:
            text = json.dumps(ACCOUNT | {"login": login(n), "currency": currency,
                                         "currency_digits": CURRENCIES[currency][0],
                                         "balance": "@", "equity": "@", "margin_free": "@"})
            f.write(text.replace('"@"', f"{balance:f}"))
        with open(os.path.join(home, "terminal.json"), "w", encoding="utf-8") as f:
            json.dump(TERMINAL, f)


class Check:
    def __init__(self, out):
        self.out, self.compared, self.wrong = out, 0, []

    def same(self, what, got, want):
        self.compared += 1
        got = D(got) if isinstance(got, (str, int)) else got
        if got is None or got != want:
            self.wrong.append(f"{what}: {got} is not {want}")

    def true(self, what, good):
        self.compared += 1
        if not good:
            self.wrong.append(what)

    def read(self, name):
        with open(os.path.join(self.out, name), encoding="utf-8") as f:
            return json.load(f, parse_float=D, parse_int=D)

    def pages(self, name, key, n):
        rows = []
        for i in range(len(glob.glob(os.path.join(self.out, f"{name}-{n}-*.json")))):
            rows += self.read(f"{name}-{n}-{i}.json")[key]
        return rows


def sums(rows):
    return {a: sum((r[a] for r in rows), D(0)) for a in AMOUNTS}


def check_api(c, n, rows, positions, flows):
    by_ticket = {str(r["ticket"]): r for r in rows}
    deals = c.pages("deals", "deals", n)
    c.true(f"{n}: deals", sorted(d["ticket"] for d in deals) == sorted(by_ticket))
    for d in deals:
        for a in AMOUNTS:
            c.same(f"{n}: deal {d['ticket']} {a}", d[a], by_ticket[d["ticket"]][a])
    trades = c.pages("trades", "trades", n)
    c.true(f"{n}: trades", sorted(t["position_id"] for t in trades) == sorted(map(str, positions)))
    for t in trades:
        want = sums(positions[int(t["position_id"])])
        for a in AMOUNTS:
            c.same(f"{n}: trade {t['position_id']} {a}", t[a], want[a])
        c.same(f"{n}: trade {t['position_id']} net", t["net"], sum(want.values()))
    listed = c.pages("cashflows", "cashflows", n)
    c.true(f"{n}: flows", len(listed) == len(flows))
    for f in listed:
        c.same(f"{n}: flow {f['ticket']}", f["amount"], by_ticket[f["ticket"]]["profit"])


def check_statistics(c, n, rows, positions, flows):
    got = c.read(f"statistics-{n}.json")
    traded = sums([d for p in positions.values() for d in p])
    for a in AMOUNTS:
        c.same(f"{n}: statistics {a}", got["statistics"][a], traded[a])
    c.same(f"{n}: statistics net", got["statistics"]["net"], sum(traded.values()))
    c.same(f"{n}: statistics flows", got["statistics"]["flows"], sum(f["profit"] for f in flows))
    nets = [sum(sums(p).values()) for p in positions.values()]
    # a result is what a closing deal brought, with its share of the costs
    c.same(f"{n}: best", got["statistics"]["best"], max(nets))
    c.same(f"{n}: worst", got["statistics"]["worst"], min(nets))
    days = {}
    for r in rows:
        day = dt.datetime.fromtimestamp(r["time"], dt.timezone.utc).strftime("%Y-%m-%d")
        sums_of = days.setdefault(day, {"net": D(0), "flows": D(0)})
        sums_of["flows" if r["type"] == 2 else "net"] += sum(r[a] for a in AMOUNTS)
    c.true(f"{n}: days", [d["date"] for d in got["days"]] == sorted(days))
    for d in got["days"]:
        for k in ("net", "flows"):
            c.same(f"{n}: {d['date']} {k}", d[k], days.get(d["date"], {k: None})[k])


def check_csv(c, accounts):
    with open(os.path.join(c.out, "trades.csv"), encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    c.true("csv: rows", len(rows) == sum(len(a[1]) for a in accounts))
    for r in rows:
        want = sums(accounts[int(r["login"]) - login(0)][1][int(r["position_id"])])
        for a in AMOUNTS:
            c.same(f"csv: {r['position_id']} {a}", r[a], want[a])
        c.same(f"csv: {r['position_id']} net", r["net"], sum(want.values()))


def check_sheet(c, accounts):
    sheet = c.read("sheet.json")

    def table(title):
        head, *rows = sheet[title]
        return [dict(zip(head, r)) for r in rows if any(v is not None for v in r)]

    trades = table("Trades")
    c.true("sheet: trades", len(trades) == sum(len(a[1]) for a in accounts))
    for t in trades:
        want = sums(accounts[int(t["Account Number"]) - login(0)][1][int(t["Position"])])
        for a in AMOUNTS:
            c.same(f"sheet: {t['Position']} {a}", t[a.capitalize()], want[a])
        c.same(f"sheet: {t['Position']} net", t["Net"], sum(want.values()))
    flows = table("Cash flows")
    c.true("sheet: flows", len(flows) == sum(len(a[2]) for a in accounts))
    for f in flows:
        rows = accounts[int(f["Account Number"]) - login(0)][2]
        c.same(f"sheet: flow {f['Ticket']}", f["Amount"],
               next(r["profit"] for r in rows if str(r["ticket"]) == f["Ticket"]))


def check(seed, deals, where):
    c = Check(os.path.join(where, "out"))
    accounts = [account_of(seed, n, currency, deals) for n, currency in enumerate(CURRENCIES)]
    for i, (rows, positions, flows, _) in enumerate(accounts):
        check_api(c, login(i), rows, positions, flows)
        check_statistics(c, login(i), rows, positions, flows)
    total = {t["currency"]: t for t in c.read("accounts.json")["totals"]}
    for currency, (_, _, _, balance) in zip(CURRENCIES, accounts):
        c.same(f"{currency}: balance", total[currency]["balance"], balance)
        c.same(f"{currency}: left out", total[currency]["left_out"], D(0))
    check_csv(c, accounts)
    check_sheet(c, accounts)
    for line in c.wrong[:20]:
        print(line)
    print(f"seed {seed}: {c.compared} comparisons, {len(c.wrong)} differences")
    return 1 if c.wrong or c.compared == 0 else 0


if __name__ == "__main__":
    what, seed, deals, where = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    sys.exit(make(seed, deals, where) if what == "make" else check(seed, deals, where))
