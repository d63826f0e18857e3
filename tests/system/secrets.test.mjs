// secrets.test.mjs: passwords and tokens planted wherever a person may put one,
// by mistake too (tests/cases/ops/health-secrets.md): no log, error, page,
// metric or process list has them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { goodAgent } from './agents.mjs';
import { cgi } from './cgi_lib.mjs';
import { setting } from './collect_lib.mjs';
import { bin, run, waitFor } from './lib.mjs';

const SECRET = 'S3cret';
const AGENT_TOKEN = `${SECRET}AgentTokenQx7vB2mN9k`;

/* Each mistake as the file's text, and the line that it is on. */
const mistakes = [
  ['a user and password in an address',
    `[\n{"id":"vps-eu","url":"https://fleet:${SECRET}Pass@192.0.2.1:8000"}]`, 2],
  ['an @ in the password',
    `[\n{"id":"vps-eu","url":"https://fleet:p@${SECRET}/x@192.0.2.1:8000"}]`, 2],
  ['a token as a parameter',
    `[{"id":"vps-eu",\n"url":"http://192.0.2.1:8000/?token=${SECRET}"}]`, 2],
  ['a token behind the address',
    `[{"id":"vps-eu",\n"url":"http://192.0.2.1:8000 ${SECRET}"}]`, 2],
  ['no scheme', `[{"id":"vps-eu",\n"url":"fleet:${SECRET}@192.0.2.1"}]`, 2],
  ['a misspelt key', `[{"id":"vps-eu","url":"http://192.0.2.1",\n"Token":"${SECRET}"}]`, 2],
  ['a missing comma', `[\n{"id":"vps-eu","url":"http://192.0.2.1" "Token":"${SECRET}"}]`, 2],
  ['a missing quote', `[\n\n{"id":"vps-eu","url":"http://192.0.2.1","passwd":${SECRET}"}]`, 3],
  ['a token on a line of its own', `[\n{"id":"vps-eu","url":"http://192.0.2.1"},\n${SECRET}\n]`, 3],
  ['no JSON at all', `vps-eu ${SECRET}\n`, 1],
  ['a token that cannot be one',
    `[\n{"id":"vps-eu","url":"http://192.0.2.1","token":"${SECRET} \\n"}]`, 2],
];

const programs = ['collect', 'trades', 'phases', 'alerts', 'sheets', 'live', 'backup',
  'dashboard.fcgi', 'admin.fcgi'];

/* What every program and command says of its settings. */
async function everything_said(t, env) {
  const said = [];
  for (const program of programs)
    said.push([program, (await run(t, bin(program), ['-n'], { env })).output]);
  said.push(['check', (await run(t, bin('mt5fleet'), ['check'], { env })).output]);
  said.push(['node list', (await run(t, bin('mt5fleet'), ['node', 'list'], { env })).output]);
  return said;
}

function keeps_quiet(said) {
  for (const [who, text] of said)
    assert.ok(!text.includes(SECRET), `${who}: ${text}`);
}

async function health_tells_the_line_alone(t, env, line, file) {
  const { json, text } = await cgi(t, 'dashboard.fcgi', '/health', { ...env, DASHBOARD_AUTH: 'required' });
  assert.equal(json.nodes_error, `${file}:${line}: a mistake: see the log, or mt5fleet check`);
  for (const word of [SECRET, 'vps-eu', '192.0.2.1', env.STATE_DIR])
    assert.ok(!text.includes(word), `${word} in ${text}`);
  const open = await cgi(t, 'dashboard.fcgi', '/health', { ...env, DASHBOARD_AUTH: 'off' });
  assert.ok(!open.text.includes(SECRET), open.text);
  return open.json.nodes_error;
}

