"""faults.py: each write, sync, new file, rename, connection and SQL step of a
command or job is made to fail once, one after another, and each allocation.

After every single fault: no crash; what failed is said; the ledger is whole and
as before, or as after the change, nothing in between; no temporary file is
left; and run once more without a fault the same command ends as it does
without any. EVERY=N takes each N-th allocation; ONLY=name one of them.
"""
import glob, os, re, shutil, signal, sqlite3, subprocess, sys, tempfile, time

BUILD = os.path.abspath(os.environ.get('BUILD', 'build'))
EVERY = int(os.environ.get('EVERY') or 23)
ONLY = os.environ.get('ONLY') or ''
MT5FLEET = BUILD + '/bin/mt5fleet'
SECRETS = re.compile(r'\b\d{13}\b|\b[0-9a-f]{64}\b|\$argon2[^\']*')

# name, command, what it reads on standard input, and whether it does several
# things, each of them whole: then a part of them may be done, and run once more
# it does the rest. (A node: the audit first, then nodes.json.)
CASES = [
    ('token', [MT5FLEET, 'token', 'add', 'robot', '--scope', 'read'], '', False),
    ('passwd', [MT5FLEET, 'passwd', 'ana'], 'correct-horse-battery\n', False),
    ('phase', [MT5FLEET, 'phase', 'set', '--phase', 'F1', '--initial',
               '100000', 'S/52001001'], '', False),
    ('flow', [MT5FLEET, 'flow', 'set', 'S/52001001', '1', 'payout'], '', False),
    ('void', [MT5FLEET, 'deal', 'void', 'S:52001001', '2', '--reason',
              'annulled by the broker'], '', False),
    ('rename', [MT5FLEET, 'account', 'rename', 'S:52001001', 'T'], '', False),
    ('merge', [MT5FLEET, 'account', 'merge', '--yes', 'S:52001001',
               'S:52001002'], '', False),
    ('zone', [MT5FLEET, 'zone', 'set', 'S', 'Europe/Athens'], '', True),
    ('import', [MT5FLEET, 'import', 'phases.json'], '', True),
    ('node', [MT5FLEET, 'node', 'disable', 'vps01'], '', True),
    ('phases', [BUILD + '/bin/phases'], '', True),
    ('backup', [BUILD + '/bin/backup'], '', True),
]
DEAL = ('INSERT INTO deal (account, ticket, "order", time, time_msc, type, '
        'entry, magic, position_id, reason, volume, price, commission, swap, '
        'profit, fee, symbol, comment, external_id, kind, offset_s, utc_msc) '
        'VALUES (1, ?, 0, ?, ?, ?, ?, 0, ?, 0, ?, ?, 0, 0, ?, 0, ?, \'\', '
        '\'\', ?, 10800, ?)')


class Fleet:
    """A folder with settings and a ledger; state() is all that counts."""

    def __init__(self, top):
        self.top, self.base, self.work = top, top + '/base', top + '/work'

    def settings(self, folder):
        return (f'STATE_DIR={folder}\nNODES_FILE={folder}/nodes.json\n'
                f'REDIS_URL=unix:{self.top}/redis.sock\nLOG_LEVEL=error\n'
                f'PRESETS_FILE={os.getcwd()}/etc/rules.json\n')

    def run(self, case, fault):
        count = self.top + '/count'
        env = {**os.environ, 'MT5FLEET_CONFIG': self.work + '/env'}
        if fault:
            if os.path.exists(count):
                os.unlink(count)
            env.update(FAULT=fault, FAULT_COUNT=count,
                       LD_PRELOAD=BUILD + '/test/fault.so')
        r = subprocess.run(case[1], input=case[2], capture_output=True,
                           text=True, env=env, cwd=self.work, timeout=300)
        reached = fault and (not os.path.exists(count) or
                             int(open(count).read()) >=
                             int(fault.split(':')[1]))
        return r, reached

    def fresh(self):
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.base, self.work)
        with open(self.work + '/env', 'w') as f:
            f.write(self.settings(self.work))

    def make(self):
        os.makedirs(self.work)
        with open(self.work + '/env', 'w') as f:
            f.write(self.settings(self.work))
        with open(self.work + '/nodes.json', 'w') as f:
            f.write('[{"id": "vps01", "url": "https://127.0.0.1:1",\n'
                    '  "token": "0123456789abcdef"}]\n')
        os.chmod(self.work + '/nodes.json', 0o640)
        with open(self.work + '/phases.json', 'w') as f:
            f.write('{"52001001": "F1", "52001002": "R", "nobody": "F2"}')
        first = ('first', [MT5FLEET, 'token', 'add', 'first', '--scope',
                           'read'], '')
        r, _ = self.run(first, None)
        if r.returncode != 0:
            sys.exit('the ledger is not made: ' + r.stderr)
        db = sqlite3.connect(self.work + '/ledger.db')
        for login in (52001001, 52001002):
            db.execute('INSERT INTO account (server, login, currency, '
                       'currency_digits, first_seen_msc) VALUES '
                       "('S', ?, 'USD', 2, 1)", (login,))
        at = 1790000000000
        for row in ((1, 2, 0, 0, 0, 0, 10000000000000, '', 2),
                    (2, 0, 0, 2, 1, 2400, 0, 'XAUUSD', 0),
                    (3, 1, 1, 2, 1, 2410, 100000000000, 'XAUUSD', 0)):
            at += 60000
            ticket, kind, entry, position, vol, price, profit, sym, k = row
            db.execute(DEAL, (ticket, at // 1000, at, kind, entry, position,
                              vol, price, profit, sym, k, at - 10800000))
        db.commit()
        db.close()
        shutil.copytree(self.work, self.base)

    def state(self):
        db = sqlite3.connect(self.work + '/ledger.db')
        bad = [r[0] for r in db.execute('PRAGMA integrity_check')
               if r[0] != 'ok'] + db.execute(
                   'PRAGMA foreign_key_check').fetchall()
        # which jobs ran, and when: noted apart from what they did
        lines = [SECRETS.sub('N', line) for line in db.iterdump()
                 if not line.startswith('INSERT INTO "job_run"')
                 and 'INTO "revision"' not in line]
        db.close()
        nodes = open(self.work + '/nodes.json').read()
        copies = len(glob.glob(self.work + '/backup/*.db'))
        left = [f for f in glob.glob(self.work + '/**/*', recursive=True)
                if f.endswith('.tmp') or f.endswith('.new')]
        return bad, left, ('\n'.join(lines), nodes, copies > 0)


