// walk.test.mjs: every route of the site, called by everybody: who is let in is
// what docs/security.md says. WRITE=1 writes that table anew.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import yaml from 'js-yaml';
import { command, get, logIn, startFleet, waitFor } from './lib.mjs';

const DOC = 'docs/security.md', BEGIN = '<!-- the walk -->\n', END = '<!-- its end -->\n';
// open to all by what they are; a socket is walked in programs.test.mjs
const LEFT_OUT = ['/', '/ws'];

/** {METHOD, path} of all operations of the coordinator, in the contract's order. */
function operations() {
  const { paths } = yaml.load(fs.readFileSync('docs/openapi.yaml', 'utf8'));
  return Object.entries(paths).flatMap(([at, methods]) => Object.entries(methods)
    .filter(([, op]) => op.tags.some((tag) => tag !== 'agent'))
    .map(([method]) => ({ method: method.toUpperCase(), at })))
    .filter(({ at }) => !LEFT_OUT.includes(at));
}

test('who is let in where', async (t) => {
  const fleet = await startFleet(t, { nodes: 1, env: { DASHBOARD_AUTH: 'required' } });
  const password = 'correct horse 1\n';
  for (const name of ['ada', 'eve'])
    command(fleet, ['passwd', '--role', 'viewer', name], password);
  for (const role of ['trader', 'manager', 'some'])
    command(fleet, ['passwd', '--role', role === 'some' ? 'manager' : role, role], password);
  const token = (name, scope, ...more) => ({ Authorization:
    `Bearer ${command(fleet, ['token', 'add', name, '--scope', scope, ...more])}` });
  const disabled = await logIn(fleet, 'eve', password.trim());
  command(fleet, ['passwd', '--disable', 'eve']);
  const gone = token('gone', 'write');
  command(fleet, ['token', 'remove', 'gone']);
  // nginx: 30 log-ins a minute
  const as = (name, secret = password.trim()) => waitFor('a log-in', () =>
    logIn(fleet, name, secret).catch(() => null), 60000);
  const viewer = () => as('ada');
  const admin = () => as('admin', fleet.password());
  const { json: { accounts: [{ server, login }] } } =
    await get(`${fleet.url}/api/accounts`, { headers: await viewer() });
  command(fleet, ['user', 'set', 'some', '--account', `${server}/${login}`]);
  const own = { viewer, admin, trader: () => as('trader'), manager: () => as('manager'),
    'manager of some': () => as('some') };
  const callers = {
    nobody: {}, 'viewer': await viewer(), 'trader': await as('trader'),
    'manager': await as('manager'), 'manager of some': await as('some'), 'admin': await admin(),
    'admin, no CSRF': { Cookie: (await admin()).Cookie },
    'disabled': disabled,
    'token metrics': token('m', 'metrics'), 'token read': token('r', 'read'),
    'token write': token('w', 'write'), 'token removed': gone,
  };
  const known = { server, login, id: '1' };

  const rows = [];
  for (const { method, at } of operations()) {
    const url = fleet.url + at.replace(/\{(\w+)\}/g, (_, name) =>
      encodeURIComponent(known[name] ?? '1'));
    const cells = [];
    for (const [name, headers] of Object.entries(callers)) {
      // its own session, for what ends it
      const session = at === '/auth/logout' && own[name] ? await own[name]() : headers;
      const ask = () => fetch(url, { method, redirect: 'manual',
        headers: { ...session, 'Content-Type': 'application/json' },
        body: method === 'GET' ? undefined : '{}' });
      let res = await ask();
      if (res.status === 429) // nginx: 30 log-ins a minute
        await waitFor('another try', async () => (res = await ask()).status !== 429, 60000);
      await res.arrayBuffer();
      const toLogin = res.status === 303 && /login/.test(res.headers.get('location'));
      // the log-in itself says 401 of bad credentials, and is open
      const out = at !== '/auth/login' && (res.status === 401 || toLogin);
      cells.push(out ? '401' : res.status === 403 ? '403' : 'yes');
      assert.ok(res.status < 500 || res.status === 501 || res.status === 502,
        `${method} ${at} as ${name}: ${res.status}`);
    }
    rows.push(`| \`${method} ${at}\` | ${cells.join(' | ')} |`);
  }
  const table = [`| route | ${Object.keys(callers).join(' | ')} |`,
    `|---|${'---|'.repeat(Object.keys(callers).length)}`, ...rows, ''].join('\n');
  const doc = fs.readFileSync(DOC, 'utf8');
  const begin = doc.indexOf(BEGIN) + BEGIN.length, end = doc.indexOf(END);
  if (process.env.WRITE) {
    fs.writeFileSync(DOC, doc.slice(0, begin) + table + doc.slice(end));
    return;
  }
  assert.deepEqual(doc.slice(begin, end).split('\n'), table.split('\n'),
    `${DOC} is not true any more: WRITE=1 tests/run tests/system/walk.test.mjs`);
});
