// import_agents.test.mjs: agents.json of the legacy system, an agent for each
// terminal: which account it is follows from where the terminal's program is.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { bin, run } from './lib.mjs';
import { document, goodAgent } from './agents.mjs';
import { setting } from './collect_lib.mjs';
import { sql } from './ledger_lib.mjs';

/** An agent whose terminals are at these paths: {path: login}. */
async function machine(t, paths) {
  const agent = await goodAgent(t, 1);
  agent.set(Object.entries(paths).map(([where, login], i) => {
    const id = String(login).padStart(16, '0');
    const snapshot = { ...document(login, { terminal: { path: where } }), terminal_id: id };
    return { terminal_id: id, age_ms: 20 + i, bridge: 'ok', process: null, snapshot };
  }));
  return agent;
}

const agents = (...list) => ({ agents: list.map(([name, program, holder]) => ({ name,
  port: 8000, terminal_path: program, display_name: name, account_holder: holder,
  prop_firm: 'FTMO', initial_balance: 100000.0 })) });

test('three terminals of one VPS, an agent each', async (t) => {
  const one = await machine(t, { 'C:\\MT5-1': 101, 'C:\\MT5-2': 102, 'C:\\Program Files\\MT5 3': 103 });
  const two = await machine(t, { 'C:\\MT5-1': 201, 'D:\\MT5': 202 });
  const s = await setting(t, [{ id: 'vps01', url: one.url }, { id: 'vps02', url: two.url }]);
  s.env.LEDGER_FILE = path.join(s.dir, 'ledger.db');
  await s.once();
  assert.equal((await run(t, bin('admin.fcgi'), ['-n'], { env: s.env })).code, 0);
  const values = [101, 102, 103, 201, 202].map((n) =>
    `('Test-Live', ${n}, 'vps0${n > 200 ? 2 : 1}', 1)`);
  assert.equal((await run(t, 'sqlite3', [s.env.LEDGER_FILE, 'INSERT INTO account ' +
    `(server, login, node, first_seen_msc) VALUES ${values}`])).code, 0);
  const holders = () => Object.fromEntries(sql(s.env.LEDGER_FILE,
    'SELECT login, holder FROM account WHERE holder IS NOT NULL ORDER BY login')
    .map((a) => [a.login, a.holder]));
  const file = path.join(s.dir, 'agents.json');
  const take = async (doc, ...words) => {
    fs.writeFileSync(file, JSON.stringify(doc));
    return run(t, bin('mt5fleet'), ['import', ...words, file], { env: s.env });
  };

  // as the files have it: backslashes twice, and any case
  const own = agents(['VPS-1', 'C:\\\\MT5-2\\\\terminal64.exe', 'Bob'],
    ['VPS-1b', 'c:\\program files\\mt5 3\\terminal64.exe', 'Cid'],
    ['VPS-2', 'D:\\MT5\\terminal64.exe', 'Eve']);
  const first = await take(own);
  assert.equal(first.code, 0, first.output);
  assert.deepEqual(holders(), { 102: 'Bob', 103: 'Cid', 202: 'Eve' });

  const same = agents(['VPS-1a', 'C:\\MT5-1\\terminal64.exe', 'Ann']);
  const guess = await take(same);
  assert.equal(guess.code, 1);
  assert.match(guess.output, /"VPS-1a": 2 terminals are at that path: .*--node NAME: kept aside/);
  assert.deepEqual(holders(), { 102: 'Bob', 103: 'Cid', 202: 'Eve' });
  assert.equal((await take(same, '--node', 'vps01')).code, 0);
  assert.equal(holders()[101], 'Ann');
  assert.equal(holders()[201], undefined);
  const kept = await run(t, bin('mt5fleet'), ['import', '--kept'], { env: s.env });
  assert.match(kept.output, /^0 kept aside/m);
  // the agent's name where it is a node's
  assert.equal((await take(agents(['vps02', 'C:\\MT5-1\\terminal64.exe', 'Dan']))).code, 0);
  assert.equal(holders()[201], 'Dan');
  const nowhere = await take(agents(['vps9', 'E:\\none\\terminal64.exe', 'Fay']));
  assert.match(nowhere.output, /no account on a node of that name, and no terminal known at that path/);
});
