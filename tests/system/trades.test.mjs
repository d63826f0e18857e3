// trades.test.mjs: the trades job against real terminals and agents: what is
// stored is what the terminals have, whatever happens on the way.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { RECORDINGS, bin, freePort, parseCsv, run, startRedis,
  startTerminal, waitFor } from './lib.mjs';
import { differences, money, netOf, sql, startNodes,
  waitForHistory } from './ledger_lib.mjs';

const summary = (output) => Object.fromEntries(
  [...output.matchAll(/(\w+)=([\d.]+)/g)].map(([, k, v]) => [k, Number(v)]));

const ok = (result) => {
  assert.equal(result.code, 0, result.output);
  return summary(result.output);
};

const login = (name) => JSON.parse(fs.readFileSync(
  path.join(RECORDINGS, name, 'account.json'))).login;
const csv = (name) => fs.readFileSync(
  path.join(RECORDINGS, name, 'deals.csv'), 'utf8');

const REPLAYED = ['usc-hedge', 'usd-netting', 'jpy-hedge', 'usd-tester-5037',
  'usd-commission-2021'];

test('recordings', { skip: !RECORDINGS && 'no recordings here' }, async (t) => {
  const fleet = await startNodes(t, Object.fromEntries(REPLAYED.map(
    (name) => [name, ['--recording', path.join(RECORDINGS, name)]])));
  await fleet.wait();
  const first = ok(await fleet.trades());

  await t.test('stored deals equal deals.csv to the last digit and order', () => {
    let deals = 0;
    for (const name of REPLAYED) {
      assert.deepEqual(differences(fleet.ledger, login(name), csv(name)), [], name);
      deals += parseCsv(csv(name)).length;
    }
    assert.equal(first.added, deals);
    assert.equal(first.ok, REPLAYED.length);
  });

  await t.test('a second and a hundredth sync add nothing', async () => {
    for (let i = 2; i <= 100; i++) {
      const again = ok(await fleet.trades());
      assert.deepEqual([again.added, again.changed, again.missing], [0, 0, 0]);
    }
    const full = ok(await fleet.trades('--full'));
    assert.deepEqual([full.added, full.changed, full.missing], [0, 0, 0]);
    for (const name of REPLAYED)
      assert.deepEqual(differences(fleet.ledger, login(name), csv(name)), [], name);
  });

  await t.test('usc-hedge: a residue of -14.50, and why', () => {
    const [row] = sql(fleet.ledger, `SELECT residue, residue_note AS note FROM sync
      JOIN account a ON a.id = account WHERE login = ${login('usc-hedge')}`);
    assert.equal(BigInt(row.residue), money('-14.50'));
    assert.match(row.note, /archived/);
  });

  await t.test('usd-netting: the missing deposit is a residue, named', () => {
    const [row] = sql(fleet.ledger, `SELECT cast(residue AS TEXT) AS residue,
      residue_note AS note FROM sync JOIN account a ON a.id = account
      WHERE login = ${login('usd-netting')}`);
    assert.equal(BigInt(row.residue), money('998491.78') - netOf(parseCsv(csv('usd-netting'))));
    assert.match(row.note, /beginning is missing/);
  });

  for (const name of ['usd-tester-5037', 'usd-commission-2021', 'jpy-hedge'])
    await t.test(`${name}: nets are the sums of their deals, and all is the balance`, () => {
      const deals = parseCsv(csv(name));
      const positions = Map.groupBy
        ? Map.groupBy(deals.filter((d) => d.type < 2), (d) => d.position_id)
        : groupBy(deals.filter((d) => d.type < 2), (d) => d.position_id);
      const trades = sql(fleet.ledger, `SELECT cast(position_id AS TEXT) AS id,
        state, part, cast(net AS TEXT) AS net FROM trade JOIN account a ON a.id = account
        WHERE login = ${login(name)}`);
      assert.equal(trades.length, positions.size);
      let closed = 0, sum = 0n;
      for (const trade of trades) {
        assert.equal(BigInt(trade.net), netOf(positions.get(trade.id)), trade.id);
        closed += trade.state === 2;
        sum += BigInt(trade.net);
      }
      assert.ok(closed >= trades.length - 1);
      const flows = netOf(deals.filter((d) => d.type >= 2));
      const account = JSON.parse(fs.readFileSync(path.join(RECORDINGS, name, 'account.json')));
      assert.equal(sum + flows, money(String(account.balance)));
      const [row] = sql(fleet.ledger, `SELECT residue, residue_note AS note FROM sync
        JOIN account a ON a.id = account WHERE login = ${login(name)}`);
      assert.deepEqual(row, { residue: 0, note: null });
    });

  await t.test('usd-netting: two reversals make parts; the partition holds', () => {
    const where = `JOIN account a ON a.id = account WHERE login = ${login('usd-netting')}`;
    const [{ parts }] = sql(fleet.ledger, `SELECT count(*) AS parts FROM trade ${where} AND part > 0`);
    assert.equal(parts, 2);
    const [{ net }] = sql(fleet.ledger, `SELECT cast(sum(net) AS TEXT) AS net FROM trade ${where}`);
    assert.equal(BigInt(net), netOf(parseCsv(csv('usd-netting'))));
  });
});

