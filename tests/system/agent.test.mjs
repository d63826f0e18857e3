// agent.test.mjs: the real agent beside real simulated terminals.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

import { AGENT_EXE, freePort, get, run, startAgent, startAgentProgram,
  startTerminal, tmp, waitFor } from './lib.mjs';
import { testClock } from './clock.mjs';
import { folder, put, putSnapshot, raw, seal, snapshot, terminal, usage,
  waitStatus } from './agent_lib.mjs';

const SEED = ['--seed', 7, '--rate', 0, '--deals', 30];
// each test has agents and terminals of its own
const SIDE_BY_SIDE = { concurrency: 4 };

/** The agent has handled all that reached it before, and gone its round. */
async function goneRound(agent) {
  for (let i = 0; i < 3; i++) await get(`${agent.url}/ping`);
}

/** It has looked at its files again, which it does once a second. */
async function looksAgain(agent, clock) {
  await clock.forward(1200);
  await goneRound(agent);
}

async function pair(t, source = SEED, env = {}) {
  const sim = startTerminal(t, tmp(t), source);
  const agent = await startAgent(t, sim.common, env);
  await waitFor('an account', async () =>
    (await get(`${agent.url}/account`)).status === 200);
  return { sim, agent };
}

const complete = (agent) => waitFor('complete history', async () => {
  const { json } = await get(`${agent.url}/snapshot`);
  return json.terminals[0].snapshot.history.complete;
}, 60000);

