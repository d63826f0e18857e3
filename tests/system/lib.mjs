// lib.mjs: what the system tests share. Real processes, free ports, one
// temporary folder a test; everything started is ended, by pid.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { openRedis, RedisError } from './resp.mjs';

export const BUILD = path.resolve(process.env.BUILD ?? 'build');
export const bin = (name) => path.join(BUILD, 'bin', name);
export const TREE = process.cwd();

const recordings = path.resolve(
  process.env.RECORDINGS ?? '../shared/data/recordings');
/** The folder of real recordings, or null where they are not. */
export const RECORDINGS = fs.existsSync(recordings) ? recordings : null;

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Waits until check() is truthy and returns that; throws after ms. */
export async function waitFor(what, check, ms = 20000) {
  const deadline = Date.now() + ms;
  let last;
  for (;;) {
    try {
      const value = await check();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline)
      throw new Error(`waited ${ms} ms for ${what}${last ? `: ${last}` : ''}`);
    await sleep(25);
  }
}

export function freePort() {
  return new Promise((done, fail) => {
    const server = net.createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

const endings = new WeakMap();

/** f runs when the test t ends; what came last goes first. */
export function atEnd(t, f) {
  if (!t) return;
  if (!endings.has(t)) {
    const list = [];
    endings.set(t, list);
    t.after(async () => {
      for (const end of list.reverse()) await end();
    });
  }
  endings.get(t).push(f);
}

/** A folder that is removed when the test t ends. */
export function tmp(t, prefix = 'mt5fleet-') {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), prefix));
  atEnd(t, () => fs.rmSync(dir, { recursive: true, force: true, maxRetries: 20 }));
  return dir;
}

/**
 * Starts a program; it is ended with the test t. The result has pid, the
 * text it printed (output()), exited (a promise of {code, signal}), kill().
 */
export function start(t, command, args = [], options = {}) {
  const { env = {}, ...rest } = options;
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...rest,
  });
  let text = '', stdout = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data) => { text = (text + data).slice(-200000); });
  child.stdout?.on('data', (data) => { stdout = (stdout + data).slice(-200000); });
  // what it printed last may come after its end; a child of its own that still
  // runs may keep the pipe open
  const closed = once(child, 'close');
  const exited = once(child, 'exit').then(async ([code, signal]) => {
    let late;
    await Promise.race([closed,
      new Promise((done) => { late = setTimeout(done, 1000); })]);
    clearTimeout(late);
    return { code, signal, output: text, stdout };
  });
  const handle = {
    pid: child.pid,
    child,
    exited,
    output: () => text,
    running: () => child.exitCode === null && child.signalCode === null,
    kill(signal = 'SIGTERM') {
      if (handle.running()) child.kill(signal);
      return exited;
    },
  };
  atEnd(t, () => stop(handle));
  return handle;
}

/** TERM, and KILL to what has not ended after 8 s. */
export async function stop(handle) {
  if (!handle.running()) return;
  handle.child.kill('SIGCONT');
  handle.child.kill('SIGTERM');
  const late = setTimeout(() => handle.child.kill('SIGKILL'), 8000);
  await handle.exited;
  clearTimeout(late);
}

/** Runs a program to its end: {code, signal, output}. */
export function run(t, command, args = [], options = {}) {
  return start(t, command, args, options).exited;
}

/** One command, its answer as the text that redis-cli prints. */
export async function redisText(socket, ...args) {
  const redis = openRedis(socket);
  const lines = (v) => Array.isArray(v) ? v.flatMap(lines) : [v ?? ''];
  try {
    return lines(await redis.command(...args)).join('\n').trimEnd();
  } catch (error) {
    if (error instanceof RedisError) return error.message;
    throw error;
  } finally {
    redis.end();
  }
}

/**
 * Each program's own user, as an installed one has them (docs/redis.md), and the
 * tests' own, who may do all: {file, folder of their passwords}.
 */
export function redisUsers(dir) {
  const folder = path.join(dir, 'redis-users'), file = path.join(dir, 'users.acl');
  const r = spawnSync(bin('mt5fleet'), ['redis', 'users'], { encoding: 'utf8',
    env: { ...process.env, MT5FLEET_CONFIG: '', REDIS_USERS: folder } });
  if (r.status !== 0) throw new Error(r.stderr);
  fs.writeFileSync(file, `user default on nopass ~* &* +@all\n${r.stdout}`);
  return { file, folder };
}

/**
 * A private Redis on a Unix socket: {socket, url, env, handle, restart()}. By url
 * who asks may do all; by the settings of env each program logs in as its own user.
 * It keeps nothing over a restart where its arguments do not say so.
 */
export async function startRedis(t, dir = tmp(t), args = []) {
  const socket = path.join(dir, 'redis.sock');
  const redis = { socket, url: `unix:${socket}`, dir };
  const users = redisUsers(dir);
  redis.env = { REDIS_URL: redis.url, REDIS_USERS: users.folder };
  redis.restart = async () => {
    redis.handle = start(t, 'redis-server', ['--port', '0', '--unixsocket',
      socket, '--save', '', '--appendonly', 'no', '--dir', dir,
      '--aclfile', users.file, ...args]);
    await waitFor('redis', () => redis.command('PING').then((a) => a === 'PONG'));
  };
  redis.command = (...args) => redisText(socket, ...args);
  await redis.restart();
  return redis;
}

/**
 * A simulated terminal: {common, data, control(line), handle}. source is
 * ['--recording', dir] or ['--seed', n, …].
 */
