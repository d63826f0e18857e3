// installed.mjs: from an empty Debian to the page over https, and what a
// reboot, an upgrade and a purge leave. One step after the other, as TAP.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import https from 'node:https';
import http from 'node:http';
import path from 'node:path';
import tls from 'node:tls';
import { Machine, until } from './machine.mjs';

const ADDRESS = '198.51.100.10';
const SITE = `https://${ADDRESS}`;
const PASSWORD = 'correct horse battery';
const { DEBS, BASE, MACHINE } = process.env;

let failed = 0;
async function step(name, f) {
  try {
    await f();
    console.log(`ok ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${name}`);
    console.log(String(error.stack ?? error).replace(/^/gm, '# '));
  }
}

/** {status, headers, body} of a request. */
function ask(url, { method = 'GET', headers = {}, body, localAddress } = {}) {
  const { protocol } = new URL(url);
  return new Promise((done, fail) => {
    const request = (protocol === 'https:' ? https : http).request(url, { method, localAddress,
      headers: body ? { 'Content-Length': Buffer.byteLength(body), ...headers }
        : headers, rejectUnauthorized: false, agent: false, timeout: 60000 },
    (answer) => {
      let text = '';
      answer.on('data', (d) => { text += d; });
      answer.on('end', () => done({ status: answer.statusCode,
        headers: answer.headers, body: text }));
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', fail);
    request.end(body);
  });
}
/** The status of a WebSocket's handshake. */
function socket(headers, host = ADDRESS, port = 443) {
  return new Promise((done, fail) => {
    const s = tls.connect({ host, port, rejectUnauthorized: false }, () => s.write(
      `GET /ws HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\n` +
      'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGVzdHRlc3R0ZXN0dGVzdA==\r\n' +
      Object.entries(headers).map(([k, v]) => `${k}: ${v}\r\n`).join('') + '\r\n'));
    s.once('data', (d) => { s.destroy(); done(Number(String(d).split(' ')[1])); });
    s.on('error', fail);
    s.setTimeout(60000, () => s.destroy(new Error('no answer')));
  });
}
async function logIn(password = PASSWORD) {
  const r = await ask(`${SITE}/auth/login`, { method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user: 'ada', password }) });
  return { ...r, cookie: r.headers['set-cookie']?.[0].split(';')[0] };
}
async function shown(cookie) {
  const r = await ask(`${SITE}/api/accounts`, { headers: { Cookie: cookie } });
  assert.equal(r.status, 200, r.body);
  return JSON.parse(r.body).accounts.filter((a) => a.account !== null);
}

const m = Machine.create(MACHINE, BASE,
  [`${ADDRESS}/32`, '203.0.113.7/32', '2001:db8::10/128']);
await m.boot();

const apt = (...debs) => m.run('apt-get install -y --no-install-recommends ' +
  `-o DPkg::Options::=--force-unsafe-io ${debs.join(' ')} </dev/null`);
const deb = (version, name) => '/debs/deb' + version + '/' +
  fs.readdirSync(path.join(DEBS, `deb${version}`)).find((f) => f.startsWith(`${name}_`));
/** The units of ours that are not as they should be. */
const unwell = () => m.run("systemctl list-units --all --plain --no-legend 'mt5fleet*'")
  .split('\n').filter((l) => /\b(failed|activating|not-found)\b/.test(l)).join('\n');

