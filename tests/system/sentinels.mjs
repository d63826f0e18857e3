// sentinels.mjs: a Redis master, a replica and three sentinels of the test's own.
import fs from 'node:fs';
import path from 'node:path';
import { freePort, start, tmp, waitFor } from './lib.mjs';

const ROOT = 'rootpass', USER = 'fleet', PASSWORD = 'p/w@x';
export const NAME = 'my-fleet';

/**
 * {url, master(), failover(), servers: [{port, kill(), restart(), command(…)}]}.
 * The second sentinel is reached by IPv6 only; who logs in is an ACL user.
 */
export async function startSentinels(t, { downAfter = 1500 } = {}) {
  const dir = tmp(t, 'mt5f-sentinel-');
  const servers = [], sentinels = [];
  const cli = async (port, args, host = '127.0.0.1', auth = []) => {
    const { code, output } = await start(null, 'redis-cli',
      ['-h', host, '-p', String(port), ...auth, ...args]).exited;
    if (code !== 0) throw new Error(output);
    return output.trimEnd();
  };
  for (let i = 0; i < 2; i++) {
    const port = await freePort();
    const home = path.join(dir, `redis${i}`);
    fs.mkdirSync(home);
    const conf = path.join(home, 'redis.conf');
    fs.writeFileSync(conf, [`port ${port}`, 'bind 127.0.0.1', `dir ${home}`, 'save ""',
      `requirepass ${ROOT}`, `masterauth ${ROOT}`,
      `user ${USER} on >${PASSWORD} ~* &* +@all`, 'repl-diskless-sync-delay 0',
      ...(i > 0 ? [`replicaof 127.0.0.1 ${servers[0].port}`] : []), ''].join('\n'));
    const one = { port,
      command: (...args) => cli(port, args, '127.0.0.1', ['--no-auth-warning', '-a', ROOT]),
      restart: async () => {
        one.handle = start(t, 'redis-server', [conf]);
        await waitFor('redis', () => one.command('PING').then((a) => a === 'PONG', () => false));
      } };
    await one.restart();
    servers.push(one);
  }
  await waitFor('the replica to be whole', async () =>
    /master_link_status:up/.test(await servers[1].command('INFO', 'replication')), 60000);
  for (let i = 0; i < 3; i++) {
    const port = await freePort();
    const conf = path.join(dir, `sentinel${i}.conf`);
    const host = i === 1 ? '::1' : '127.0.0.1';
    fs.writeFileSync(conf, [`port ${port}`, 'bind 127.0.0.1 ::1', `dir ${dir}`,
      'protected-mode no',
      `sentinel monitor ${NAME} 127.0.0.1 ${servers[0].port} 2`,
      `sentinel auth-pass ${NAME} ${ROOT}`,
      `sentinel down-after-milliseconds ${NAME} ${downAfter}`,
      `sentinel failover-timeout ${NAME} 6000`, ''].join('\n'));
    const handle = start(t, 'redis-server', [conf, '--sentinel']);
    sentinels.push({ port, host, handle });
  }
  const ask = (i, ...args) => cli(sentinels[i].port, ['SENTINEL', ...args], sentinels[i].host);
  const knows = async (i) => /num-other-sentinels\n2\n(?:.*\n)*?num-slaves\n1|num-slaves\n1\n(?:.*\n)*?num-other-sentinels\n2/
    .test(await ask(i, 'MASTER', NAME).catch(() => ''));
  for (const i of [0, 1, 2]) await waitFor(`sentinel ${i} to know the others`, () => knows(i), 60000);
  const port = async () => Number((await ask(0, 'GET-MASTER-ADDR-BY-NAME', NAME)).split('\n')[1]);
  return {
    servers, sentinels,
    url: `redis+sentinel://${USER}:${encodeURIComponent(PASSWORD)}@` +
      sentinels.map((s) => `${s.host.includes(':') ? `[${s.host}]` : s.host}:${s.port}`).join(',') +
      `/${NAME}/2`,
    user: USER, password: PASSWORD,
    master: async () => { const at = await port(); return servers.find((s) => s.port === at); },
    /** Asked for: the master steps down and its clients are told. */
    failover: () => ask(0, 'FAILOVER', NAME),
  };
}
