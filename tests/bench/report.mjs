// report.mjs OUT [ROUND…]: the medians of several rounds of benches as
// bench.json: {at, machine, rounds, rows, read: {…}, sweep: {…}, …}. A ROUND is a
// file with the lines that lib.mjs prints. What got 10 % worse than OUT says
// from last time is marked, and told on stderr.
import fs from 'node:fs';
import os from 'node:os';

const HIGHER = /\/s|^deals$|^%$/; // units of which more is better; else less
const HIGHER_FIGURES = /_vs_static|_vs_peer|deals_per_s/;
const LESS_ALL_THE_SAME = /fanout_cpu_vs_peer/;
const WORSE = 0.1;

const [out, ...files] = process.argv.slice(2);
const rounds = files.map((file) => fs.readFileSync(file, 'utf8').trim().split('\n')
  .filter(Boolean).map((line) => JSON.parse(line)));
let before = { rows: [], figures: {} };
try {
  before = JSON.parse(fs.readFileSync(out, 'utf8'));
} catch { /* the first time */ }

const median = (list) => [...list].sort((a, b) => a - b)[(list.length - 1) >> 1];
const is_worse = (now, then, higher) => Number.isFinite(then) && then > 0 &&
  (higher ? now < then * (1 - WORSE) : now > then * (1 + WORSE));

/** The same line of each round, one by one. */
function gather(key) {
  const all = new Map();
  for (const round of rounds)
    for (const line of round)
      if (key(line)) all.set(key(line), [...(all.get(key(line)) ?? []), line]);
  return all;
}

const doc = { at: new Date().toISOString(), machine: `${os.cpus().length} cores`,
  rounds: rounds.length, rows: [] };
const told = [];
for (const [key, lines] of gather((l) => l.bench && `${l.bench}\t${l.what}`)) {
  const values = lines.map((l) => l.value);
  const row = { ...lines[0], value: median(values) };
  if (lines[0].ratio !== undefined) row.ratio = median(lines.map((l) => l.ratio));
  if (lines.length > 1) row.spread = [Math.min(...values), Math.max(...values)];
  const then = before.rows?.find((r) => `${r.bench}\t${r.what}` === key)?.value;
  if (is_worse(row.value, then, HIGHER.test(row.unit))) {
    row.worse_than = then;
    told.push(`${row.bench}: ${row.what}: ${row.value} ${row.unit}, was ${then}`);
  }
  doc.rows.push(row);
}
for (const [name, lines] of gather((l) => l.figure)) {
  const [group, member] = name.split('.');
  const value = median(lines.map((l) => l.value));
  const then = before[group]?.[member];
  doc[group] = { ...doc[group], [member]: value };
  const higher = HIGHER_FIGURES.test(name) && !LESS_ALL_THE_SAME.test(name);
  if (is_worse(value, then, higher)) told.push(`${name}: ${value}, was ${then}`);
}
fs.writeFileSync(out, `${JSON.stringify(doc, null, 1)}\n`);
for (const line of told) console.error(`10 % worse than last time: ${line}`);