describe('one terminal', SIDE_BY_SIDE, () => {
  test('every path answers, ping and health without a token', async (t) => {
    const { agent } = await pair(t);
    for (const p of ['/', '/ping', '/health', '/snapshot', '/accounts',
      '/account', '/positions', '/orders', '/connection-status', '/mt5/status'])
      assert.equal((await get(agent.url + p)).status, 200, p);
    const { json } = await get(`${agent.url}/`);
    assert.equal(json.service, 'mt5fleet-agent');
    assert.equal(json.name, 'test');
    assert.match(json.started_utc, /^\d{4}-.*Z$/);
    assert.deepEqual((await get(`${agent.url}/ping`)).json, { ok: true });
    const health = (await get(`${agent.url}/health`)).json;
    assert.equal(health.status, 'ok');
    assert.equal(health.terminals, 1);
    assert.equal(health.silent, 0);
  });

  test('the snapshot is the bridge\'s file byte for byte', async (t) => {
    const { sim, agent } = await pair(t);
    await complete(agent);
    const dir = fs.readdirSync(path.join(sim.common, 'mt5fleet'))[0];
    const file = path.join(sim.common, 'mt5fleet', dir, 'snapshot.json');
    await waitFor('the same bytes', async () => {
      const body = fs.readFileSync(file, 'utf8').split('\n')[0];
      const { text } = await get(`${agent.url}/snapshot`);
      return text.includes(`"snapshot":${body}}`);
    });
  });

  test('account, positions and orders are those of the snapshot', async (t) => {
    const { agent } = await pair(t);
    const one = (await get(`${agent.url}/snapshot`)).json.terminals[0].snapshot;
    const account = (await get(`${agent.url}/account`)).json;
    assert.equal(account.server, one.account.server);
    assert.equal(account.login, one.account.login);
    assert.equal(Object.keys(account.account).length, 28);
    assert.deepEqual(account.terminal, one.terminal);
    assert.deepEqual(account.account, one.account);
    assert.equal(account.positions, one.positions.length);
    const key = `server=${encodeURIComponent(account.server)}&login=${account.login}`;
    const positions = (await get(`${agent.url}/positions?${key}`)).json;
    assert.deepEqual(positions.positions, one.positions);
    assert.deepEqual((await get(`${agent.url}/orders?${key}`)).json.orders,
      one.orders);
  });

  test('a long poll answers as soon as something changes', async (t) => {
    const { sim, agent } = await pair(t);
    await complete(agent);
    const took = [];
    for (let i = 0; i < 10; i++) {
      const { rev } = (await get(`${agent.url}/snapshot`)).json;
      const poll = get(`${agent.url}/snapshot?after=${rev}&wait=20`);
      sim.control(`set-equity ${1000 + i}`);
      const next = (await poll).json;
      assert.notEqual(next.rev, rev);
      assert.equal(next.unchanged, undefined);
      took.push(next.terminals[0].age_ms);
    }
    console.log(`# long poll: snapshot age when answered, ms: ${took}`);
    assert.ok(Math.max(...took) < 2000);
  });

  test('a long poll without news ends unchanged, with ages', async (t) => {
    const { agent } = await pair(t);
    await complete(agent);
    await waitFor('quiet', async () => {
      const { rev } = (await get(`${agent.url}/snapshot`)).json;
      const t0 = Date.now();
      const { json } = await get(`${agent.url}/snapshot?after=${rev}&wait=1`);
      if (!json.unchanged) return false;
      assert.ok(Date.now() - t0 >= 950);
      assert.equal(json.rev, rev);
      assert.deepEqual(Object.keys(json.terminals[0]).sort(),
        ['age_ms', 'terminal_id']);
      return true;
    });
  });

  test('deals come in pages that join without gap or repeat', async (t) => {
    const { agent } = await pair(t);
    await complete(agent);
    const all = (await get(`${agent.url}/deals?limit=5000`)).json;
    assert.equal(all.more, false);
    assert.equal(all.complete, true);
    assert.ok(all.deals.length >= 30);
    assert.equal(typeof all.balance, 'number');
    const paged = [];
    let after = '';
    for (let more = true; more;) {
      const page = (await get(`${agent.url}/deals?limit=7${after}`)).json;
      paged.push(...page.deals);
      more = page.more;
      const last = page.deals.at(-1);
      after = `&after_msc=${last.time_msc}&after_ticket=${last.ticket}`;
    }
    assert.deepEqual(paged, all.deals);
    const id = all.deals.find((d) => d.position_id !== '0').position_id;
    const own = (await get(`${agent.url}/deals?position_id=${id}`)).json.deals;
    assert.deepEqual(own, all.deals.filter((d) => d.position_id === id));
  });

  test('a hung terminal gives 504 while all else answers at once', async (t) => {
    const clock = testClock(t);
    const { sim, agent } = await pair(t, SEED,
      { AGENT_TIMEOUT: '20', ...clock.env });
    sim.control('hang');
    await waitFor('the hang', () => /hang: done/.test(sim.handle.output()));
    let answered = 0;
    const asked = [1, 2].map(() => get(`${agent.url}/deals`, { timeout: 60000 })
      .finally(() => answered++));
    for (let i = 0; i < 20; i++)
      assert.equal((await get(`${agent.url}/snapshot`)).status, 200);
    assert.equal(answered, 0, 'the snapshots did not wait for the deals');
    await clock.forward(20000);
    for (const { status, json } of await Promise.all(asked)) {
      assert.equal(status, 504);
      assert.equal(json.error.code, 'timeout');
    }
    sim.control('resume');
    await waitFor('deals again', async () =>
      (await get(`${agent.url}/deals`)).status === 200);
    const left = fs.readdirSync(path.join(sim.common, 'mt5fleet',
      (await terminal(agent)).terminal_id));
    assert.ok(!left.includes('request.json'), left.join(' '));
  });

  test('a terminal that dies falls silent, and is ok again after', async (t) => {
    const { sim, agent } = await pair(t, SEED, { AGENT_SILENT: '2' });
    await waitStatus(agent, 'ok', 60000);
    const { rev } = (await get(`${agent.url}/snapshot`)).json;
    await sim.handle.kill('SIGKILL');
    await waitStatus(agent, 'bridge_silent');
    const gone = (await get(`${agent.url}/snapshot`)).json;
    assert.notEqual(gone.rev, rev);
    assert.equal(gone.terminals[0].bridge, 'silent');
    assert.ok(gone.terminals[0].age_ms >= 2000);
    assert.ok(gone.terminals[0].snapshot.account.balance > 0);
    assert.equal((await get(`${agent.url}/health`)).json.status, 'degraded');
    startTerminal(t, sim.dir, SEED);
    await waitStatus(agent, 'ok', 60000);
    assert.equal((await get(`${agent.url}/health`)).json.status, 'ok');
  });

  test('statuses follow the terminal', async (t) => {
    const { sim, agent } = await pair(t);
    await waitStatus(agent, 'ok', 60000);
    sim.control('lose-broker');
    await waitStatus(agent, 'broker_disconnected');
    sim.control('regain-broker');
    await waitStatus(agent, 'ok', 60000);
    sim.control('trade-allowed 0');
    await waitStatus(agent, 'trading_disabled');
    sim.control('account-trade-allowed 0');
    await waitStatus(agent, 'read_only');
    sim.control('logout');
    await waitStatus(agent, 'not_logged_in');
    assert.equal((await terminal(agent)).login, null);
    assert.equal((await get(`${agent.url}/account`)).status, 404);
    assert.equal((await get(`${agent.url}/deals`)).status, 404);
  });
});