export function startTerminal(t, dir, source, common = path.join(dir, 'common')) {
  const data = path.join(dir, 'data');
  const control = path.join(dir, 'control');
  for (const d of [common, data]) fs.mkdirSync(d, { recursive: true });
  fs.writeFileSync(control, '');
  const handle = start(t, bin('terminal'), ['--common', common, '--data', data,
    '--control', control, ...source.map(String)]);
  return {
    common, data, dir, handle,
    control: (line) => fs.appendFileSync(control, `${line}\n`),
  };
}

/** agent.exe, where the agent is to be that one, under Wine. */
export const AGENT_EXE = process.env.AGENT_EXE ?? '';
const WINE = process.env.WINE ?? '/usr/lib/wine/wine64';

/** A path, or several with : between them, as the agent has to be told it. */
export const agentPath = (p) => !AGENT_EXE ? p
  : p.split(':').map((one) => `Z:${one.replaceAll('/', '\\')}`).join(';');

/** The simulated terminal as a program that the agent can start. */
export const TERMINAL = AGENT_EXE
  ? path.join(path.dirname(AGENT_EXE), 'terminal64.exe') : bin('terminal');

/** Starts a program of the agent's system: under Wine where that is Windows. */
export function spawnProgram(program, args, options) {
  return AGENT_EXE ? spawn(WINE, [program, ...args], options)
    : spawn(program, args, options);
}

const isPath = (v) => typeof v === 'string' && v.startsWith('/');

/** The agent, started with these arguments and settings. Paths in them are
 * translated; SIGTERM is a Ctrl-C where Windows knows no SIGTERM. */
export function startAgentProgram(t, args = [], env = {}) {
  if (!AGENT_EXE) return start(t, bin('mt5fleet-agent'), args, { env });
  const translated = Object.fromEntries(Object.entries(env)
    .map(([name, v]) => [name, isPath(v) ? agentPath(v) : v]));
  const handle = start(t, WINE, [AGENT_EXE,
    ...args.map((v) => isPath(v) ? agentPath(v) : v)], { env: translated });
  const { child } = handle, kill = child.kill.bind(child);
  child.kill = (signal) => kill(signal === 'SIGTERM' ? 'SIGINT' : signal);
  return handle;
}

/** An agent on a free port: {url, port, handle}. Same port when given. */
export async function startAgent(t, common, env = {}) {
  const handle = startAgentProgram(t, [], { AGENT_NAME: 'test',
    AGENT_HOST: '127.0.0.1', AGENT_PORT: '0', AGENT_COMMON: common, ...env });
  const port = await waitFor('the agent\'s port', () => {
    if (!handle.running()) throw new Error(handle.output());
    return handle.output().match(/listening on \S*?:(\d+)/)?.[1];
  });
  return { handle, port: Number(port), url: `http://127.0.0.1:${port}` };
}

/** GET, parsed: {status, headers, text, json}. */
export async function get(url, options = {}) {
  const answer = await fetch(url,
    { signal: AbortSignal.timeout(options.timeout ?? 20000), ...options });
  const text = await answer.text();
  let json = null;
  try { json = JSON.parse(text); } catch { /* not JSON: json stays null */ }
  return { status: answer.status, headers: answer.headers, text, json };
}

/**
 * The whole system as `make run` starts it. Returns {url, state, pid(name),
 * control(node, line), handle}. options: nodes, recordings, env.
 */
export async function startFleet(t, { nodes = 3, recordings = '', env = {} } = {}) {
  const state = tmp(t, 'mt5f-');
  const port = await freePort();
  const handle = start(t, path.join(TREE, 'bin/run'), [], {
    env: { PORT: String(port), NODES: String(nodes), STATE: state,
      RECORDINGS: recordings, BUILD, ...env },
  });
  await waitFor('ready', () => {
    if (!handle.running()) throw new Error(handle.output());
    return handle.output().includes('ready: ');
  }, 120000);
  return {
    url: `http://127.0.0.1:${port}${env.SITE_PATH ?? ''}`, port, state, handle,
    socket: path.join(state, 'redis.sock'),
    pid: (name) => Number(fs.readFileSync(path.join(state, 'pid', name), 'utf8')),
    control: (node, line) => fs.appendFileSync(
      path.join(state, 'nodes', node, 'control'), `${line}\n`),
    password: () => fs.readFileSync(path.join(state, 'admin-password'), 'utf8').trim(),
  };
}

/** What `mt5fleet args` prints for that fleet; input is typed into it. */
export function command(fleet, args, input = '') {
  const { status, stdout, stderr } = spawnSync(bin('mt5fleet'), args, { input,
    encoding: 'utf8', env: { ...process.env,
      MT5FLEET_CONFIG: path.join(fleet.state, 'mt5fleet.env') } });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

/** The headers of a new session there. */
export async function logIn(fleet, user = 'admin', password = fleet.password()) {
  const res = await fetch(`${fleet.url}/auth/login`, { method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user, password }) });
  assert.equal(res.status, 200);
  const [cookie] = res.headers.getSetCookie();
  return { Cookie: cookie.split(';')[0], 'X-CSRF-Token': (await res.json()).csrf };
}

/** CSV (RFC 4180) to a list of objects by the header's names. */
export function parseCsv(text) {
  const rows = [];
  let row = [], cell = '', quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') { cell += '"'; i++; }
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ',') { row.push(cell); cell = ''; }
    else if (c === '\n') { row.push(cell); rows.push(row); row = []; cell = ''; }
    else if (c !== '\r') cell += c;
  }
  if (cell !== '' || row.length > 0) { row.push(cell); rows.push(row); }
  const [head, ...body] = rows;
  return body.map((r) => Object.fromEntries(head.map((h, i) => [h, r[i]])));
}