function groupBy(list, key) {
  const map = new Map();
  for (const item of list) {
    if (!map.has(key(item))) map.set(key(item), []);
    map.get(key(item)).push(item);
  }
  return map;
}

test('a terminal that trades', async (t) => {
  const fleet = await startNodes(t, {
    one: ['--seed', 11, '--deals', 2500, '--rate', 0, '--server', 'A-Live', '--login', '9007199254740993'],
    two: ['--seed', 12, '--deals', 300, '--rate', 0, '--server', 'B-Live', '--login', '9007199254740993'],
  });
  const [one, two] = fleet.nodes;
  await fleet.wait();
  const stored = (server) => sql(fleet.ledger, `SELECT count(*) AS n FROM deal
    JOIN account a ON a.id = account WHERE server = '${server}'`)[0].n;
  const book = (node) => parseCsv(fs.readFileSync(node.book, 'utf8'));
  let hidden = 0; // of one's deals, by its broker: its book has them all
  const order = async (node, line) => {
    const before = fs.readFileSync(node.book, 'utf8');
    node.terminal.control(line);
    await waitFor(line, () => fs.readFileSync(node.book, 'utf8') !== before);
    if (line === 'archive') hidden = Math.floor((book(node).length - 1) / 2);
    // and until the bridge has told the agent
    const last = book(node).length - hidden;
    await waitFor('the agent', async () => {
      const answer = await fetch(`${node.url}/snapshot`).then((r) => r.json());
      return answer.terminals[0].snapshot.history.deals === last;
    });
  };

  await t.test('the same login at two servers is two accounts', async () => {
    ok(await fleet.trades());
    assert.equal(stored('A-Live'), book(one).length);
    assert.equal(stored('B-Live'), book(two).length);
  });

  await t.test('two deals in one millisecond both come', async () => {
    await order(one, 'two-deals-one-ms');
    const done = ok(await fleet.trades());
    assert.equal(stored('A-Live'), book(one).length);
    assert.ok(done.added >= 2);
  });

  await t.test('a deal that comes months late is found by the residue', async () => {
    await order(one, `late-deal ${90 * 86400}`);
    const done = ok(await fleet.trades());
    assert.equal(stored('A-Live'), book(one).length);
    assert.ok(done.added >= 1);
    assert.equal(sql(fleet.ledger, 'SELECT max(abs(residue)) AS r FROM sync')[0].r, 0);
  });

  await t.test('deposit and credit: the balance agrees, credit apart', async () => {
    await order(one, 'deposit 1234.56');
    await order(one, 'credit 99.01');
    ok(await fleet.trades());
    const [row] = sql(fleet.ledger, `SELECT residue, credit_residue, cast(b.credit AS TEXT) AS credit
      FROM sync s JOIN account a ON a.id = s.account JOIN book b ON b.account = a.id
      WHERE server = 'A-Live'`);
    assert.deepEqual([row.residue, row.credit_residue], [0, 0]);
    assert.equal(BigInt(row.credit),
      netOf(book(one).filter((d) => d.type === '3')));
  });

  await t.test('archived deals are kept and noticed', async () => {
    await order(one, 'archive');
    const done = ok(await fleet.trades('--full'));
    assert.equal(done.missing, hidden);
    const [row] = sql(fleet.ledger, `SELECT count(*) AS n, sum(missing_msc <> 0) AS missing
      FROM deal JOIN account a ON a.id = account WHERE server = 'A-Live'`);
    assert.deepEqual(row, { n: book(one).length, missing: hidden });
    // noticed once, and the sums still stand
    assert.equal(ok(await fleet.trades('--full')).missing, 0);
    assert.deepEqual(sql(fleet.ledger, `SELECT residue FROM sync
      JOIN account a ON a.id = account WHERE server = 'A-Live'`), [{ residue: 0 }]);
  });

  await t.test('a history that is still loading is never "no deals"', async () => {
    const before = stored('B-Live');
    two.terminal.handle.kill('SIGKILL');
    await two.terminal.handle.exited;
    startTerminal(t, two.home, [...two.source, '--history', 60000, '--quiet'], two.terminal.common);
    await waitFor('a loading terminal', async () => {
      const answer = await fetch(`${two.url}/snapshot`).then((r) => r.json());
      return answer.terminals[0].snapshot.history?.complete === false &&
        answer.terminals[0].snapshot.account !== null;
    });
    const done = ok(await fleet.trades());
    assert.equal(done.syncing, 1);
    assert.equal(done.missing, 0);
    assert.equal(stored('B-Live'), before);
    const [row] = sql(fleet.ledger, `SELECT state, sync_msc FROM sync
      JOIN account a ON a.id = account WHERE server = 'B-Live'`);
    assert.equal(row.state, 1); // history_syncing
    assert.ok(row.sync_msc > 0); // what was known stays
  });

  await t.test('an agent that is gone: exit 1, the others are read', async () => {
    await two.agent.handle.kill('SIGKILL');
    await order(one, 'deposit 1');
    const result = await fleet.trades();
    assert.equal(result.code, 1, result.output);
    assert.match(result.output, /node=two: accounts: /);
    assert.equal(summary(result.output).added, 1);
  });
});

