// upgrade.mjs: what was there under the version before is there afterwards, and no
// request fails meanwhile.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ask, keepAsking, logInAt } from './ask.mjs';
import { Machine, until } from './machine.mjs';

const SITE = 'https://198.51.100.10', PASSWORD = 'correct horse battery';
const { DEBS, BASE, MACHINE } = process.env;
const m = Machine.create(MACHINE, BASE, ['198.51.100.10/32']);
let failed = 0;

const deb = (version) => `/debs/deb${version}/` +
  fs.readdirSync(path.join(DEBS, `deb${version}`)).find((f) => f.startsWith('mt5fleet_'));
const install = (file) => new Promise((done) => {
  let said = '';
  const child = spawn('nsenter', ['-t', m.leader, '-m', '-u', '-i', '-p', '-C', 'env', '-i',
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install',
    '-qq', '-y', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0',
    '-o', 'DPkg::Options::=--force-unsafe-io', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const s of [child.stdout, child.stderr]) s.on('data', (d) => { said += d; });
  child.on('close', (code) => done({ code, said }));
});
const session = async (cookie) =>
  (await ask(`${SITE}/auth/session`, { headers: { Cookie: cookie } })).status;

try {
  await m.boot();
  const first = await install(deb(0));
  assert.equal(first.code, 0, first.said);
  m.write('root/password', `${PASSWORD}\n`);
  m.run(`mt5fleet setup --yes --site ${SITE} --tls self --admin ada --password-file /root/password`);
  m.run('mt5fleet passwd --role viewer bob', 'another good password\n');
  m.run('echo "#mine" >>/etc/mt5fleet/mt5fleet.env');
  const { cookie } = await logInAt(SITE, 'ada', PASSWORD);
  const certificate = m.read('etc/mt5fleet/tls/self.crt');
  const pids = () => m.run('systemctl show -P MainPID mt5fleet-dashboard mt5fleet-admin mt5fleet-live');
  const before = pids();
  console.log('ok the version before is set up');

  const asked = keepAsking(['/', '/api/accounts', '/auth/session'].map((p) => SITE + p),
    { Cookie: cookie });
  const second = await install(deb(1));
  await until('the restart', () => before.trim().split(/\s+/).every((p) => !pids().includes(p)));
  const answers = await asked.stop();
  assert.equal(second.code, 0, second.said);
  assert.deepEqual(Object.keys(answers), ['200'], JSON.stringify(answers) +
    m.run('grep -v notice /var/log/nginx/error.log | tail -5'));
  console.log(`ok the upgrade loses no request (${answers['200']} asked)`);

  assert.match(m.run('dpkg-query -W mt5fleet'), /~1/);
  assert.equal(await session(cookie), 200, 'the session of before');
  assert.equal((await logInAt(SITE, 'bob', 'another good password')).status, 200);
  assert.match(m.read('etc/mt5fleet/mt5fleet.env'), /^#mine$/m);
  assert.equal(m.read('etc/mt5fleet/tls/self.crt'), certificate);
  assert.match(m.run('mt5fleet check'), /^good$/m);
  console.log('ok sessions, users, settings and certificate are kept, check is good');

  await m.reboot();
  await until('the log-in', async () => (await logInAt(SITE, 'ada', PASSWORD)).status === 200);
  assert.match(m.run('mt5fleet check'), /^good$/m);
  console.log('ok after a reboot, too');
} catch (error) {
  failed = 1;
  console.log('not ok an upgrade from the commit before');
  console.log(String(error.stack ?? error).replace(/^/gm, '# '));
}
m.try('systemctl poweroff');
await m.ended;
m.forget();
process.exit(failed);
