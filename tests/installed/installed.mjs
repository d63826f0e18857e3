// installed.mjs: from an empty Debian to the page over https, and what a
// reboot, an upgrade and a purge leave. One step after the other, as TAP.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ask, keepAsking, logInAt, socket as socketAt } from './ask.mjs';
import { browse, startTlsProxy } from './browser.mjs';
import { Machine, until } from './machine.mjs';

const ADDRESS = '198.51.100.10';
const SITE = `https://${ADDRESS}`;
const PASSWORD = 'correct horse battery';
const { DEBS, BASE, MACHINE } = process.env;

let failed = 0;
async function step(name, f) {
  const began = Date.now();
  const took = () => console.log(`# ${Math.round((Date.now() - began) / 1000)} s`);
  try {
    const skipped = await f();
    console.log(`ok ${name}${skipped ? ` # SKIP ${skipped}` : ''}`);
    took();
  } catch (error) {
    failed++;
    console.log(`not ok ${name}`);
    took();
    console.log(String(error.stack ?? error).replace(/^/gm, '# '));
  }
}
/** What all that follows stands on. */
async function foundation(name, f) {
  await step(name, f);
  if (failed === 0) return;
  m.forget();
  process.exit(1);
}

const socket = (headers) => socketAt(headers, ADDRESS);
const logIn = (password = PASSWORD) => logInAt(SITE, 'ada', password);
async function shown(cookie) {
  const r = await ask(`${SITE}/api/accounts`, { headers: { Cookie: cookie } });
  assert.equal(r.status, 200, r.body);
  return JSON.parse(r.body).accounts.filter((a) => a.account !== null);
}

const m = Machine.create(MACHINE, BASE,
  [`${ADDRESS}/32`, '203.0.113.7/32', '2001:db8::10/128']);
await m.boot();

const apt = (...debs) => m.run('apt-get install -qq -y --no-install-recommends ' +
  `-o Dpkg::Use-Pty=0 -o DPkg::Options::=--force-unsafe-io ${debs.join(' ')} </dev/null`);
const deb = (version, name) => '/debs/deb' + version + '/' +
  fs.readdirSync(path.join(DEBS, `deb${version}`)).find((f) => f.startsWith(`${name}_`));
/** The units of ours that are not as they should be. */
const unwell = () => m.run("systemctl list-units --all --plain --no-legend 'mt5fleet*'")
  .split('\n').filter((l) => /\b(failed|activating|not-found)\b/.test(l)).join('\n');

/** README's three lines for an operator; the first has been done by installed.sh. */
const lines = fs.readFileSync('README.md', 'utf8').match(/^ +make deb\b.*\n.*\n.*mt5fleet setup.*$/m)[0]
  .split('\n').map((line) => line.replace(/#.*/, '').trim());
await foundation('apt installs the coordinator, by the line in README', () => {
  m.write('etc/apt/apt.conf.d/90recommends', 'APT::Install-Recommends "false";\n');
  m.run(`mkdir -p /root/tree/build && ln -s /debs/deb1 /root/tree/build/deb && cd /root/tree && ${lines[1]} </dev/null`);
  m.run('rm /etc/apt/apt.conf.d/90recommends');
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
await foundation('mt5fleet setup asks, and brings the site up', () => {
  const r = m.try(lines[2], `${SITE}\n\n\neve\n${PASSWORD}\n`);
  assert.equal(r.code, 0, r.output);
  assert.match(r.output, /Address of the site.*Certificate: self .*\[self\].*Redis: .*\[private\].*admin/s);
  assert.match(r.output, new RegExp(`ready: ${SITE}/`));
});
await foundation('the same by flags', () => {
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
await step('a real browser over https: log-in, WebSocket, edit', async () => {
  const c = await browse(SITE, { user: 'ada', password: PASSWORD, phase: 'F1' });
  assert.equal(c.name, '__Host-mt5fleet');
});
await step('in our Redis each program is its own user, and no other Unix user reads its password', async () => {
  await until('their connections', () => {
    const clients = m.run('mt5fleet redis cli client list');
    return ['collect', 'dashboard', 'live', 'admin'].every((p) => clients.includes(`user=mt5fleet-${p} `)) &&
      !clients.includes('user=default');
  });
  assert.match(m.run('redis-cli -s /run/mt5fleet/redis.sock ping'), /NOAUTH/);
  for (const [user, file] of [['mt5fleet', 'admin'], ['mt5fleet-admin', 'collect'],
    ['mt5fleet-sheets', 'dashboard'], ['www-data', 'live'], ['mt5fleet', 'root']])
    assert.notEqual(m.try(`runuser -u ${user} -- cat /etc/mt5fleet/redis/${file}`).code, 0);
  const memory = () => m.run('mt5fleet redis cli config get maxmemory*').match(/maxmemory\n(\d+)/)[1];
  assert.match(m.run('mt5fleet redis cli config get maxmemory-policy'), /noeviction/);
  assert.equal(Number(memory()), 256 << 20);
  m.run("sed -i '$aREDIS_MEMORY=300' /etc/mt5fleet/mt5fleet.env; systemctl reload mt5fleet.target");
  await until('the memory', () => Number(memory()) === 300 << 20);
  m.run("sed -i '/^REDIS_MEMORY/d' /etc/mt5fleet/mt5fleet.env; systemctl reload mt5fleet.target");
  await until('the memory', () => Number(memory()) === 256 << 20);
});
await step('the agent\'s files stay its user\'s beside the coordinator\'s', () => {
  assert.match(m.run('stat -c %U /etc/mt5fleet/agent'), /^trader/);
});
await step('what root does by hand stays mt5fleet\'s', () => {
  m.run('mt5fleet passwd --role viewer bob', 'another good password\n');
  m.run('mt5fleet backup');
  m.run('MT5FLEET_CONFIG=/etc/mt5fleet/mt5fleet.env /usr/lib/mt5fleet/phases');
  m.run('/usr/lib/mt5fleet/backup');
  m.run('/usr/lib/mt5fleet/sheets -n || true');
  assert.equal(m.run('find /var/lib/mt5fleet ! -group mt5fleet -o -user root'), '');
});
await step('the ledger is each program\'s, whoever came first', () => {
  const users = ['mt5fleet', 'mt5fleet-admin', 'mt5fleet-sheets'];
  const as = (user, state) => m.run(`runuser -u ${user} -- env STATE_DIR=${state} ` +
    `mt5fleet passwd --role viewer by-${user}`, 'another good password\n');
  users.forEach((first, i) => {
    const state = `/var/lib/state-${i}`;
    m.run(`install -d -m 2770 -o mt5fleet -g mt5fleet ${state}`);
    as(first, state);
    // one that has it open, so that -wal and -shm are there
    m.run(`systemd-run -q --unit=reader-${i} --uid=${first} --gid=mt5fleet ` +
      `-p StandardInput=file:/dev/zero --setenv=STATE_DIR=${state} ` +
      '--setenv=MT5FLEET_CONFIG=/etc/mt5fleet/mt5fleet.env ' +
      `--setenv=LIVE_SOCKET=${state}/live.sock /usr/lib/mt5fleet/live`);
    for (const user of users) as(user, state);
    assert.equal(m.run(`find ${state} -name 'ledger.db*' ! -perm -060`), '');
    m.run(`systemctl stop reader-${i}; rm -rf ${state}`);
  });
  // and the one in use
  for (const user of users) as(user, '/var/lib/mt5fleet');
  assert.match(m.run('mt5fleet check'), /^good$/m);
});
await step('Google\'s key is read by sheets alone, also when asked for on the page', async () => {
  m.write('etc/mt5fleet/google.json', '{}');
  m.run('chown mt5fleet-sheets:mt5fleet /etc/mt5fleet/google.json && ' +
    'chmod 600 /etc/mt5fleet/google.json && cp /etc/mt5fleet/mt5fleet.env /root/env && ' +
    'echo GOOGLE_APPLICATION_CREDENTIALS=/etc/mt5fleet/google.json >>/etc/mt5fleet/mt5fleet.env && ' +
    'echo SHEETS_SPREADSHEET_ID=1StandInStandInStandInStandInStandInStand >>/etc/mt5fleet/mt5fleet.env && systemctl reload mt5fleet.target');
  for (const user of ['mt5fleet', 'mt5fleet-admin'])
    assert.notEqual(m.try(`runuser -u ${user} -- cat /etc/mt5fleet/google.json`).code, 0);
  const ran = () => m.run('journalctl -o short-iso -t mt5fleet-sheets | wc -l');
  const before = ran();
  const { csrf } = JSON.parse((await ask(`${SITE}/auth/session`,
    { headers: { Cookie: cookie } })).body);
  // the reload is not waited for: a worker of before would start the job itself
  await until('the run', async () => {
    const r = await ask(`${SITE}/api/sync-to-sheets`, { method: 'POST',
      headers: { Cookie: cookie, 'X-CSRF-Token': csrf } });
    assert.equal(r.status, 202, r.body);
    return ran() !== before;
  });
  // the key is none: it was read, and refused
  assert.match(m.run('journalctl -t mt5fleet-sheets -o cat'), /google\.json/);
  assert.doesNotMatch(m.run('journalctl -t mt5fleet-sheets -o cat'), /ermission denied/);
  m.run('cat /root/env >/etc/mt5fleet/mt5fleet.env && rm /etc/mt5fleet/google.json && ' +
    'systemctl reload mt5fleet.target');
  await until('the settings of before', async () =>
    (await ask(`${SITE}/auth/session`, { headers: { Cookie: cookie } })).status === 200);
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
/** A Redis beside ours, answering at the URL. */
const redis = (name, lines, url, more = '') => {
  m.write(`root/redis-${name}.conf`, `save ""\ndir /tmp\n${lines.join('\n')}\n`);
  m.run(`systemd-run -q --unit=redis-${name} redis-server /root/redis-${name}.conf`);
  return until(`redis-${name}`, () =>
    m.run(`redis-cli ${more} ${url ? `-u '${url}'` : ''} --no-auth-warning ping`).includes('PONG'));
};
await step('Redis elsewhere: TCP by IPv6 with user and database, TLS by stunnel, a socket', async () => {
  const users = ['user default off', 'user fleet on >s3cret/@ ~* &* +@all'];
  const tcp = 'redis://fleet:s3cret%2F%40@[2001:db8::10]:6381/3';
  const url = 'rediss://fleet:s3cret%2F%40@203.0.113.7:6380/1';
  m.run('openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 9 ' +
    '-subj /CN=redis -addext subjectAltName=IP:203.0.113.7 -keyout /root/redis.key ' +
    '-out /root/redis.pem 2>&1 && install -m 0644 /root/redis.pem /etc/mt5fleet/redis-ca.pem');
  await redis('tls', ['port 0', 'tls-port 6380', 'bind 203.0.113.7', 'tls-auth-clients no',
    'tls-cert-file /root/redis.pem', 'tls-key-file /root/redis.key',
    'tls-ca-cert-file /root/redis.pem', ...users], url, '--cacert /root/redis.pem');
  await redis('socket', ['port 0', 'unixsocket /run/redis-other.sock', 'unixsocketperm 777'],
    null, '-s /run/redis-other.sock');
  // redis-cli takes no IPv6 address in a URL
  m.write('root/redis-tcp.conf', ['save ""', 'dir /tmp', 'port 6381', 'bind 2001:db8::10', ...users, ''].join('\n'));
  m.run('systemd-run -q --unit=redis-tcp redis-server /root/redis-tcp.conf');
  const tcpCli = "redis-cli -h 2001:db8::10 -p 6381 --user fleet --pass 's3cret/@' --no-auth-warning -n 3";
  await until('redis-tcp', () => m.run(`${tcpCli} ping`).includes('PONG'));
  const works = async (url) => {
    const r = m.try(`mt5fleet setup --yes --redis '${url}' --admin ada --password-file /root/password`);
    assert.equal(r.code, 0, r.output);
    assert.match(r.output, /ready: /);
  };
  try {
    await works(tcp);
    assert.notEqual(m.run('systemctl is-active mt5fleet-redis || true').trim(), 'active');
    m.run('/usr/lib/mt5fleet/job collect');
    await until('the collector there', () => m.run(`${tcpCli} exists collector`).trim() === '1');
    await works('unix:/run/redis-other.sock?db=2');
    // without stunnel it is said what to do
    const without = m.try(`mt5fleet setup --yes --redis '${url}'`);
    assert.equal(without.code, 1, without.output);
    assert.match(without.output, /REDIS_URL: TLS goes through stunnel: apt install stunnel4/);
    assert.doesNotMatch(without.output, /s3cret/);
    apt('stunnel4');
    // nobody vouches for it yet
    assert.equal(m.try(`mt5fleet setup --yes --redis '${url}'`).code, 1);
    m.run('echo REDIS_CA_FILE=/etc/mt5fleet/redis-ca.pem >>/etc/mt5fleet/mt5fleet.env');
    await works(url);
  } finally {
    m.run("sed -i '/^REDIS_CA_FILE/d' /etc/mt5fleet/mt5fleet.env; rm /etc/mt5fleet/redis-ca.pem");
    const r = setup('--redis private');
    assert.equal(r.code, 0, r.output);
    m.run('systemctl stop redis-tcp redis-tls redis-socket');
  }
  assert.equal(m.run('systemctl is-active mt5fleet-redis').trim(), 'active');
  cookie = (await logIn()).cookie;
  // the run of before still writes to the other Redis
  m.run('/usr/lib/mt5fleet/job collect');
  await until('the account again', async () => (await shown(cookie)).length === 1, 150000);
});
await step('the ledger in PostgreSQL, by setup', async () => {
  const home = path.join(m.root, 'srv/pg');
  const server = (...args) => spawnSync(path.resolve('tests/pg/server'), args, { encoding: 'utf8' });
  const made = server('start', home, 'fsync=off');
  if (made.status === 77) return made.stderr.trim();
  assert.equal(made.status, 0, made.stderr);
  const url = 'postgresql://ledger@/postgres?host=/srv/pg';
  try {
    const without = setup(`--ledger '${url}'`);
    assert.notEqual(without.code, 0, without.output);
    assert.match(without.output, /libpq5/);
    apt('libpq5');
    const r = setup(`--ledger '${url}'`);
    assert.equal(r.code, 0, r.output);
    assert.match(r.output, /ready: /);
    assert.match(m.run('mt5fleet check'), /ledger: postgresql:.*: good/);
    // what is written goes there: a user whom the file does not know
    m.run('mt5fleet passwd --role viewer paul', 'another good password\n');
    assert.equal((await logInAt(SITE, 'paul', 'another good password')).status, 200);
  } finally {
    const r = setup('--ledger file');
    server('stop', home, 'immediate');
    assert.equal(r.code, 0, r.output);
  }
  assert.equal((await logInAt(SITE, 'paul', 'another good password')).status, 401);
  cookie = (await logIn()).cookie;
  assert.equal((await ask(`${SITE}/auth/session`, { headers: { Cookie: cookie } })).status, 200);
});
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
await step('a real browser through a TLS proxy, below a path', async () => {
  m.run('openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 9 ' +
    '-subj /CN=proxy -keyout /root/proxy.key -out /root/proxy.pem 2>&1');
  const r = setup('--site https://203.0.113.7/fleet --tls proxy --proxies 203.0.113.7');
  assert.equal(r.code, 0, r.output);
  assert.match(r.output, /ready: https:\/\/203\.0\.113\.7\/fleet\//);
  const proxy = await startTlsProxy('203.0.113.7', ADDRESS,
    { key: m.read('root/proxy.key'), cert: m.read('root/proxy.pem') });
  try {
    const c = await browse('https://203.0.113.7/fleet',
      { user: 'ada', password: PASSWORD, phase: 'F2' });
    assert.deepEqual([c.name, c.path], ['__Secure-mt5fleet', '/fleet']);
    const { status } = await ask('https://203.0.113.7/api/accounts');
    assert.equal(status, 404);
  } finally {
    proxy.stop();
  }
});
await step('by IPv6 alone', async () => {
  const r = setup('--tls self --site https://[2001:db8::10] --listen [2001:db8::10]');
  assert.equal(r.code, 0, r.output);
  assert.equal((await ask('https://[2001:db8::10]/')).status, 200);
  await until('no other address', () => ask(`${SITE}/`).then(() => false, () => true));
  assert.equal((await ask('http://[2001:db8::10]/')).headers.location,
    'https://[2001:db8::10]/');
  await browse('https://[2001:db8::10]', { user: 'ada', password: PASSWORD, phase: 'Q' });
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
  const own = m.read('root/a.pem');
  assert.equal(setup(`--site ${SITE} --tls self`).code, 0);
  // what was the user's own is left alone
  assert.equal(m.read('root/a.pem'), own);
  assert.match(m.run('mt5fleet site settings'), /SITE_CERT='\/etc\/mt5fleet\/tls\/self\.crt'/);
  cookie = (await logIn()).cookie;
});
await step('every service is confined', () => {
  for (const unit of ['dashboard', 'admin', 'live', 'redis', 'redis-tls', 'job@collect.00', 'job@backup.00', 'sheets']) {
    const out = m.run(`systemd-analyze security mt5fleet-${unit}.service 2>&1 | tail -2`);
    const level = Number(out.match(/level for \S+: ([0-9.]+)/)[1]);
    console.log(`# mt5fleet-${unit}: exposure ${level}`);
    assert.ok(level <= 2.5, `${unit}: ${level}`);
  }
});
await step('after a reboot all is back by itself', async () => {
  // as it was before programs had users of their own: the upgrade brings them
  m.run("sed -i '/^REDIS_USERS/d' /etc/mt5fleet/mt5fleet.env");
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
  const asked = keepAsking([`${SITE}/api/accounts`, `${SITE}/auth/session`], { Cookie: cookie });
  const { spawn } = await import('node:child_process');
  const code = await new Promise((done) => spawn('nsenter', ['-t', m.leader, '-m',
    '-u', '-i', '-p', '-C', 'env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
    'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '-y',
    '--no-install-recommends', deb(2, 'mt5fleet'), deb(2, 'mt5fleet-agent')],
  { stdio: 'ignore' }).on('exit', done));
  await until('a request afterwards', async () =>
    (await ask(`${SITE}/health`)).status === 200);
  const answers = await asked.stop();
  assert.equal(code, 0);
  assert.match(m.run('dpkg-query -W mt5fleet'), /~2/);
  assert.deepEqual(Object.keys(answers), ['200'], JSON.stringify(answers) +
    m.run('grep -v notice /var/log/nginx/error.log | tail -5; ' +
      'journalctl -u mt5fleet-dashboard --no-pager | tail -30'));
  assert.notEqual(
    m.run('systemctl show -P MainPID mt5fleet-dashboard mt5fleet-live'), before);
  // but for the jobs, which end with their minute
  const old = () => m.run("ls -l /proc/[0-9]*/exe 2>/dev/null | grep 'mt5fleet.*deleted' || true");
  assert.doesNotMatch(old(), /fcgi|live|agent/);
  await until('the old jobs\' end', () => old() === '', 150000);
  assert.match(m.read('etc/mt5fleet/mt5fleet.env'), /#mine/);
  assert.match(m.read('etc/mt5fleet/mt5fleet.env'), /^REDIS_USERS=\/etc\/mt5fleet\/redis$/m);
  assert.match(m.run('mt5fleet redis cli client list'), /user=mt5fleet-dashboard /);
  assert.equal(m.read('etc/mt5fleet/nodes.json'), nodes);
  assert.match(m.run('stat -c "%U %a" /etc/mt5fleet/google.json'), /^mt5fleet 600/);
  assert.match(m.run('stat -c %U /etc/mt5fleet/agent'), /^trader/);
});
/** The commands of a section of docs/operations.md: its blocks, in order. */
const blocks = (title) => {
  const text = fs.readFileSync('docs/operations.md', 'utf8');
  const section = text.slice(text.indexOf(`\n## ${title}\n`) + 1).split('\n## ')[0];
  const found = [...section.matchAll(/^```sh\n([^]*?)^```$/gm)].map((b) => b[1]);
  assert.ok(found.length > 0, title);
  return found;
};
const types = (block, folder = '/root') =>
  m.run(`cd ${folder} && sh -eu -s`, block);
for (const title of ['Backup', 'Restore', 'The disk is full', 'The certificate',
  'The machine\'s time zone', 'Two coordinators by mistake'])
  await step(`docs/operations.md: ${title}: its commands work`, () => {
    for (const block of blocks(title)) types(block);
  });
await step('on a full disk the page goes on, and docs/operations.md makes room', async () => {
  // the coordinator's: the agent stands on a disk of its own
  const services = 'mt5fleet.target cron $(systemctl list-units --plain --no-legend ' +
    "'mt5fleet-*.service' | awk '{ print $1 }' | grep -v agent)";
  m.run(`systemctl stop ${services} && cp -a /var/lib/mt5fleet /root/state && ` +
    'mount -t tmpfs -o size=64m,mode=2770 disk /var/lib/mt5fleet && ' +
    'cp -a /root/state/. /var/lib/mt5fleet/ && chown mt5fleet:mt5fleet /var/lib/mt5fleet && ' +
    'systemctl start mt5fleet.target cron && /usr/lib/mt5fleet/job collect');
  try {
    cookie = (await until('the log-in', async () => {
      const r = await logIn();
      return r.status === 200 && r;
    })).cookie;
    await until('the account', async () => (await shown(cookie)).length === 1, 150000);
    m.run('mt5fleet backup');
    const old = '/var/lib/mt5fleet/backup/ledger-20200101T000000Z.db';
    m.try(`dd if=/dev/zero of=${old} bs=64k; chown mt5fleet: ${old}; touch -d 2020-01-01 ${old}`);
    assert.match(m.run('df --output=avail /var/lib/mt5fleet'), /^ *0$/m);
    // what Redis knows needs no disk; what would be written is refused
    assert.equal((await shown(cookie))[0].status, 'ok');
    assert.equal((await logIn()).status, 503);
    const health = await ask(`${SITE}/health`);
    const { status, ledger } = JSON.parse(health.body);
    assert.deepEqual([health.status, status, ledger.ok], [200, 'degraded', false]);
    assert.match(ledger.error, /^0 kB are left on its disk$/);
    const checked = m.try('mt5fleet check');
    assert.notEqual(checked.code, 0, checked.output);
    assert.match(checked.output, /ledger\.db: 0 kB are left on its disk/);
    const job = m.try('MT5FLEET_CONFIG=/etc/mt5fleet/mt5fleet.env /usr/lib/mt5fleet/backup');
    assert.equal(job.code, 3, job.output);
    for (const block of blocks('The disk is full')) types(block);
    assert.equal((await until('the log-in', async () => {
      const r = await logIn();
      return r.status === 200 && r;
    })).status, 200);
    assert.equal((await shown(cookie))[0].status, 'ok');
  } finally {
    m.run(`systemctl stop ${services} && umount /var/lib/mt5fleet && rm -r /root/state && ` +
      'systemctl start mt5fleet.target cron && /usr/lib/mt5fleet/job collect');
  }
  cookie = (await until('the log-in', async () => {
    const r = await logIn();
    return r.status === 200 && r;
  })).cookie;
});
await step('a second coordinator on this Redis is refused by name', () => {
  m.run('install -d -o mt5fleet -g mt5fleet /var/lib/second');
  const r = m.try('runuser -u mt5fleet -- env STATE_DIR=/var/lib/second ' +
    'MT5FLEET_CONFIG=/etc/mt5fleet/mt5fleet.env /usr/lib/mt5fleet/collect --for 1');
  assert.equal(r.code, 2, r.output);
  assert.match(r.output, /another coordinator works on the same Redis.*:\/var\/lib\/mt5fleet, pid \d+/);
  m.run('rm -r /var/lib/second');
});
await step('a certificate in its last month is renewed by cron\'s command', () => {
  const end = () => m.run('openssl x509 -in /etc/mt5fleet/tls/self.crt -noout -enddate');
  m.run('cd /etc/mt5fleet/tls && openssl req -x509 -key self.key -days 9 -subj /CN=mt5fleet ' +
    `-addext subjectAltName=IP:${ADDRESS} -out self.crt 2>&1`);
  const before = end();
  assert.match(m.run('mt5fleet check'), /self\.crt ends soon/);
  m.run(m.read('etc/cron.d/mt5fleet').match(/root +(mt5fleet site renew)/)[1]);
  assert.notEqual(end(), before);
  assert.match(m.run('mt5fleet check'), /^good$/m);
});
await step('docs/operations.md: moving to another machine: its commands work', async () => {
  const [old, fresh] = blocks('Moving to another machine');
  types(old);
  m.run('cp -r /root/mt5fleet-move /root/kept');
  types(blocks('Upgrading and removing')[1]);
  m.run('rm -rf /var/lib/mt5fleet /etc/mt5fleet/google.json; systemctl start cron');
  m.run('mkdir /root/new && cp ' + deb(2, 'mt5fleet') + ' /root/new');
  // there is no network to fetch what is only recommended
  m.write('etc/apt/apt.conf.d/90recommends', 'APT::Install-Recommends "false";\n');
  types(blocks('Upgrading and removing')[0], '/root/new');
  types(fresh);
  const r = await until('the log-in', async () => {
    const answer = await logIn();
    return answer.status === 200 && answer;
  });
  const doc = await until('the account', async () => (await shown(r.cookie)).length === 1, 150000);
  assert.ok(doc);
});
await step('removed, nothing of it runs; purged, only what is named is left', () => {
  m.run('apt-get remove -y mt5fleet </dev/null');
  assert.equal(m.run("ls -l /proc/[0-9]*/exe 2>/dev/null | grep 'lib/mt5fleet/[^m]' || true"), '');
  m.run('nginx -t');
  const out = m.run('apt-get purge -y mt5fleet </dev/null');
  assert.match(out, /kept: \/var\/backups\/mt5fleet-ledger.db/);
  assert.equal(m.run('find / -xdev \\( -group mt5fleet -o -group mt5fleet-nodes ' +
    '-o -user mt5fleet-admin -o -user mt5fleet-sheets \\) -not -path "/proc/*"')
    .trim().replace(/^\/etc\/mt5fleet$/m, '').trim(),
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