describe('several terminals', SIDE_BY_SIDE, () => {
  test('are found, told apart, and let go', async (t) => {
    const common = path.join(tmp(t), 'common');
    const agent = await startAgent(t, common);
    assert.equal((await get(`${agent.url}/health`)).json.status, 'degraded');
    for (const login of [101, 102])
      startTerminal(t, tmp(t), ['--seed', login, '--login', login, '--server',
        'Two-Live', '--rate', 0, '--deals', 5], common);
    await waitFor('two accounts', async () =>
      (await get(`${agent.url}/accounts`)).json.accounts
        .filter((a) => a.login !== null).length === 2);
    const many = await get(`${agent.url}/account`);
    assert.equal(many.status, 409);
    assert.deepEqual(many.json.candidates.map((c) => c.login).sort(),
      ['101', '102']);
    for (const login of ['101', '102']) {
      const { json } = await get(`${agent.url}/account?login=${login}`);
      assert.equal(json.login, login);
      const deals = await get(`${agent.url}/deals?server=Two-Live&login=${login}`);
      assert.equal(deals.status, 200);
      assert.equal(deals.json.login, login);
    }
    const none = await get(`${agent.url}/account?login=103`);
    assert.equal(none.status, 404);
    assert.match(none.text, /103/);
  });

  test('a folder that goes away is a terminal that went', async (t) => {
    const common = tmp(t);
    putSnapshot(common);
    const agent = await startAgent(t, common);
    const { json } = await get(`${agent.url}/snapshot`);
    assert.equal(json.terminals.length, 1);
    const poll = get(`${agent.url}/snapshot?after=${json.rev}&wait=20`);
    fs.rmSync(folder(common), { recursive: true });
    assert.deepEqual((await poll).json.terminals, []);
  });
});

