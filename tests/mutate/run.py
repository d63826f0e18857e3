"""run.py: are the tests able to fail? One small change at a time is made to a
file of money, trades, rules or deals ("<" for "<=", "+" for "-", true for
false, 1 more in a number), it is built, and the unit tests run: one of them
must fail. `make mutate TIME=seconds SEED=number` takes as many as there is time
for, in an order that the seed gives; FILES="lib/trading/money.c …" some files.

A change that no test notices is printed and makes this fail, unless
tests/mutate/known says why nobody can notice it. Changes that do not compile,
or compile to the same code, are counted apart.
"""
import glob, os, random, re, resource, shlex, subprocess, sys, tempfile, time

BUILD = os.environ.get('BUILD', 'build')
COMPILE = shlex.split(os.environ['COMPILE'])
LINK = shlex.split(os.environ['LINK'])
LIBS = shlex.split(os.environ['LIBS'])
TIME = float(os.environ.get('TIME') or 600)
SEED = int(os.environ.get('SEED') or 1)
FILES = (os.environ.get('FILES') or '').split() or (
    ['lib/trading/money.c', 'lib/trading/trade.c', 'lib/ledger/deal.c',
     'lib/ledger/deal_put.c'] + sorted(glob.glob('lib/trading/rule*.c')))
CPU_S = 60

# The tests that can see each file, the quickest first.
TRADING = ['money_test', 'trade_test', 'rules_test', 'rules_left_test',
           'trading_edges_test', 'pl_test', 'judge_test', 'ledger_test',
           'ledger_flow_test', 'ledger_cases_test', 'ledger_statistics_test']
LEDGER = ['ledger_test', 'ledger_order_test', 'ledger_flow_test',
          'ledger_cases_test', 'ledger_statistics_test', 'ledger_zone_test',
          'judge_test', 'ledger_samples_test', 'ledger_migration_test']
SCRIPTS = ['tests/unit/rules_try.sh', 'tests/unit/rules_trading.sh']

SWAPS = [(r'<=', '<'), (r'>=', '>'), (r'(?<![<\-])<(?![<=])', '<='),
         (r'(?<![>\-])>(?![>=])', '>='), (r'==', '!='), (r'!=', '=='),
         (r'&&', '||'), (r'\|\|', '&&'), (r'(?<= )\+(?= )', '-'),
         (r'(?<= )-(?= )', '+'), (r'\+=', '-='), (r'-=', '+='),
         (r'(?<=\w )\*(?= \w)', '/'), (r'(?<= )/(?= )', '*'),
         (r'\btrue\b', 'false'), (r'\bfalse\b', 'true'),
         (r'\breturn -1\b', 'return 0'), (r'\breturn 0\b', 'return -1'),
         (r'\bcontinue;', 'break;'), (r'(?<=[(\s])!(?=[\w(])', '')]


def blank(text):
    """Comments, strings and preprocessor lines as spaces, places kept."""
    def spaces(m):
        return re.sub(r'[^\n]', ' ', m.group())
    text = re.sub(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'',
                  spaces, text, flags=re.S)
    return re.sub(r'^#(?:.*\\\n)*.*$', spaces, text, flags=re.M)


def mutants(path):
    text = open(path, encoding='utf-8').read()
    code = blank(text)
    start = code.find('\n{')
    for pattern, to in SWAPS:
        for m in re.finditer(pattern, code):
            if m.start() > start:
                yield path, text, m.start(), m.end(), to
    for m in re.finditer(r'(?<![\w.])\d+(?![\w.])', code):
        if m.start() > start:
            yield path, text, m.start(), m.end(), str(int(m.group()) + 1)


def limits():
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(command, **more):
    return subprocess.run(command, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                          **more).returncode == 0


class Work:
    def __init__(self, folder):
        self.folder = folder
        self.object = folder + '/mutant.o'
        os.makedirs(folder + '/bin')

    def build(self, name, text):
        source = f'{self.folder}/{os.path.basename(name)}'
        with open(source, 'w', encoding='utf-8') as f:
            f.write(text)
        ok = run(COMPILE + ['-O1', '-g0', '-w', '-U_FORTIFY_SOURCE', '-c',
                            '-o', self.object, source])
        os.unlink(source)
        return open(self.object, 'rb').read() if ok else None

    def link(self, out, objects):
        return run(LINK + ['-o', out] + objects + [self.object,
                   BUILD + '/libmt5fleet.a'] + LIBS)

    def passes(self, test):
        if test.endswith('.sh'):
            if not self.link(self.folder + '/bin/mt5fleet',
                             glob.glob(BUILD + '/obj/bin/*.o')):
                sys.exit(f'{test}: cannot be linked')
            return run(['bash', test], preexec_fn=limits,
                       env={**os.environ, 'BUILD': self.folder})
        out = self.folder + '/test'
        if not self.link(out, [f'{BUILD}/obj/tests/unit/{test}.o']):
            sys.exit(f'{test}: cannot be linked')
        return run([out], preexec_fn=limits)

    def survives(self, path):
        tests = LEDGER if 'ledger' in path else TRADING + SCRIPTS
        return all(self.passes(t) for t in tests)


def describe(path, text, start, end, to):
    begin = text.rfind('\n', 0, start) + 1
    stop = text.find('\n', end)
    line = text[begin:stop]
    changed = text[begin:start] + to + text[end:stop]
    number = text.count('\n', 0, start) + 1
    return number, f'{path}: {line.strip()} => {changed.strip()}'


def known():
    lines = {}
    for line in open('tests/mutate/known', encoding='utf-8'):
        if ' -- ' in line and not line.startswith('#'):
            what, why = line.rstrip('\n').split(' -- ', 1)
            lines[what] = why
    return lines


def main():
    todo = [m for path in FILES for m in mutants(path)]
    random.Random(SEED).shuffle(todo)
    explained, until = known(), time.monotonic() + TIME
    count = dict(killed=0, survived=0, explained=0, same=0)
    with tempfile.TemporaryDirectory(prefix='mt5fleet-mutate.') as folder:
        work, originals = Work(folder), {}
        for path in sorted({m[0] for m in todo}):
            originals[path] = work.build(path, open(path).read())
            if originals[path] is None or not work.survives(path):
                sys.exit(f'{path}: the tests fail without a change')
        done = 0
        for path, text, start, end, to in todo:
            if time.monotonic() > until:
                break
            done += 1
            built = work.build(path, text[:start] + to + text[end:])
            if built is None or built == originals[path]:
                count['same'] += 1
                continue
            number, what = describe(path, text, start, end, to)
            if what in explained:
                count['explained'] += 1
            elif work.survives(path):
                count['survived'] += 1
                print(f'survived: {what}   (line {number})', flush=True)
            else:
                count['killed'] += 1
    print(f"{done} of {len(todo)} changes, seed {SEED}: {count['killed']} "
          f"noticed, {count['survived']} not, {count['explained']} explained, "
          f"{count['same']} no change of the code")
    return 1 if count['survived'] or not done else 0


sys.exit(main())