test('a mistake in nodes.json: its place is told, and no secret', async (t) => {
  const s = await setting(t, []);
  for (const [what, text, line] of mistakes) {
    fs.writeFileSync(s.file, text);
    const said = await everything_said(t, s.env);
    keeps_quiet(said);
    for (const [who, output] of said.filter(([who]) => ['collect', 'trades', 'check'].includes(who)))
      assert.match(output, new RegExp(`nodes\\.json:${line}: `), `${what}: ${who}: ${output}`);
    const open = await health_tells_the_line_alone(t, s.env, line, 'nodes.json');
    assert.match(open, new RegExp(`nodes\\.json:${line}: `), what);
  }
});

test('VPS_AGENTS_JSON with a password: neither', async (t) => {
  const s = await setting(t, []);
  const env = { ...s.env, NODES_FILE: '' };
  for (const text of [`["http://u:${SECRET}@192.0.2.1"]`, `http://u:${SECRET}@192.0.2.1`,
    `[{"name":"vps-eu","url":"https://${SECRET}@192.0.2.1"}]`]) {
    env.VPS_AGENTS_JSON = text;
    keeps_quiet(await everything_said(t, env));
    await health_tells_the_line_alone(t, env, 1, 'VPS_AGENTS_JSON');
  }
});

test('a fleet at work: its secrets are nowhere', async (t) => {
  const agent = await goodAgent(t, 777001, { token: AGENT_TOKEN });
  const s = await setting(t, [{ id: 'vps-eu', url: agent.url, token: AGENT_TOKEN },
    { id: 'dead', url: 'http://127.0.0.1:9', token: `${SECRET}OtherTokenQx7vB2mN9k` }], {
    ALERT_URL: `http://127.0.0.1:9/hook/${SECRET}`, ALERT_AFTER: '1',
    SHEETS_SPREADSHEET_ID: `1${SECRET}SheetId`, PROXY_URL: '' });
  const env = { ...s.env, DASHBOARD_AUTH: 'off' };
  const password = `${SECRET}Password`;
  const child = s.collect('-v');
  await waitFor('an account', async () => (await s.snapshot('vps-eu'))?.accounts?.[0]?.status === 'ok');
  const processes = execFileSync('ps', ['axww', '-o', 'args='], { encoding: 'utf8' });
  const said = [['ps', processes]];
  for (const job of ['trades', 'phases', 'alerts', 'sheets'])
    said.push([job, (await run(t, bin(job), ['-v'], { env })).output]);
  said.push(...await everything_said(t, env));
  for (const url of ['/health', '/metrics', '/api/accounts', '/api/agents', '/api/alerts', '/api/audit'])
    said.push([url, (await cgi(t, 'dashboard.fcgi', url, env)).text]);
  said.push(['/admin/nodes', (await cgi(t, 'admin.fcgi', '/admin/nodes', env)).text]);
  // a wrong password, and one in the wrong field
  const body = new URLSearchParams({ user: password, password }).toString();
  const login = await run(t, '/bin/sh', ['-c', `printf %s "$BODY" | ${bin('admin.fcgi')}`], { env: { ...env,
    BODY: body, GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'POST', SERVER_PROTOCOL: 'HTTP/1.1',
    SCRIPT_NAME: '', PATH_INFO: '/login', REQUEST_URI: '/login', DOCUMENT_URI: '/login',
    QUERY_STRING: '', SERVER_NAME: 'localhost', HTTP_HOST: 'localhost', REMOTE_ADDR: '127.0.0.1',
    CONTENT_TYPE: 'application/x-www-form-urlencoded', CONTENT_LENGTH: String(body.length) } });
  said.push(['login', login.output.replaceAll(/value="[^"]*"/g, '')]);
  await child.kill('SIGTERM');
  said.push(['collect', child.output()]);
  keeps_quiet(said);
  // and what is kept on disk is nobody else's to read
  for (const name of fs.readdirSync(s.dir)) {
    const file = path.join(s.dir, name);
    if (!fs.statSync(file).isFile() || name === 'nodes.json') continue;
    assert.ok(!fs.readFileSync(file).includes(SECRET), name);
  }
});