def without_audit(state):
    return tuple('\n'.join(sorted(line for line in str(part).split('\n')
                                  if 'INTO "audit"' not in line
                                  and 'VALUES(\'audit\'' not in line))
                 for part in state)


def difference(a, b):
    a, b = set(a[0].split('\n')), set(b[0].split('\n'))
    return '; '.join(sorted(a ^ b))[:600]


def try_one(fleet, case, kind, n, before, after):
    """One fault; what is wrong, or None; and whether it was reached."""
    fleet.fresh()
    r, reached = fleet.run(case, f'{kind}:{n}')
    bad, left, now = fleet.state()
    said = (r.stderr + r.stdout).strip()
    if r.returncode < 0:
        if kind != 'memory' or r.returncode != -signal.SIGABRT or \
                'out of memory' not in said:
            return f'ended by signal {-r.returncode}: {said[-300:]}', reached
    elif r.returncode != 0 and not said:
        return f'exit {r.returncode}, and nothing said', reached
    if bad:
        return f'the ledger is not whole: {bad}', reached
    if left and r.returncode >= 0:
        return f'left behind: {left}', reached
    if now != before and now != after and not case[3]:
        return ('half a change: ' + difference(now, before) +
                ' / less than all: ' + difference(now, after)), reached
    if r.returncode == 0 and now != after:
        return 'exit 0, and not done: ' + difference(now, after), reached
    if now != after:
        r, _ = fleet.run(case, None)
        now = fleet.state()[2]
        if r.returncode not in (0, 1) or (
                without_audit(now) != without_audit(after) if case[3]
                else now != after):
            return (f'once more without a fault: exit {r.returncode} '
                    f'{r.stderr[-300:]} ' + difference(now, after)), reached
    return None, reached


def try_all(fleet, case):
    fleet.fresh()
    before = fleet.state()[2]
    r, _ = fleet.run(case, None)
    if r.returncode not in (0, 1):
        return [f'without a fault: exit {r.returncode}: {r.stderr}'], {}
    after = fleet.state()[2]
    wrong, tried = [], {}
    for kind, step in (('io', 1), ('sql', 1), ('memory', EVERY)):
        n, reached = 1, True
        while reached and len(wrong) < 5:
            why, reached = try_one(fleet, case, kind, n, before, after)
            if why:
                wrong.append(f'{kind} {n}: {why}')
            tried[kind] = tried.get(kind, 0) + reached
            # the short form takes some of a long job's writes
            n += 23 if kind == 'io' and EVERY > 100 and n >= 60 else step
    return wrong, tried


def main():
    failed = 0
    with tempfile.TemporaryDirectory(prefix='mt5fleet-faults.') as top:
        fleet = Fleet(top)
        redis = subprocess.Popen(
            ['redis-server', '--port', '0', '--unixsocket',
             top + '/redis.sock', '--save', '', '--dir', top],
            stdout=subprocess.DEVNULL)
        try:
            while not os.path.exists(top + '/redis.sock'):
                if redis.poll() is not None:
                    sys.exit('redis-server does not start')
                time.sleep(0.02)
            fleet.make()
            for case in CASES:
                if ONLY and case[0] != ONLY:
                    continue
                wrong, tried = try_all(fleet, case)
                failed += bool(wrong)
                print(f"{'not ok' if wrong else 'ok'} {case[0]}: one fault "
                      'after another: ' + ', '.join(
                          f'{n} of {kind}' for kind, n in tried.items()),
                      flush=True)
                for line in wrong:
                    print('# ' + line, flush=True)
        finally:
            redis.terminate()
            redis.wait()
    return 1 if failed else 0


sys.exit(main())