test('an orphan is asked for by its position', async (t) => {
  // an agent that hides the opening deal from the range, as a window does
  const http = await import('node:http');
  const deal = (ticket, entry, profit) => ({ ticket, order: '1', time: 1700000000 + Number(ticket),
    time_msc: (1700000000 + Number(ticket)) * 1000, type: entry, entry, magic: '0', position_id: '77',
    reason: 0, volume: 1, price: 1.5, commission: entry === 0 ? -3 : 0, swap: 0, profit, fee: 0,
    symbol: 'EURUSD', comment: '', external_id: '', sl: 0, tp: 0 });
  const asked = [];
  const server = http.createServer((req, res) => {
    const url = new URL(req.url, 'http://x');
    const position = url.searchParams.get('position_id');
    if (url.pathname === '/deals') asked.push(position);
    const deals = position ? [deal('1', 0, 0), deal('2', 1, 10)] : [deal('2', 1, 10)];
    res.end(JSON.stringify(url.pathname === '/accounts'
      ? { accounts: [{ server: 'X', login: '5', status: 'ok', account: { currency_digits: 2 },
        broker_offset_s: 7200 }] }
      : { server: 'X', login: '5', complete: true, more: false, balance: 7, credit: 0, deals }));
  });
  const port = await freePort();
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  t.after(() => server.close());
  const fleet = await startNodes(t, {});
  fs.writeFileSync(fleet.env.NODES_FILE, JSON.stringify([{ id: 'x', url: `http://127.0.0.1:${port}` }]));
  const done = ok(await fleet.trades());
  assert.equal(done.orphans_asked, 1);
  assert.deepEqual(sql(fleet.ledger, 'SELECT state, net, deals FROM trade'),
    [{ state: 2, net: Number(money('7')), deals: 2 }]);
  assert.deepEqual(sql(fleet.ledger, 'SELECT residue FROM sync'), [{ residue: 0 }]);
  assert.deepEqual(sql(fleet.ledger, 'SELECT DISTINCT offset_s, time_msc - utc_msc AS d FROM deal'),
    [{ offset_s: 7200, d: 7200000 }]);
  asked.length = 0;
  ok(await fleet.trades());
  assert.ok(!asked.includes('77'));
});

