// lib.mjs: what the benches share. A row is one line of JSON on stdout.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { freePort, get, start, waitFor } from '../system/lib.mjs';

/** One figure; ratio says how many times the one it stands beside. */
export function row(bench, what, value, unit, beside, ratio) {
  const round = (n) => typeof n === 'number' ? Number(n.toPrecision(4)) : n;
  console.log(JSON.stringify({ bench, what, value: round(value), unit,
    ...(beside ? { beside, ratio: round(ratio) } : {}) }));
}

/** The same figure for programs: bench.json's member `name`, as "read.cached_vs_peer". */
export function figure(name, value) {
  console.log(JSON.stringify({ figure: name, value: Number(value.toPrecision(4)) }));
}

/** A stand-in for a test's context: what was started ends with end(). */
export function context() {
  const after = [];
  return {
    after: (f) => after.push(f),
    async end() { for (const f of after.reverse()) await f(); },
  };
}

/** Requests a second and latency by wrk, bounded in time. */
export function wrk(url, { seconds = 5, connections = 32, script } = {}) {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency'];
  if (script) args.push('-s', script);
  const text = execFileSync('wrk', [...args, url], { encoding: 'utf8' });
  const bad = text.match(/Non-2xx or 3xx responses: (\d+)/)?.[1];
  if (bad) throw new Error(`${url}: ${bad} answers were errors`);
  return {
    perSecond: Number(text.match(/Requests\/sec:\s+([\d.]+)/)[1]),
    p99: text.match(/99%\s+(\S+)/)[1],
  };
}

/** A program of Python beside ours: Debian's, whatever else is in the PATH. */
export const PYTHON = '/usr/bin/python3';

/** uvicorn with two workers, as many as dashboard.fcgi has: where it listens. */
export async function startUvicorn(t, app, env) {
  const port = await freePort();
  const handle = start(t, PYTHON, ['-m', 'uvicorn', '--port', String(port),
    '--workers', '2', '--log-level', 'warning', '--app-dir', 'tests/bench', app],
  { env });
  const url = `http://127.0.0.1:${port}`;
  await waitFor('uvicorn', async () => {
    if (!handle.running()) throw new Error(handle.output());
    return (await get(`${url}/openapi.json`)).status === 200;
  });
  return url;
}

/** nginx before one folder or one FastCGI program: where it listens. */
export async function startNginx(t, dir, { root, fcgi }) {
  const port = await freePort();
  fs.writeFileSync(path.join(dir, 'nginx.conf'), `worker_processes auto;
pid ${dir}/pid; error_log ${dir}/log; events { worker_connections 4096; }
${process.getuid() === 0 ? 'user root;' : ''}
http { access_log off; client_body_temp_path ${dir}/b; proxy_temp_path ${dir}/p;
fastcgi_temp_path ${dir}/f; uwsgi_temp_path ${dir}/u; scgi_temp_path ${dir}/s;
default_type application/json;
server { listen 127.0.0.1:${port}; ${fcgi ? `location / {
  fastcgi_buffers 32 16k; fastcgi_param REQUEST_METHOD GET;
  fastcgi_param REQUEST_URI $request_uri; fastcgi_param REMOTE_ADDR 127.0.0.1;
  fastcgi_pass unix:${fcgi}; }` : `root ${root};`} } }`);
  const handle = start(t, 'nginx', ['-e', `${dir}/log`, '-c', `${dir}/nginx.conf`,
    '-g', 'daemon off;']);
  await waitFor('nginx', () => {
    if (!handle.running()) throw new Error(handle.output());
    return fs.existsSync(`${dir}/pid`);
  });
  return `http://127.0.0.1:${port}`;
}

/** Proportional set size in KB, of one process. */
export function pss(pid) {
  const text = fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(text.match(/^Pss:\s+(\d+)/m)[1]);
}

/** CPU seconds a process has used. */
export function cpu(pid) {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
