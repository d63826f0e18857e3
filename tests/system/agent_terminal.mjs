// agent_terminal.mjs: a terminal that an agent starts and watches.
// Three pairs: both of Linux; with AGENT_EXE both of Windows, in Wine; with
// TERMINAL_EXE the agent of Linux and a terminal in Wine (tests/windows/).
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { AGENT_EXE, TERMINAL, agentPath, get, spawnProgram, startAgent, stop, tmp,
  waitFor } from './lib.mjs';

export const TERMINAL_EXE = process.env.TERMINAL_EXE ?? '';
const IN_WINE = Boolean(AGENT_EXE || TERMINAL_EXE);
const PROGRAM = IN_WINE ? 'mt5/terminal64.exe' : 'mt5/terminal64';
export const PASSWORD = 'pässword-of-the-investor-€';

/** A path as the terminal has to be told it. */
export const terminalPath = (p) => !TERMINAL_EXE ? agentPath(p)
  : p.replace(/^.*\/drive_c\//, 'C:/').replaceAll('/', '\\');

/** Starts the terminal as a person would, or LiveUpdate. */
export const startTerminal = (program, args, options) => TERMINAL_EXE
  ? spawn('wine', [terminalPath(program), ...args], options)
  : spawnProgram(program, args, options);

/** The program that a process runs, as its own system has it. */
const shown = (pid) => IN_WINE
  ? fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0].trim()
  : fs.readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '');

/** Ends a process that may have ended already. */
export function end(pid) {
  try { process.kill(pid, 'SIGKILL'); } catch { /* it had */ }
}

/** A folder for a terminal; in Wine it is on the drive C: of a prefix. */
const folder = (prefix) => !TERMINAL_EXE ? tmp(null)
  : fs.mkdtempSync(path.join(prefix, 'drive_c/mt5fleet-'));

/** A portable terminal in its folder, and what the agent has to know of it. */
export function install(t, { sim = '', env = {}, right = PASSWORD,
  dir = folder(process.env.WINEPREFIX) } = {}) {
  const file = (name) => path.join(dir, name);
  const own = (name) => terminalPath(file(name));
  for (const d of ['common', 'mt5']) fs.mkdirSync(file(d));
  fs.copyFileSync(TERMINAL_EXE || TERMINAL, file(PROGRAM));
  fs.chmodSync(file(PROGRAM), 0o755);
  fs.writeFileSync(file('control'), '');
  fs.writeFileSync(file('right'), `${right}\n`);
  const box = {
    dir, common: file('common'), program: fs.realpathSync(file(PROGRAM)),
    ini: file('mt5/mt5fleet-start.ini'),
    control: (line) => fs.appendFileSync(file('control'), `${line}\n`),
    env: { MT5_TERMINAL_PATH: file(PROGRAM), MT5_LOGIN: '7001',
      MT5_PASSWORD: PASSWORD, MT5_SERVER: 'Super-Live', AGENT_SILENT: '2',
      MT5FLEET_SIM_ARGS: `--common ${own('common')} --control ${own('control')}` +
        ` --password-file ${own('right')} --rate 0 --deals 5 --quiet ${sim}`,
      ...env },
  };
  /** The pids that run the program. */
  box.pids = () => fs.readdirSync('/proc').filter((p) => {
    try {
      return /^\d+$/.test(p) &&
        [box.program, terminalPath(box.program)].includes(shown(p));
    } catch { return false; }
  }).map(Number);
  /** The pids of its agents and of their guards. */
  box.guarded = () => fs.readdirSync('/proc').filter((pid) => {
    try {
      const text = (name) => fs.readFileSync(`/proc/${pid}/${name}`, 'utf8');
      return /^\d+$/.test(pid) && text('cmdline').includes('mt5fleet-agent') &&
        (text('environ') + text('cmdline')).includes(path.basename(dir));
    } catch { return false; }
  }).map(Number);
  box.agents = [];
  box.start = async (env = box.env) => {
    const agent = await startAgent(null, box.common, env);
    box.agents.push(agent.handle);
    return agent;
  };
  // an agent leaves its terminal behind: first the one, then the other
  t.after(async () => {
    await Promise.all(box.agents.map(stop));
    for (const pid of [...box.pids(), ...box.guarded()]) end(pid);
    fs.rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  });
  return box;
}

export const events = async (agent) => (await get(`${agent.url}/events`)).json;
export const kinds = async (agent) => (await events(agent)).events.map((e) => e.kind);
export const waitKind = (agent, kind, ms = 30000) => waitFor(kind, async () =>
  (await kinds(agent)).includes(kind), ms);
export const post = (agent, p) => get(agent.url + p, { method: 'POST' });

/** The bridge of the running terminal has written n more snapshots, and the
 * agent, which looks at the terminal as often, has read them. */
export async function writes(agent, n = 3) {
  const seq = async () => Number((await get(`${agent.url}/snapshot`))
    .json.terminals[0].snapshot.seq);
  const before = await seq();
  await waitFor(`${n} more snapshots`, async () => await seq() >= before + n);
}
