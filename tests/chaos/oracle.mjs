// oracle.mjs: holds what the system says against the terminals' own files:
// what is shown as live was true in the time that it may be old, what is stored
// stays, what was acknowledged is there. It knows nothing of our code but the
// mailbox's file and the API.
import fs from 'node:fs';
import path from 'node:path';
import { differences, money, netOf, sql, waitForHistory } from '../system/ledger_lib.mjs';
import { get, parseCsv, sleep, waitFor } from '../system/lib.mjs';
import { connect } from '../system/ws.mjs';
import { ttl_ms } from './rig.mjs';

const SLACK_MS = 5000; // of a loaded machine: between a read and its look at the clock
const MONEY = ['balance', 'equity', 'profit'];

/** All states a terminal was in, and until when: read from its mailbox. */
class Truth {
  constructor(node) {
    this.node = node;
    this.states = new Map(); // "balance equity profit" -> the last moment
    this.balances = new Map();
    this.read_mtime = 0;
  }

  file() {
    const root = path.join(this.node.terminal.common, 'mt5fleet');
    this.path ??= fs.readdirSync(root).map((d) => path.join(root, d, 'snapshot.json'))
      .find((f) => fs.existsSync(f));
    return this.path;
  }

  look() {
    try {
      const [body] = fs.readFileSync(this.file(), 'utf8').split('\n#');
      const { account } = JSON.parse(body);
      const now = Date.now();
      this.states.set(MONEY.map((m) => account[m]).join(' '), now);
      this.balances.set(account.balance, now);
    } catch { /* being written */ }
  }
}

export class Oracle {
  violations = [];
  edits = new Map(); // login -> {acked, maybe: Set}
  unseen = [];
  deals = new Map(); // login -> the most that were ever stored
  counts = { rows: 0, messages: 0, edits: 0, reads: 0 };

  constructor(rig, random) {
    this.rig = rig;
    this.random = random;
    this.truths = new Map(rig.nodes.map((n) => [n.login, new Truth(n)]));
    this.began = Date.now();
    this.told = new Set();
  }

  wrong(what) {
    if (this.told.has(what)) return;
    this.told.add(what);
    this.violations.push(what);
    console.log(`VIOLATION after ${((Date.now() - this.began) / 1000).toFixed(1)} s: ${what}`);
  }

  /** Values shown as live, which were asked for at `asked`. */
  judge(where, login, node, account, asked) {
    const truth = this.truths.get(login);
    if (!truth || account === null || account === undefined) return;
    if (node === 'liar') {
      this.wrong(`${where}: ${login} is shown from the liar`);
      return;
    }
    if (account.balance === undefined) return;
    const at = truth.balances.get(account.balance);
    if (at === undefined) // or one that a look in between missed: the book knows
      this.unseen.push({ where, login, balance: account.balance });
    else if (asked - at > ttl_ms + SLACK_MS)
      this.wrong(`${where}: ${login} has a balance of ${account.balance} that ended ` +
        `${((asked - at) / 1000).toFixed(0)} s before`);
    const whole = truth.states.get(MONEY.map((m) => account[m]).join(' '));
    // a state of less than one look may be missed, but its parts add up
    if (whole === undefined && Math.abs(account.balance + (account.credit ?? 0) +
      account.profit - account.equity) > 0.011)
      this.wrong(`${where}: ${login}: equity ${account.equity} is not balance ` +
        `${account.balance} and profit ${account.profit}`);
  }

  async readApi() {
    const asked = Date.now();
    let answer;
    try {
      answer = await get(`${this.rig.url}/api/accounts`, { timeout: 15000 });
    } catch {
      return; // no answer is no wrong number
    }
    this.counts.reads++;
    if (answer.status !== 200) return;
    if (!Array.isArray(answer.json?.accounts)) {
      this.wrong(`the API answered 200 with ${answer.text.slice(0, 80)}`);
      return;
    }
    const live = answer.json.accounts.filter((r) => r.status === 'ok');
    for (const row of live) {
      this.counts.rows++;
      this.judge('API', row.login, row.node, row.account, asked);
    }
    for (const total of answer.json.totals ?? []) {
      const rows = live.filter((r) => r.account?.currency === total.currency &&
        r.account.trade_mode === total.trade_mode);
      const sum = rows.reduce((s, r) => s + r.account.balance, 0);
      if (total.balance !== null && Math.abs(sum - total.balance) > 0.01)
        this.wrong(`API: the total of ${total.currency} is ${total.balance}, its rows ${sum}`);
    }
  }

  async listen() {
    let after = '';
    while (!this.done) {
      let last = null, reset = false;
      try {
        const ws = await connect({ port: this.rig.port }, `/ws${after && `?after=${after}`}`, {
          message: (m) => {
            this.counts.messages++;
            if (m.type === 'reset' || m.type === 'hello') reset = m.type === 'reset' || reset;
            if (!m.id) return;
            const [ms, n] = m.id.split('-').map(Number);
            if (last && !reset && (ms < last[0] || (ms === last[0] && n <= last[1])))
              this.wrong(`WebSocket: ${m.id} came after ${last.join('-')}`);
            last = [ms, n];
            reset = false;
            after = m.id;
            if (m.type === 'account' && m.status === undefined)
              this.judge('WebSocket', m.login, m.node, m.account, Date.now());
          },
        }, { headers: { Origin: this.rig.url } });
        const late = setTimeout(() => ws.drop(), 20000 + this.random.next() * 20000);
        await ws.closed;
        clearTimeout(late);
      } catch {
        await sleep(300);
      }
    }
  }

