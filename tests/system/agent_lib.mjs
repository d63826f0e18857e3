// agent_lib.mjs: mailbox files made by hand, and a client that takes its time.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import zlib from 'node:zlib';

import { get, waitFor } from './lib.mjs';

/** A body in its envelope. */
export function seal(body) {
  const bytes = Buffer.from(body);
  const crc = zlib.crc32 ? zlib.crc32(bytes) : crc32(bytes);
  const line = `\n#${bytes.length} ${crc.toString(16).padStart(8, '0')}\n`;
  return Buffer.concat([bytes, Buffer.from(line)]);
}

const table = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n >>> 0;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const b of bytes) crc = table[(crc ^ b) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

export const ID = '0123456789abcdef';

/** A snapshot as a bridge writes it; over replaces members. */
export const snapshot = (over = {}) => ({
  v: 1, kind: 'snapshot', terminal_id: ID,
  bridge: { version: 'hand', program: 'service', session: 'hand' },
  seq: 1, rev: 1, gmt_msc: 1, trade_server_msc: 1, broker_offset_s: 10800,
  clock_moving: true,
  account: { login: '52001001', server: 'Hand-Live', trade_allowed: true,
    trade_expert: true, balance: 6047.22 },
  terminal: { connected: true, trade_allowed: true, build: 5200, ping_last: 31 },
  positions: [], orders: [], equity: {},
  history: { deals: 0, complete: true }, ...over });

export const folder = (common, id = ID) => path.join(common, 'mt5fleet', id);

/** Writes a mailbox file as the bridge does: another name, then rename. */
export function put(common, bytes, { id = ID, name = 'snapshot.json' } = {}) {
  const dir = folder(common, id);
  fs.mkdirSync(dir, { recursive: true });
  fs.writeFileSync(path.join(dir, `${name}.tmp`), bytes);
  fs.renameSync(path.join(dir, `${name}.tmp`), path.join(dir, name));
}

export const putSnapshot = (common, over = {}) =>
  put(common, seal(JSON.stringify(snapshot(over))),
    { id: over.terminal_id ?? ID });

/** The one terminal of /mt5/status, or that of the id. */
export async function terminal(agent, id, options) {
  const { json } = await get(`${agent.url}/mt5/status`, options);
  return id ? json.terminals.find((t) => t.terminal_id === id)
    : json.terminals[0];
}

export const waitStatus = (agent, status, ms) => waitFor(status,
  async () => (await terminal(agent))?.status === status, ms);

/** A raw TCP client: {write, closed: promise, text(), end()}. */
export function raw(t, port, localAddress) {
  const socket = net.connect({ port, host: '127.0.0.1', localAddress });
  let text = '';
  socket.on('data', (data) => { text += data; });
  socket.on('error', () => {});
  t.after(() => socket.destroy());
  const closed = new Promise((done) => socket.on('close', done));
  return { socket, closed, text: () => text, write: (s) => socket.write(s) };
}

/** CPU ticks and resident bytes of a process. */
export function usage(pid) {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  return { cpu_ms: (Number(stat[13]) + Number(stat[14])) * 10,
    rss: Number(status.match(/VmRSS:\s+(\d+)/)[1]) * 1024 };
}
