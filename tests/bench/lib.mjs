// lib.mjs: what the benches share. A row is one line of JSON on stdout.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

/** One figure; ratio says how many times the one it stands beside. */
export function row(bench, what, value, unit, beside, ratio) {
  const round = (n) => typeof n === 'number' ? Number(n.toPrecision(4)) : n;
  console.log(JSON.stringify({ bench, what, value: round(value), unit,
    ...(beside ? { beside, ratio: round(ratio) } : {}) }));
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