  /** What a person types; only what was acknowledged has to be there. */
  async edit() {
    const node = this.random.pick(this.rig.nodes);
    const at = `${this.rig.url}/api/accounts/${node.server}/${node.login}/meta`;
    const value = `note ${++this.counts.edits}`;
    const known = this.edits.get(node.login) ?? { acked: null, maybe: new Set() };
    this.edits.set(node.login, known);
    try {
      this.session ??= await this.rig.logIn();
      if (!this.session) return;
      known.maybe.add(value);
      const res = await fetch(at, { method: 'PUT', headers: this.session,
        body: JSON.stringify({ note: value }), signal: AbortSignal.timeout(15000) });
      if (res.status === 200) {
        known.acked = value;
        known.maybe.clear();
      } else {
        known.maybe.delete(value);
        if (res.status === 401 || res.status === 403) this.session = null;
      }
      await res.arrayBuffer();
    } catch { /* unknown: it may be there or not */ }
  }

  /** The ledger never has fewer deals than it had. */
  countDeals() {
    let rows;
    try {
      rows = sql(this.rig.ledger, 'SELECT a.login, count(*) AS n FROM deal d ' +
        'JOIN account a ON a.id = d.account GROUP BY a.login');
    } catch {
      return; // locked, or no room for its index
    }
    for (const { login, n } of rows) {
      if (n < (this.deals.get(login) ?? 0))
        this.wrong(`the ledger has ${n} deals of ${login}, and had ${this.deals.get(login)}`);
      this.deals.set(login, n);
    }
  }

  /** Each balance that a look missed was one between two deals of the book. */
  judgeUnseen() {
    const passed = new Map(this.rig.nodes.map((node) => {
      let sum = 0n;
      const sums = parseCsv(fs.readFileSync(node.book, 'utf8'))
        .sort((a, b) => (BigInt(a.ticket) < BigInt(b.ticket) ? -1 : 1))
        .filter((deal) => deal.type !== '3') // credit
        .map((deal) => { sum += netOf([deal]); return sum; });
      return [node.login, new Set(sums)];
    }));
    for (const { where, login, balance } of this.unseen)
      if (!passed.get(login).has(money(String(balance))))
        this.wrong(`${where}: ${login} has a balance of ${balance}, which it never had`);
  }

  run() {
    const every = async (ms, f) => {
      while (!this.done) {
        await f();
        await sleep(ms);
      }
    };
    this.tasks = [
      every(50, async () => { for (const truth of this.truths.values()) truth.look(); }),
      every(400, () => this.readApi()),
      every(1500, () => this.edit()),
      every(5000, async () => this.countDeals()),
      this.listen(), this.listen(),
    ];
  }

  async stop() {
    this.done = true;
    await Promise.race([Promise.all(this.tasks.slice(0, 4)), sleep(20000)]);
  }

  /** All is well again, and the books say what the ledger says. */
  async judgeTheEnd() {
    const { rig } = this;
    for (const node of rig.nodes) node.terminal.control('pause-trading');
    await sleep(2000);
    for (const truth of this.truths.values()) truth.look();
    for (const node of rig.nodes) {
      await waitForHistory(node.url, 90000);
      await waitFor(`${node.id} to have all its deals`, async () =>
        (await get(`${node.url}/snapshot`)).json.terminals[0].snapshot.history.deals ===
          parseCsv(fs.readFileSync(node.book, 'utf8')).length, 30000);
    }
    await waitFor('each row to be live and right', async () => {
      const { json } = await get(`${rig.url}/api/accounts`);
      return rig.nodes.every((n) => json?.accounts?.some((r) => r.login === n.login &&
        r.node === n.id && r.status === 'ok'));
    }, 120000).catch(() => this.wrong('not every row is live a minute after the last event'));
    await this.readApi();
    this.judgeUnseen();
    await waitFor('trades to have read all', async () => {
      const { code } = await rig.job('trades').exited;
      return code === 0;
    }, 60000).catch(() => this.wrong('the trades job does not end well any more'));
    for (const node of rig.nodes)
      for (const line of differences(rig.ledger, node.login, fs.readFileSync(node.book, 'utf8')))
        this.wrong(`ledger: ${line}`);
    for (const [login, { acked, maybe }] of this.edits) {
      const [row] = sql(rig.ledger, `SELECT note FROM account WHERE login = ${login}`);
      if (acked !== null && row?.note !== acked && !maybe.has(row?.note))
        this.wrong(`the edit "${acked}" of ${login} was acknowledged; the ledger has "${row?.note}"`);
    }
    if (sql(rig.ledger, 'PRAGMA integrity_check')[0].integrity_check !== 'ok')
      this.wrong('the ledger is damaged');
  }
}