test('answers that cannot be trusted change nothing', async (t) => {
  const http = await import('node:http');
  let answer = '';
  const server = http.createServer((req, res) => res.end(req.url.startsWith('/accounts')
    ? JSON.stringify({ accounts: [{ server: 'X', login: '5', status: 'ok', account: {} }] })
    : answer));
  const port = await freePort();
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  t.after(() => server.close());
  const fleet = await startNodes(t, {});
  fs.writeFileSync(fleet.env.NODES_FILE, JSON.stringify([{ id: 'x', url: `http://127.0.0.1:${port}` }]));
  const good = { server: 'X', login: '5', complete: true, more: false, balance: 0, credit: 0, deals: [] };
  for (const [what, text] of [
    ['not JSON', '{'],
    ['another account', JSON.stringify({ ...good, login: '6' })],
    ['no deals', JSON.stringify({ ...good, deals: null })],
    ['more without end', JSON.stringify({ ...good, more: true })],
    ['a bad deal', JSON.stringify({ ...good, deals: [{ ticket: 'x' }] })],
  ])
    await t.test(what, async () => {
      answer = text;
      const result = await fleet.trades();
      assert.equal(result.code, 1, result.output);
      assert.deepEqual(sql(fleet.ledger, 'SELECT count(*) AS n FROM deal'), [{ n: 0 }]);
      assert.deepEqual(sql(fleet.ledger, 'SELECT state, sync_msc FROM sync'), [{ state: 3, sync_msc: 0 }]);
    });
});

test('accounts are found by Redis, and a status that came back reads all', async (t) => {
  const redis = await startRedis(t);
  const fleet = await startNodes(t, { n1: ['--seed', 3, '--deals', 50, '--rate', 0] },
    { ...redis.env });
  await fleet.wait();
  const collect = () => run(t, bin('collect'), ['--once'], { env: fleet.env });
  await waitFor('a snapshot', async () => (await collect()).code === 0 &&
    (await redis.command('EXISTS', 'snapshot:n1')) === '1');
  ok(await fleet.trades());
  const at = () => sql(fleet.ledger, 'SELECT full_msc, sync_msc FROM sync')[0];
  const first = at();
  assert.equal(first.full_msc > 0, true);
  ok(await fleet.trades());
  assert.equal(at().full_msc, first.full_msc); // nothing happened: only the overlap
  assert.ok(at().sync_msc > first.sync_msc);

  // --moved reads what has another balance, and nothing else
  const before = at().sync_msc;
  const still = ok(await fleet.trades('--moved'));
  assert.deepEqual([still.accounts, still.unmoved, still.pages], [1, 1, 0]);
  assert.equal(at().sync_msc, before);
  fleet.nodes[0].terminal.control('deposit 123.45');
  await waitFor('the deposit is seen', async () => (await collect(),
    ok(await fleet.trades('--moved')).added === 1));
  assert.ok(at().sync_msc > before);
  assert.equal(ok(await fleet.trades('--moved')).unmoved, 1);
  fleet.nodes[0].terminal.control('lose-broker');
  await waitFor('the loss', async () => (await collect(),
    await redis.command('GET', 'snapshot:n1')).includes('broker_disconnected'));
  assert.equal(ok(await fleet.trades()).accounts, 0); // not read while it is away
  fleet.nodes[0].terminal.control('regain-broker');
  await waitForHistory(fleet.nodes[0].url);
  await waitFor('it is back', async () => (await collect(),
    /"status":"ok"/.test(await redis.command('GET', 'snapshot:n1'))));
  ok(await fleet.trades());
  assert.ok(at().full_msc > first.full_msc);
});