await step('apt installs the coordinator', () => {
  apt(deb(1, 'mt5fleet'));
  assert.equal(unwell(), '');
});
await step('the ledger is mt5fleet\'s from the start', () => {
  assert.match(m.run('stat -c %U /var/lib/mt5fleet/ledger.db'), /^mt5fleet/);
});
await step('check finds its settings by itself', () => {
  assert.match(m.run('mt5fleet check'), /^good$/m);
});
await step('setup refuses plain http beyond loopback, and changes nothing', () => {
  const before = m.read('etc/mt5fleet/mt5fleet.env');
  const r = m.try(`mt5fleet setup --yes --site http://${ADDRESS}`);
  assert.equal(r.code, 2, r.output);
  assert.match(r.output, /plain http is for this machine alone/);
  assert.equal(m.read('etc/mt5fleet/mt5fleet.env'), before);
});
await step('setup brings the site up', () => {
  m.write('root/password', `${PASSWORD}\n`);
  const r = m.try(`mt5fleet setup --yes --site ${SITE} --tls self ` +
    '--admin ada --password-file /root/password');
  assert.equal(r.code, 0, r.output);
  assert.match(r.output, new RegExp(`ready: ${SITE}/`));
});
await step('our page answers although the default site is enabled', async () => {
  assert.ok(fs.existsSync(path.join(m.root, 'etc/nginx/sites-enabled/default')));
  const r = await ask(`${SITE}/`);
  assert.equal(r.status, 200);
  assert.match(r.body, /<title>mt5fleet/);
  assert.match(r.headers['strict-transport-security'], /max-age/);
});
await step('plain http only redirects; another address goes to the right one', async () => {
  const r = await ask(`http://${ADDRESS}/api/accounts`);
  assert.deepEqual([r.status, r.headers.location], [301, `${SITE}/api/accounts`]);
  const other = await ask('https://203.0.113.7/');
  assert.deepEqual([other.status, other.headers.location], [301, `${SITE}/`]);
  const six = await ask('https://[2001:db8::10]/');
  assert.deepEqual([six.status, six.headers.location], [301, `${SITE}/`]);
});
let cookie;
await step('logging in gives a cookie that is this host\'s alone', async () => {
  assert.equal((await ask(`${SITE}/api/accounts`)).status, 401);
  const r = await logIn();
  assert.equal(r.status, 200, r.body);
  cookie = r.cookie;
  assert.match(r.headers['set-cookie'][0], /^__Host-mt5fleet=.*; Path=\/;.*; Secure$/);
});
await step('the WebSocket opens for the site\'s own page, and for no other', async () => {
  assert.equal(await socket({ Cookie: cookie, Origin: SITE }), 101);
  assert.equal(await socket({ Cookie: cookie, Origin: 'https://evil.example' }), 403);
  assert.equal(await socket({ Origin: SITE }), 401);
});
await step('a VPS joins by one line, typed as root, and is approved by its fingerprint', async () => {
  // what the line would fetch from Debian's mirror, which is not reached here
  m.run('apt-get install -y --no-install-recommends libmicrohttpd12 libgnutls30 ' +
    'libcjson1 zlib1g nftables </dev/null');
  m.run('adduser --system --group --home /home/trader trader >/dev/null');
  const terminals = '/home/trader/.mt5/drive_c/users/trader/AppData/Roaming/MetaQuotes/Terminal';
  const data = `${terminals}/0123456789ABCDEF0123456789ABCDEF`;
  m.run(`mkdir -p ${terminals}/Common/Files ${data}/MQL5 /home/trader/d && ` +
    'touch /home/trader/c && chown -R trader: /home/trader');
  const line = m.run('mt5fleet node add vps07 --note joined').match(/^curl .*$/m)[0];
  const r = m.try(line);
  assert.equal(r.code, 0, r.output);
  const fingerprint = r.output.match(/(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/)[0];
  // nothing of it is root's in the user's folders, and no other user reads the key
  assert.equal(m.run('find /home/trader -user root'), '');
  assert.match(m.run(`ls ${data}/MQL5/Services/mt5fleet`), /Mt5FleetService\.mq5/);
  assert.match(m.run('stat -c "%U %a" /etc/mt5fleet/agent/key.pem'), /^trader 600/);
  assert.match(m.run('nft list table inet mt5fleet_agent'),
    /dport 8000 ip saddr 198\.51\.100\.10 accept/);
  assert.equal(m.run('systemctl is-active mt5fleet-agent').trim(), 'active');
  assert.match(m.run('mt5fleet node list'), new RegExp(fingerprint));
  m.run(`mt5fleet node approve vps07 ${fingerprint}`);
  assert.match(m.run('mt5fleet check'), /good, 1 nodes/);
  m.run('systemd-run --unit=joined --uid=trader /src/build/bin/terminal --common ' +
    `${terminals}/Common/Files --data /home/trader/d --control /home/trader/c --seed 9`);
  await until('the account', async () => (await shown(cookie)).length === 1, 150000);
  m.run('mt5fleet node rotate vps07');
  assert.equal(m.run('stat -c %U /etc/mt5fleet/agent/token').trim(), 'trader');
  await until('the account', async () => (await shown(cookie)).some((a) => a.status === 'ok'));
  m.run('mt5fleet node remove vps07');
  await until('no account', async () => (await shown(cookie)).length === 0);
  m.run('systemctl stop joined && sh /usr/lib/mt5fleet/join/install.sh --uninstall && ' +
    'rm -rf /etc/mt5fleet/agent /etc/mt5fleet/agent.env');
  assert.equal(m.run('find /etc/mt5fleet -name "*.pem" -user mt5fleet'), '');
});
await step('an agent and its terminal: the account is on the page', async () => {
  apt(deb(1, 'mt5fleet-agent'));
  m.run('mkdir -p /home/trader/common /home/trader/data && touch /home/trader/control && ' +
    'chown -R trader: /home/trader');
  m.run('systemd-run --unit=terminal --uid=trader /src/build/bin/terminal ' +
    '--common /home/trader/common --data /home/trader/data ' +
    '--control /home/trader/control --seed 7 --rate 1');
  const out = m.run('mt5fleet-agent-setup --user trader --common ' +
    '/home/trader/common 203.0.113.7');
  const entry = JSON.parse(out.match(/\{[^]*?\n?\}/)[0]);
  const pem = out.match(/-----BEGIN[^]*?END CERTIFICATE-----\n/)[0];
  m.write(`etc/mt5fleet/${entry.ca}`, pem);
  m.run(`chmod 644 /etc/mt5fleet/${entry.ca}`);
  // by the page, as a person would
  const session = JSON.parse((await ask(`${SITE}/auth/session`,
    { headers: { Cookie: cookie } })).body);
  const form = new URLSearchParams({ action: 'add', csrf: session.csrf,
    id: entry.id, url: entry.url, token: entry.token, ca: entry.ca });
  const r = await ask(`${SITE}/admin/nodes`, { method: 'POST', body: String(form),
    headers: { Cookie: cookie, 'Content-Type': 'application/x-www-form-urlencoded' } });
  assert.equal(r.status, 303, r.body);
  assert.match(m.run('mt5fleet check'), /good, 1 nodes/);
  await until('the account', async () => (await shown(cookie)).length === 1, 150000);
});
await step('the agent\'s files stay its user\'s beside the coordinator\'s', () => {
  assert.match(m.run('stat -c %U /etc/mt5fleet/agent'), /^trader/);
});
await step('what root does by hand stays mt5fleet\'s', () => {
  m.run('mt5fleet passwd --role viewer bob', 'another good password\n');
  m.run('mt5fleet backup');
  m.run('MT5FLEET_CONFIG=/etc/mt5fleet/mt5fleet.env /usr/lib/mt5fleet/phases');
  m.run('/usr/lib/mt5fleet/backup');
  assert.equal(m.run('find /var/lib/mt5fleet ! -user mt5fleet'), '');
});
await step('reload applies the settings, nginx included', async () => {
  m.run('cp /etc/mt5fleet/mt5fleet.env /root/env && sed -i ' +
    "'s|^SITE_URL=.*|SITE_URL=https://203.0.113.7|' /etc/mt5fleet/mt5fleet.env && " +
    'systemctl reload mt5fleet.target');
  await until('the other address', async () =>
    (await ask('https://203.0.113.7/')).status === 200);
  await until('the redirect', async () =>
    (await ask(`${SITE}/`)).headers.location === 'https://203.0.113.7/');
  m.run('cat /root/env >/etc/mt5fleet/mt5fleet.env && systemctl reload mt5fleet.target');
  await until('the address', async () => (await ask(`${SITE}/`)).status === 200);
});
const setup = (words) => m.try(`mt5fleet setup --yes ${words} --admin ada ` +
  '--password-file /root/password');
await step('behind a TLS proxy: its visitors are told apart, others not believed', async () => {
  const r = setup('--tls proxy --proxies 203.0.113.7,127.0.0.1');
  assert.equal(r.code, 0, r.output);
  const by = (localAddress, headers, path = '/api/accounts', more = {}) =>
    ask(`http://${ADDRESS}${path}`, { localAddress, headers, ...more });
  const https = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '192.0.2.1' };
  await until('the proxy', async () => (await by('203.0.113.7', https)).status === 401);
  assert.equal((await by(ADDRESS, {})).status, 301);
  assert.equal((await by('203.0.113.7', { 'X-Forwarded-Proto': 'http' })).status, 301);
  // what would be redirected in a circle is told why
  const stranger = await by(ADDRESS, https);
  assert.equal(stranger.status, 502);
  assert.match(stranger.body, /\(198\.51\.100\.10\) that is not in TRUSTED_PROXIES/);
  const unsaid = await by('203.0.113.7', { 'X-Forwarded-For': '192.0.2.1' });
  assert.equal(unsaid.status, 502);
  assert.match(unsaid.body, /\(203\.0\.113\.7\) does not send X-Forwarded-Proto/);
  const wrong = (from) => by('203.0.113.7', { ...https, 'X-Forwarded-For': from,
    'Content-Type': 'application/json' }, '/auth/login', { method: 'POST',
    body: JSON.stringify({ user: 'nobody', password: 'wrong wrong wrong' }) });
  let last;
  for (let i = 0; i < 11; i++) last = await wrong('192.0.2.1');
  assert.equal(last.status, 429, last.body);
  assert.equal((await wrong('192.0.2.2')).status, 401);
  const good = await by('203.0.113.7', { ...https, 'X-Forwarded-For': '192.0.2.3',
    'Content-Type': 'application/json' }, '/auth/login', { method: 'POST',
    body: JSON.stringify({ user: 'ada', password: PASSWORD }) });
  assert.match(good.headers['set-cookie'][0], /^__Host-mt5fleet=.*Secure/);
});
await step('by IPv6 alone', async () => {
  const r = setup('--tls self --site https://[2001:db8::10] --listen [2001:db8::10]');
  assert.equal(r.code, 0, r.output);
  assert.equal((await ask('https://[2001:db8::10]/')).status, 200);
  await until('no other address', () => ask(`${SITE}/`).then(() => false, () => true));
  assert.equal((await ask('http://[2001:db8::10]/')).headers.location,
    'https://[2001:db8::10]/');
});
await step('a certificate with another key is named, and the old site goes on', async () => {
  m.run('openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj /CN=x ' +
    `-addext subjectAltName=IP:${ADDRESS} -keyout /root/a.key -out /root/a.pem 2>&1 && ` +
    'openssl genrsa -out /root/b.key 2048 2>&1');
  const before = m.read('etc/mt5fleet/mt5fleet.env');
  const r = setup(`--site ${SITE} --listen '' --tls files=/root/a.pem,/root/b.key`);
  assert.equal(r.code, 1, r.output);
  assert.match(r.output, /key values mismatch|not the key of/);
  assert.equal((await ask('https://[2001:db8::10]/')).status, 200);
  assert.match(m.try('mt5fleet check').output, /b\.key: not the key of \/root\/a\.pem/);
  const right = setup('--tls files=/root/a.pem,/root/a.key');
  assert.equal(right.code, 0, right.output);
  assert.equal((await ask(`${SITE}/`)).status, 200);
  assert.notEqual(m.read('etc/mt5fleet/mt5fleet.env'), before);
});
await step('acme: until the certificate is there one of its own, and the command', async () => {
  const r = m.try('mt5fleet setup --yes --site https://fleet.test --tls acme');
  assert.match(r.output, /certbot certonly --webroot -w \/var\/lib\/mt5fleet-acme -d fleet\.test/);
  m.run('mkdir -p /var/lib/mt5fleet-acme/.well-known/acme-challenge && ' +
    'echo token >/var/lib/mt5fleet-acme/.well-known/acme-challenge/x');
  await until('the challenge', async () => (await ask(
    `http://${ADDRESS}/.well-known/acme-challenge/x`,
    { headers: { Host: 'fleet.test' } })).body === 'token\n');
  assert.equal(setup(`--site ${SITE} --tls self`).code, 0);
  cookie = (await logIn()).cookie;
});
await step('every service is confined', () => {
  for (const unit of ['dashboard', 'admin', 'live', 'redis']) {
    const out = m.run(`systemd-analyze security mt5fleet-${unit} 2>&1 | tail -2`);
    const level = Number(out.match(/level for \S+: ([0-9.]+)/)[1]);
    assert.ok(level <= 2.5, `${unit}: ${level}`);
  }
});
await step('after a reboot all is back by itself', async () => {
  await m.reboot();
  m.run('systemctl start terminal 2>/dev/null || systemd-run --unit=terminal ' +
    '--uid=trader /src/build/bin/terminal --common /home/trader/common ' +
    '--data /home/trader/data --control /home/trader/control --seed 7 --rate 1');
  assert.equal(unwell(), '');
  const live = m.run('systemctl show -P InvocationID mt5fleet-live');
  cookie = (await until('the log-in', async () => {
    const r = await logIn();
    return r.status === 200 && r;
  })).cookie;
  assert.equal(await socket({ Cookie: cookie, Origin: SITE }), 101);
  await until('the account', async () => (await shown(cookie)).length === 1, 150000);
  assert.equal(m.run('systemctl show -P InvocationID mt5fleet-live'), live);
});
await step('an upgrade loses no request and no setting', async () => {
  m.write('etc/mt5fleet/google.json', '{}');
  m.run('chown mt5fleet:mt5fleet /etc/mt5fleet/google.json && ' +
    'chmod 600 /etc/mt5fleet/google.json && echo "#mine" >>/etc/mt5fleet/mt5fleet.env');
  const nodes = m.read('etc/mt5fleet/nodes.json');
  const before = m.run('systemctl show -P MainPID mt5fleet-dashboard mt5fleet-live');
  let going = true;
  const answers = {};
  const asking = (async () => {
    while (going) {
      const r = await ask(`${SITE}/api/accounts?_`.replace('?_', ''),
        { headers: { Cookie: cookie } }).catch((e) => ({ status: e.message }));
      answers[r.status] = (answers[r.status] ?? 0) + 1;
    }
  })();
  const { spawn } = await import('node:child_process');
  const code = await new Promise((done) => spawn('nsenter', ['-t', m.leader, '-m',
    '-u', '-i', '-p', '-C', 'env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
    'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '-y',
    '--no-install-recommends', deb(2, 'mt5fleet'), deb(2, 'mt5fleet-agent')],
  { stdio: 'ignore' }).on('exit', done));
  await until('a request afterwards', async () =>
    (await ask(`${SITE}/health`)).status === 200);
  going = false;
  await asking;
  assert.equal(code, 0);
  assert.match(m.run('dpkg-query -W mt5fleet'), /~2/);
  assert.deepEqual(Object.keys(answers), ['200'], JSON.stringify(answers));
  assert.notEqual(
    m.run('systemctl show -P MainPID mt5fleet-dashboard mt5fleet-live'), before);
  // but for the jobs, which end with their minute
  const old = () => m.run("ls -l /proc/[0-9]*/exe 2>/dev/null | grep 'mt5fleet.*deleted' || true");
  assert.doesNotMatch(old(), /fcgi|live|agent/);
  await until('the old jobs\' end', () => old() === '', 150000);
  assert.match(m.read('etc/mt5fleet/mt5fleet.env'), /#mine/);
  assert.equal(m.read('etc/mt5fleet/nodes.json'), nodes);
  assert.match(m.run('stat -c "%U %a" /etc/mt5fleet/google.json'), /^mt5fleet 600/);
  assert.match(m.run('stat -c %U /etc/mt5fleet/agent'), /^trader/);
});
await step('removed, nothing of it runs; purged, only what is named is left', () => {
  m.run('apt-get remove -y mt5fleet </dev/null');
  assert.equal(m.run("ls -l /proc/[0-9]*/exe 2>/dev/null | grep 'lib/mt5fleet/[^m]' || true"), '');
  m.run('nginx -t');
  const out = m.run('apt-get purge -y mt5fleet </dev/null');
  assert.match(out, /kept: \/var\/backups\/mt5fleet-ledger.db/);
  assert.equal(m.run('find / -xdev -user mt5fleet -not -path "/proc/*"').trim(),
    '/etc/mt5fleet/google.json');
  assert.equal(m.run('find /etc /var /run /usr /lib -xdev -name "*mt5fleet*" ' +
    '-not -path "*agent*" -not -path "/var/lib/dpkg/*" -not -path "/var/log/*" ' +
    '-not -path "/var/lib/systemd/*"').trim().split('\n').sort().join(' '),
  '/etc/mt5fleet /usr/lib/mt5fleet /var/backups/mt5fleet-ledger.db');
  m.run('nginx -t');
});
m.try('systemctl poweroff');
await m.ended;
m.forget();
process.exit(failed ? 1 : 0);