describe('the mailbox', SIDE_BY_SIDE, () => {
  const counts = async (agent) => (await terminal(agent)).mailbox;
  const whole = seal(JSON.stringify(snapshot({ seq: 9, rev: 9 })));
  const changed = (bytes, at) => {
    const copy = Buffer.from(bytes);
    copy[at] ^= 1;
    return copy;
  };
  const bad = {
    'cut short': ['torn', whole.subarray(0, whole.length - 30)],
    'an empty file': ['torn', Buffer.alloc(0)],
    'no last line': ['torn', whole.subarray(0, whole.indexOf(10))],
    'a wrong checksum': ['torn', changed(whole, 20)],
    'a wrong length': ['torn', Buffer.from(whole.toString()
      .replace(/#(\d+)/, (_, n) => `#${Number(n) + 1}`))],
    'not UTF-8': ['bad', seal(Buffer.concat([Buffer.from('{"v":1,"x":"'),
      Buffer.from([0xc3, 0x28]), Buffer.from('"}')]))],
    'no JSON': ['bad', seal('{"v":1,')],
    'JSON of another shape': ['bad', seal('{"v":1,"kind":"snapshot"}')],
    'another terminal\'s': ['bad', seal(JSON.stringify(
      snapshot({ terminal_id: 'f'.repeat(16) })))],
    '9 MiB': ['oversized', seal(`{"x":"${'x'.repeat(9 << 20)}"}`)],
  };
  for (const [what, [count, bytes]] of Object.entries(bad)) {
    test(`${what}: counted, the last good content ages`, async (t) => {
      const common = tmp(t), clock = testClock(t);
      putSnapshot(common);
      const agent = await startAgent(t, common, clock.env);
      const before = (await get(`${agent.url}/snapshot`)).json;
      put(common, bytes);
      await waitFor(count, async () => (await counts(agent))[count] === 1);
      await looksAgain(agent, clock); // and does not count it again
      const { mailbox } = await terminal(agent);
      assert.deepEqual(mailbox, { torn: 0, bad: 0, oversized: 0, read: 1,
        [count]: 1 });
      const after = (await get(`${agent.url}/snapshot`)).json;
      assert.equal(after.rev, before.rev);
      assert.deepEqual(after.terminals[0].snapshot,
        before.terminals[0].snapshot);
      assert.ok(after.terminals[0].age_ms >= 1200);
      putSnapshot(common, { seq: 2, rev: 2 });
      await waitFor('the next good one', async () =>
        (await counts(agent)).read === 2);
    });
  }

  test('a file written slowly in place is read once whole', async (t) => {
    const common = tmp(t);
    putSnapshot(common);
    const agent = await startAgent(t, common);
    const file = path.join(folder(common), 'snapshot.json');
    fs.writeFileSync(file, whole.subarray(0, 100));
    await waitFor('torn', async () => (await counts(agent)).torn >= 1);
    fs.appendFileSync(file, whole.subarray(100));
    await waitFor('whole', async () => (await get(`${agent.url}/snapshot`))
      .json.terminals[0].snapshot.seq === 9);
  });

  test('what is no plain file does no harm', async (t) => {
    const common = tmp(t), clock = testClock(t);
    putSnapshot(common);
    const agent = await startAgent(t, common, clock.env);
    const file = path.join(folder(common), 'snapshot.json');
    fs.unlinkSync(file);
    await run(t, 'mkfifo', [file]);
    await looksAgain(agent, clock);
    assert.equal((await get(`${agent.url}/snapshot`)).json.terminals[0]
      .snapshot.seq, 1);
    fs.unlinkSync(file);
    fs.mkdirSync(file);
    await looksAgain(agent, clock);
    assert.equal((await get(`${agent.url}/ping`)).status, 200);
    fs.rmdirSync(file);
    fs.symlinkSync('/etc/passwd', file);
    await looksAgain(agent, clock);
    assert.equal((await get(`${agent.url}/snapshot`)).json.terminals[0]
      .snapshot.seq, 1);
  });

  test('a FIFO or a link in place of a request harms one terminal', async (t) => {
    const common = tmp(t);
    putSnapshot(common);
    putSnapshot(common, { terminal_id: 'f'.repeat(16), account: {
      login: '2', server: 'Other', trade_allowed: true, trade_expert: true } });
    const agent = await startAgent(t, common, { AGENT_TIMEOUT: '1' });
    const victim = path.join(common, 'victim');
    const name = path.join(folder(common), 'request.json.tmp');
    const deals = () => get(`${agent.url}/deals?login=52001001`);
    fs.writeFileSync(victim, 'untouched');
    // Windows deletes a link itself; Wine, which no agent.exe runs in but here,
    // deletes what a link of the system below points to
    const links = AGENT_EXE ? [] : [() => fs.symlinkSync(victim, name)];
    for (const make of [() => run(t, 'mkfifo', [name]), ...links]) {
      await make();
      const answer = await deals();
      // Windows may remove it and go on: then nobody answers
      assert.ok(answer.status === 503 || (AGENT_EXE && answer.status === 504),
        answer.text);
      assert.equal(fs.readFileSync(victim, 'utf8'), 'untouched');
      assert.equal((await get(`${agent.url}/snapshot`)).status, 200);
      assert.equal((await get(`${agent.url}/deals?login=2`)).status, 504);
      fs.rmSync(name, { force: true });
    }
    assert.ok(AGENT_EXE || agent.handle.output().includes('request.json.tmp'));
    fs.linkSync(victim, name); // as what a crash leaves: replaced
    assert.equal((await deals()).status, 504);
    assert.equal(fs.readFileSync(victim, 'utf8'), 'untouched');
  });

  test('a snapshot of another user\'s is not taken', async (t) => {
    if (AGENT_EXE || process.getuid() !== 0)
      return t.skip('needs root, to give a file away');
    const common = tmp(t);
    putSnapshot(common);
    const agent = await startAgent(t, common);
    const file = path.join(folder(common), 'snapshot.json');
    fs.writeFileSync(`${file}.tmp`, whole);
    fs.chownSync(`${file}.tmp`, 65534, 65534);
    fs.renameSync(`${file}.tmp`, file);
    await waitFor('bad', async () => (await counts(agent)).bad === 1);
    const { json } = await get(`${agent.url}/snapshot`);
    assert.equal(json.terminals[0].snapshot.seq, 1);
    fs.chownSync(folder(common), 65534, 65534); // a terminal of that user
    fs.utimesSync(file, new Date(), new Date());
    await waitFor('taken', async () => (await get(`${agent.url}/snapshot`))
      .json.terminals[0].snapshot.seq === 9);
  });

  test('yesterday\'s file is old from the first look on', async (t) => {
    const common = tmp(t), clock = testClock(t);
    putSnapshot(common);
    const day = Date.now() / 1000 - 86400;
    const file = path.join(folder(common), 'snapshot.json');
    fs.utimesSync(file, day, day);
    const agent = await startAgent(t, common, clock.env);
    const { json } = await get(`${agent.url}/snapshot`);
    assert.equal(json.terminals[0].bridge, 'silent');
    assert.ok(json.terminals[0].age_ms > 86000000);
    fs.utimesSync(file, new Date(), new Date()); // touched is not written
    await looksAgain(agent, clock);
    assert.equal((await terminal(agent)).status, 'bridge_silent');
  });

  test('values that MT5 cannot give are shown nowhere, and named', async (t) => {
    const common = tmp(t), good = snapshot();
    const agent = await startAgent(t, common);
    const asked = async (p) => (await get(`${agent.url}${p}`)).json;
    const position = { ticket: '5', volume: 0.1, symbol: 'EURUSD', type: 0 };
    let seq = 1;
    const write = (over) => { seq += 1; putSnapshot(common, { seq, rev: seq, ...over }); };
    const account = (over) => ({ account: { ...good.account, ...over } });
    write({});
    await waitStatus(agent, 'ok');
    for (const [over, why] of [
      [account({ balance: 1e308 }), /^account\.balance: 1e\+?308/],
      [account({ equity: -2e15 }), /^account\.equity: -2/],
      [account({ currency_digits: 99 }), /^account\.currency_digits: 99/],
      [account({ leverage: 2 ** 53 }), /^account\.leverage: 90071/],
      [{ broker_offset_s: 1e9 }, /^broker_offset_s: 1000000000/],
      [{ positions: [position, { ...position, volume: -1 }] }, /^positions\[1\]\.volume: -1/],
      [{ positions: [{ ...position, time: 31556889864403200 }] }, /^positions\[0\]\.time: 3/],
      [{ orders: [{ ticket: '5', time_setup_msc: '-9223372036854775808' }] },
        /^orders\[0\]\.time_setup_msc: -9223372036854775808/],
      [{ terminal: { ...good.terminal, build: 2 ** 60 } }, /^terminal\.build: 1/],
    ]) {
      write(over);
      const shown = await waitFor(String(why), async () => {
        const { accounts: [a] } = await asked('/accounts');
        return a.status === 'bad_data' && why.test(a.error) && a;
      });
      assert.deepEqual([shown.login, shown.account, shown.terminal, shown.positions,
        shown.orders], ['52001001', null, null, null, null]);
      const { terminals: [told] } = await asked('/snapshot');
      assert.match(told.error, why);
      assert.deepEqual(told.snapshot.account, { login: '52001001', server: 'Hand-Live' });
      assert.deepEqual([told.snapshot.positions, told.snapshot.orders, told.snapshot.seq],
        [null, null, seq]);
      for (const name of ['positions', 'orders']) {
        const list = await asked(`/${name}`);
        assert.equal(list[name], null);
        assert.match(list.error, why);
      }
      assert.match((await terminal(agent)).error, why);
      write({});
      await waitStatus(agent, 'ok');
      assert.equal((await asked('/account')).account.balance, 6047.22);
      assert.equal((await asked('/account')).error, null);
    }
    // an older write of the same run of the bridge: the newer one stays, and ages
    putSnapshot(common, { seq: seq - 1, rev: seq - 1, ...account({ balance: 1 }) });
    await waitStatus(agent, 'bad_data');
    const { accounts: [kept] } = await asked('/accounts');
    assert.match(kept.error, /^seq: \d+ is older than/);
    assert.equal(kept.account.balance, 6047.22);
    assert.deepEqual((await terminal(agent)).mailbox,
      { read: 10, torn: 0, bad: 10, oversized: 0 });
  });

  test('a reply of another account\'s is not passed on', async (t) => {
    const common = tmp(t);
    putSnapshot(common);
    const agent = await startAgent(t, common, { AGENT_TIMEOUT: '5' });
    const reply = async (change) => {
      const asked = get(`${agent.url}/deals`);
      const name = path.join(folder(common), 'request.json');
      await waitFor('the request', () => fs.existsSync(name));
      const request = JSON.parse(fs.readFileSync(name, 'utf8').split('\n')[0]);
      assert.equal(request.kind, 'deals');
      assert.equal(request.limit, 1000);
      put(common, seal(JSON.stringify({ v: 1, kind: 'reply', id: request.id,
        login: request.login, server: request.server, error: null,
        complete: true, more: false, balance: 1, credit: 0, deals: [],
        ...change })), { name: `reply-${request.id}.json` });
      return asked;
    };
    assert.equal((await reply({})).status, 200);
    assert.equal((await reply({ login: '1' })).status, 502);
    assert.equal((await reply({ server: 'Other' })).status, 502);
    assert.equal((await reply({ deals: null })).status, 502);
    const deal = { ticket: '1', order: '1', time: 1700000000, time_msc: 1700000000000,
      type: 2, entry: 0, magic: '0', position_id: '0', reason: 0, volume: 0, price: 0,
      commission: 0, swap: 0, profit: 10, fee: 0, symbol: '', comment: '', external_id: '', sl: null, tp: null };
    assert.deepEqual((await reply({ deals: [deal] })).json.deals, [deal]);
    for (const [over, why] of [[{ profit: 1e308 }, /deal profit: 1e\+?308/],
      [{ volume: -1 }, /deal volume: -1/], [{ time: 31556889864403200 }, /deal time: 3/],
      [{ ticket: 2 ** 53 }, /deal ticket: 9/]]) {
      const refused = await reply({ deals: [deal, { ...deal, ticket: '2', ...over }] });
      assert.equal(refused.status, 502);
      assert.equal(refused.json.error.code, 'bad_data');
      assert.match(refused.json.error.message, why);
    }
    assert.equal((await reply({ balance: 1e308 })).status, 502);
    assert.equal((await reply({ balance: null })).status, 200);
    const wrong = await reply({ error: { code: 'wrong_account', message: 'no "x"' } });
    assert.equal(wrong.status, 404);
    assert.equal(wrong.json.error.message, 'no "x"');
    const left = fs.readdirSync(folder(common));
    assert.deepEqual(left, ['snapshot.json']);
  });
});

describe('HTTP', SIDE_BY_SIDE, () => {
  test('bad input is quoted', async (t) => {
    const common = tmp(t);
    putSnapshot(common);
    const agent = await startAgent(t, common);
    for (const [p, status, quoted] of [
      ['/nope', 404, '/nope'], ['/accounts/', 404, '/accounts/'],
      ['/snapshot?wait=56', 400, '56'], ['/snapshot?wait=', 400, 'wait'],
      ['/snapshot?wait=1&wait=2', 400, 'wait'], ['/snapshot?w=1', 400, '"w'],
      ['/account?login=abc', 400, 'abc'], ['/ping?x=1', 400, 'x'],
      ['/account?server=%00', 400, 'zero byte'],
      ['/deals?limit=0', 400, '0'], ['/deals?limit=5001', 400, '5001'],
      ['/deals?from_msc=-1', 400, '-1'], ['/deals?nope=1', 400, 'nope'],
      ['/deals?position_id=1&from_msc=0', 400, 'from_msc'],
      ['/deals?position_id=x', 400, '"x']]) {
      const answer = await get(agent.url + p);
      assert.equal(answer.status, status, p);
      assert.ok(answer.json.error.message.includes(quoted.replace('"', '')),
        `${p}: ${answer.text}`);
    }
    const post = await get(`${agent.url}/accounts`, { method: 'POST' });
    assert.equal(post.status, 405);
    assert.equal(post.headers.get('allow'), 'GET');
    const head = await get(`${agent.url}/accounts`, { method: 'HEAD' });
    assert.equal(head.status, 200);
    const large = await get(`${agent.url}/reconnect`,
      { method: 'POST', body: 'x'.repeat(70000) });
    assert.equal(large.status, 413);
    for (const p of ['/reconnect', '/mt5/connect', '/mt5/disconnect'])
      assert.equal((await get(agent.url + p, { method: 'POST' })).status, 501);
  });

  test('all but ping and health want the token', async (t) => {
    const common = tmp(t);
    putSnapshot(common);
    const token = 'a-long-and-secret-token';
    const agent = await startAgent(t, common, { AGENT_TOKEN: token });
    const ask = async (p, authorization) => (await get(agent.url + p,
      { headers: authorization ? { authorization } : {} })).status;
    assert.equal(await ask('/ping'), 200);
    assert.equal(await ask('/health'), 200);
    for (const p of ['/', '/snapshot', '/deals', '/nope'])
      assert.equal(await ask(p), 401, p);
    for (const wrong of ['Bearer wrong', `Bearer ${token}x`,
      `Bearer ${token.slice(0, -1)}`, `Basic ${token}`])
      assert.equal(await ask('/snapshot', wrong), 401, wrong);
    assert.equal(await ask('/snapshot', `Bearer ${token}`), 200);
    assert.equal(await ask('/snapshot', `bearer ${token}`), 200);
    assert.equal(await ask('/nope', `Bearer ${token}`), 404);
    assert.ok(!agent.handle.output().includes(token));
  });

  test('many wrong tokens are not listened to for a while', async (t) => {
    const common = tmp(t);
    putSnapshot(common);
    const agent = await startAgent(t, common, { AGENT_TOKEN: 'right' });
    const ask = (token) => get(`${agent.url}/`,
      { headers: { authorization: `Bearer ${token}` } });
    const seen = [];
    for (let i = 0; i < 30; i++) seen.push((await ask(`wrong${i}`)).status);
    assert.deepEqual(seen.slice(0, 10), Array(10).fill(401));
    assert.equal(seen.at(-1), 429);
    const refused = await ask('right');
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get('retry-after')) <= 4);
    assert.equal((await get(`${agent.url}/ping`)).status, 200);
    await waitFor('forgiveness', async () => (await ask('right')).status === 200);
  });

  test('many that wait, dead ones too, hold up nobody', async (t) => {
    const common = tmp(t);
    putSnapshot(common);
    const agent = await startAgent(t, common);
    const { rev } = (await get(`${agent.url}/snapshot`)).json;
    const ask = `GET /snapshot?after=${rev}&wait=55 HTTP/1.1\r\nHost: x\r\n\r\n`;
    const clients = Array.from({ length: 40 }, () => raw(t, agent.port));
    for (const c of clients) c.write(ask);
    await waitFor('40 connections', () =>
      clients.every((c) => !c.socket.connecting));
    await goneRound(agent);
    for (const c of clients.slice(0, 20)) c.socket.destroy();
    assert.equal((await get(`${agent.url}/ping`)).status, 200);
    putSnapshot(common, { seq: 2, rev: 2 });
    await waitFor('all answers', () =>
      clients.slice(20).every((c) => c.text().includes('"seq":2')));
  });

  test('a crowd from one address is turned away, then served', async (t) => {
    const common = tmp(t);
    putSnapshot(common);
    const agent = await startAgent(t, common);
    const before = usage(agent.handle.pid).rss;
    const crowd = Array.from({ length: 300 }, () => raw(t, agent.port));
    for (const c of crowd) c.write('GET / HT');
    await waitFor('most to be turned away', () =>
      crowd.filter((c) => c.socket.destroyed).length > 200);
    const fds = fs.readdirSync(`/proc/${agent.handle.pid}/fd`).length;
    assert.ok(fds < 100, `${fds} descriptors`);
    const grown = usage(agent.handle.pid).rss - before;
    console.log(`# 300 connections: ${fds} descriptors, ${grown >> 10} KiB more`);
    for (const c of crowd) c.socket.destroy();
    await waitFor('service', async () =>
      (await get(`${agent.url}/ping`)).status === 200);
  });

  test('silent connections from many addresses keep nobody out', async (t) => {
    const common = tmp(t);
    putSnapshot(common);
    const agent = await startAgent(t, common);
    const crowd = Array.from({ length: 384 }, (_, i) =>
      raw(t, agent.port, `127.0.0.${10 + (i >> 5)}`));
    await waitFor('more than it takes', () =>
      crowd.filter((c) => !c.socket.connecting).length > 256);
    // half the 30 s that a silent one would get otherwise
    await waitFor('an answer', () => get(`${agent.url}/ping`, { timeout: 5000 })
      .then((answer) => answer.status === 200, () => false), 15000);
  });

  test('pages of other sites get no answer', async (t) => {
    const common = tmp(t);
    putSnapshot(common);
    const agent = await startAgent(t, common);
    const ask = async (method, p, headers) => {
      const c = raw(t, agent.port);
      c.write(`${method} ${p} HTTP/1.1\r\n${headers.join('\r\n')}\r\n` +
        'Content-Length: 0\r\n\r\n');
      await waitFor('an answer', () => c.text().includes('\r\n\r\n'));
      return Number(c.text().split(' ')[1]);
    };
    const own = `Host: 127.0.0.1:${agent.port}`;
    assert.equal(await ask('GET', '/snapshot', [own]), 200);
    assert.equal(await ask('GET', '/snapshot', ['Host: evil.example']), 403);
    assert.equal(await ask('POST', '/reconnect',
      [own, 'Origin: https://evil.example']), 403);
    assert.equal(await ask('POST', '/reconnect', [own, 'Origin: null']), 403);
    assert.equal(await ask('POST', '/reconnect',
      [own, `Origin: http://127.0.0.1:${agent.port}`]), 501);
  });

  test('headers that never end are cut off', async (t) => {
    const common = tmp(t);
    putSnapshot(common);
    const agent = await startAgent(t, common);
    const c = raw(t, agent.port);
    c.write(`GET /ping HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(40000)}\r\n\r\n`);
    await waitFor('a refusal', () => /^HTTP\/1\.1 (431|413|414)/.test(c.text()));
  });

  test('a client that drips is cut off after 30 s', async (t) => {
    const common = tmp(t), clock = testClock(t);
    putSnapshot(common);
    const agent = await startAgent(t, common, clock.env);
    const c = raw(t, agent.port);
    c.write('GET /ping HTTP/1.1\r\nHost: x\r\nX: ');
    await waitFor('the connection', () => !c.socket.connecting);
    await goneRound(agent);
    for (let i = 0; i < 27; i++) { // it is sent something each second
      c.write('x');
      await clock.forward(1000);
      await goneRound(agent);
    }
    assert.equal(c.socket.destroyed, false, 'cut off before 27 s');
    const drip = setInterval(() => c.write('x'), 500);
    t.after(() => clearInterval(drip));
    await clock.forward(4000);
    await waitFor('the end of it', () => c.socket.destroyed);
    assert.equal((await get(`${agent.url}/ping`)).status, 200);
  });
});

describe('the program', SIDE_BY_SIDE, () => {
  test('another run never repeats a revision', async (t) => {
    const common = tmp(t);
    putSnapshot(common);
    const one = await startAgent(t, common);
    const { rev } = (await get(`${one.url}/snapshot`)).json;
    assert.deepEqual((await one.handle.kill()).code, 0);
    const two = await startAgent(t, common, { AGENT_PORT: String(one.port) });
    // answered at once: get() gives up after 20 s
    const next = (await get(`${two.url}/snapshot?after=${rev}&wait=50`)).json;
    assert.notEqual(next.rev.split('-')[0], rev.split('-')[0]);
    assert.equal(next.terminals.length, 1);
  });

  test('SIGTERM answers those that wait and ends with 0', async (t) => {
    const common = tmp(t);
    putSnapshot(common);
    const agent = await startAgent(t, common);
    const { rev } = (await get(`${agent.url}/snapshot`)).json;
    const poll = raw(t, agent.port);
    poll.write(`GET /snapshot?after=${rev}&wait=55 HTTP/1.1\r\nHost: x\r\n\r\n`);
    await waitFor('the connection', () => !poll.socket.connecting);
    await goneRound(agent);
    assert.equal(poll.text(), '', 'it waits');
    const { code } = await agent.handle.kill();
    assert.equal(code, 0);
    await poll.closed;
    assert.match(poll.text(), /^HTTP\/1\.1 200 [^]*"unchanged":true/);
  });

  test('a bad configuration is quoted and starts nothing', async (t) => {
    const common = tmp(t);
    const agent = (env, args = []) => startAgentProgram(t, args,
      { AGENT_COMMON: common, AGENT_PORT: '0', ...env }).exited;
    for (const [env, quoted] of [
      [{ AGENT_PORT: '70000' }, '70000'],
      ...(AGENT_EXE ? [] : [[{ AGENT_COMMON: '' }, 'AGENT_COMMON']]),
      [{ AGENT_HOST: 'somewhere' }, 'somewhere'],
      [{ AGENT_HOST: '0.0.0.0' }, 'AGENT_TOKEN'],
      [{ AGENT_HOST: '::', AGENT_TOKEN: 'x' }, 'AGENT_CERT_FILE']]) {
      for (const args of [[], ['-n']]) {
        const { code, output } = await agent(env, args);
        assert.equal(code, 1, output);
        assert.ok(output.includes(quoted), output);
      }
    }
    const port = await freePort();
    const first = await startAgent(t, common, { AGENT_PORT: String(port) });
    assert.equal(first.port, port);
    const second = await agent({ AGENT_PORT: String(port) });
    assert.equal(second.code, 1);
    assert.ok(second.output.includes(String(port)), second.output);
    assert.equal((await agent({}, ['-n'])).code, 0);
    assert.equal((await agent({}, ['extra'])).code, 2);
    assert.match((await agent({}, ['-V'])).output, /^mt5fleet-agent \d/);
    assert.match((await agent({}, ['-h'])).output, /AGENT_COMMON/);
  });

  test('idle beside four terminals it hardly works', async (t) => {
    const common = path.join(tmp(t), 'common');
    for (let i = 1; i <= 4; i++)
      startTerminal(t, tmp(t), ['--seed', i, '--rate', 5], common);
    const agent = await startAgent(t, common);
    await waitFor('four', async () =>
      (await get(`${agent.url}/accounts`)).json.accounts.length === 4);
    const read = async () => (await get(`${agent.url}/mt5/status`)).json
      .terminals.map((one) => one.mailbox.read);
    const first = await read(), t0 = Date.now(), before = usage(agent.handle.pid);
    await waitFor('ten changes of each', async () =>
      (await read()).every((n, i) => n >= first[i] + 10), 60000);
    const after = usage(agent.handle.pid);
    const percent = (after.cpu_ms - before.cpu_ms) / (Date.now() - t0) * 100;
    console.log(`# 4 terminals, 5 changes a second: ${percent} % of a core, ` +
      `${(after.rss / 1048576).toFixed(1)} MiB`);
    assert.ok(percent < 10);
  });
});