test('a terminal that does not know its broker\'s offset yet: the last good one counts', async (t) => {
  const http = await import('node:http');
  let offset = 7200, deals = [];
  const deposit = (ticket) => ({ ticket, order: '0', time: 1700000000, time_msc: 1700000000000 + Number(ticket),
    type: 2, entry: 0, magic: '0', position_id: '0', reason: 0, volume: 0, price: 0, commission: 0, swap: 0,
    profit: 10, fee: 0, symbol: '', comment: '', external_id: '', sl: 0, tp: 0 });
  const server = http.createServer((req, res) => res.end(JSON.stringify(req.url.startsWith('/accounts')
    ? { accounts: [{ server: 'X', login: '5', status: 'ok', account: { currency_digits: 2 }, broker_offset_s: offset }] }
    : { server: 'X', login: '5', complete: true, more: false, balance: 10 * deals.length, credit: 0, deals })));
  const port = await freePort();
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  t.after(() => server.close());
  const fleet = await startNodes(t, {});
  fs.writeFileSync(fleet.env.NODES_FILE, JSON.stringify([{ id: 'x', url: `http://127.0.0.1:${port}` }]));
  ok(await fleet.trades());
  offset = null; // started again on a week-end
  deals = [deposit('1')];
  ok(await fleet.trades());
  assert.deepEqual(sql(fleet.ledger, 'SELECT offset_s, time_msc - utc_msc AS d FROM deal'),
    [{ offset_s: 7200, d: 7200000 }]);
});

test('deals that the broker takes back with their money are kept, marked, and in no sum', async (t) => {
  const http = await import('node:http');
  const deal = (ticket, type, entry, profit) => ({ ticket, order: '0', time: 1700000000 + Number(ticket),
    time_msc: (1700000000 + Number(ticket)) * 1000, type, entry, magic: '0', position_id: type < 2 ? '9' : '0',
    reason: 0, volume: 1, price: 1, commission: 0, swap: 0, profit, fee: 0, symbol: '', comment: '', external_id: '',
    sl: 0, tp: 0 });
  let deals = [deal('1', 2, 0, 100), deal('2', 0, 0, 0), deal('3', 1, 1, 12.5)], balance = 112.5;
  const server = http.createServer((req, res) => res.end(JSON.stringify(req.url.startsWith('/accounts')
    ? { accounts: [{ server: 'X', login: '5', status: 'ok', account: { currency_digits: 2 }, broker_offset_s: 0 }] }
    : { server: 'X', login: '5', complete: true, more: false, balance, credit: 0, deals })));
  const port = await freePort();
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  t.after(() => server.close());
  const fleet = await startNodes(t, {});
  fs.writeFileSync(fleet.env.NODES_FILE, JSON.stringify([{ id: 'x', url: `http://127.0.0.1:${port}` }]));
  ok(await fleet.trades());
  deals = deals.slice(0, 1);
  balance = 100;
  assert.equal(ok(await fleet.trades()).missing, 2);
  assert.deepEqual(sql(fleet.ledger, 'SELECT residue, residue_note AS note FROM sync'),
    [{ residue: 0, note: 'the broker annulled 2 deals worth 12.5: kept here, marked and excluded from sums' }]);
  assert.equal(sql(fleet.ledger, 'SELECT count(*) AS n FROM deal')[0].n, 3);
  assert.deepEqual(sql(fleet.ledger, 'SELECT state FROM trade'), [{ state: 4 }]);
  assert.deepEqual(sql(fleet.ledger, 'SELECT trades_net, flows FROM book'),
    [{ trades_net: 0, flows: Number(money('100')) }]);
  // part of the money only: nothing that the deals explain
  balance = 95;
  ok(await fleet.trades());
  assert.deepEqual(sql(fleet.ledger, 'SELECT residue, residue_note AS note FROM sync'),
    [{ residue: Number(money('-5')), note: 'not explained by any deal seen' }]);
});

test('one account that cannot be stored fails alone, with its reason; a time without milliseconds is known', async (t) => {
  const http = await import('node:http');
  const deal = (ticket, profit, more = {}) => ({ ticket, order: '0', time: 1700000000 + Number(ticket),
    time_msc: (1700000000 + Number(ticket)) * 1000, type: 2, entry: 0, magic: '0', position_id: '0',
    reason: 0, volume: 0, price: 0, commission: 0, swap: 0, profit, fee: 0, symbol: '', comment: '', external_id: '',
    sl: 0, tp: 0, ...more });
  // the second terminal tells a time beyond what MT5 knows; the third, seconds alone
  const accounts = { 5: [deal('1', 10)], 6: [deal('1', 10, { time_msc: '-9223372036854775808' })],
    7: [deal('9', 3, { time_msc: 0 }), deal('2', 4)] };
  const server = http.createServer((req, res) => {
    const login = new URL(req.url, 'http://x').searchParams.get('login');
    res.end(JSON.stringify(login === null
      ? { accounts: Object.keys(accounts).map((n) => ({ server: 'X', login: n, status: 'ok',
        account: { currency_digits: 2 }, broker_offset_s: 10800 })) }
      : { server: 'X', login, complete: true, more: false, credit: 0,
        balance: accounts[login].reduce((sum, d) => sum + d.profit, 0), deals: accounts[login] }));
  });
  const port = await freePort();
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  t.after(() => server.close());
  const fleet = await startNodes(t, {});
  fs.writeFileSync(fleet.env.NODES_FILE, JSON.stringify([{ id: 'x', url: `http://127.0.0.1:${port}` }]));
  const done = await fleet.trades();
  assert.equal(done.code, 1); // one failed; the ledger is not down
  const rows = sql(fleet.ledger, `SELECT login, state, error, residue FROM sync
    JOIN account a ON a.id = account ORDER BY login`);
  assert.deepEqual(rows.map((r) => r.state), [2, 3, 2]);
  assert.match(rows[1].error, /deal time_msc: "-9223372036854775808"/);
  assert.deepEqual([rows[0].residue, rows[2].residue], [0, 0]);
  assert.deepEqual(sql(fleet.ledger, `SELECT ticket, time_msc FROM deal JOIN account a ON a.id = account
    WHERE login = 7 ORDER BY ticket`),
  [{ ticket: 2, time_msc: 1700000002000 }, { ticket: 9, time_msc: 1700000009000 }]);
});

test('an account that is pinned counts from its node alone, whatever another one says', async (t) => {
  const http = await import('node:http');
  const deposit = (ticket, profit) => ({ ticket, order: '0', time: 1700000000, time_msc: 1700000000000,
    type: 2, entry: 0, magic: '0', position_id: '0', reason: 0, volume: 0, price: 0, commission: 0, swap: 0,
    profit, fee: 0, symbol: '', comment: '', external_id: '', sl: 0, tp: 0 });
  const node = async (ticket, balance) => {
    const server = http.createServer((req, res) => res.end(JSON.stringify(req.url.startsWith('/accounts')
      ? { accounts: [{ server: 'Broker-Live', login: '777001', status: 'ok', account: { currency_digits: 2 },
        broker_offset_s: 0 }] }
      : { server: 'Broker-Live', login: '777001', complete: true, more: false, balance, credit: 0,
        deals: [deposit(ticket, balance)] })));
    const port = await freePort();
    await new Promise((done) => server.listen(port, '127.0.0.1', done));
    t.after(() => server.close());
    return `http://127.0.0.1:${port}`;
  };
  const fleet = await startNodes(t, {});
  fs.writeFileSync(fleet.env.NODES_FILE, JSON.stringify([
    { id: 'aa-liar', url: await node('90001', 1000000) },
    { id: 'mm-other', url: await node('90002', 7), accounts: [{ server: 'Broker-Live', login: '5' }] },
    { id: 'zz-honest', url: await node('1', 5000), accounts: [{ server: 'Broker-Live', login: '777001' }] }]));
  assert.equal(ok(await fleet.trades()).accounts, 1);
  assert.deepEqual(sql(fleet.ledger, 'SELECT ticket FROM deal'), [{ ticket: 1 }]);
  assert.deepEqual(sql(fleet.ledger, 'SELECT node FROM account'), [{ node: 'zz-honest' }]);
});
