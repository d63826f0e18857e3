// resp.mjs: Redis for the tests: commands as arrays over a Unix socket.
import net from 'node:net';

const encode = (args) => `*${args.length}\r\n` + args.map((a) =>
  `$${Buffer.byteLength(String(a))}\r\n${a}\r\n`).join('');

/** What Redis itself answered. */
export class RedisError extends Error {}

/** One value of buf at offset at: [value, next], or null: not all is there. */
function decode(buf, at) {
  const end = buf.indexOf('\r\n', at);
  if (end === -1) return null;
  const line = buf.toString('utf8', at + 1, end), n = Number(line);
  let next = end + 2;
  switch (String.fromCharCode(buf[at])) {
    case '+': return [line, next];
    case '-': return [new RedisError(line), next];
    case ':': return [n, next];
    case '$':
      if (n === -1) return [null, next];
      if (buf.length < next + n + 2) return null;
      return [buf.toString('utf8', next, next + n), next + n + 2];
    default: {
      const list = [];
      for (let i = 0; i < n; i++) {
        const item = decode(buf, next);
        if (item === null) return null;
        list.push(item[0]);
        next = item[1];
      }
      return [n === -1 ? null : list, next];
    }
  }
}

/** {command(...), end()}: command gives a promise of the answer. */
export function openRedis(path) {
  const socket = net.connect({ path });
  const waiting = [];
  let rest = Buffer.alloc(0);
  const fail = () => {
    for (const { fail: f } of waiting.splice(0)) f(new Error('redis is away'));
  };
  socket.on('error', fail);
  socket.on('close', fail);
  socket.on('data', (data) => {
    rest = Buffer.concat([rest, data]);
    for (let item; (item = decode(rest, 0)); ) {
      rest = rest.subarray(item[1]);
      const { done, fail: f } = waiting.shift();
      if (item[0] instanceof Error) f(item[0]);
      else done(item[0]);
    }
  });
  return {
    command: (...args) => new Promise((done, f) => {
      if (socket.destroyed) return f(new Error('redis is away'));
      waiting.push({ done, fail: f });
      socket.write(encode(args));
    }),
    end: () => socket.destroy(),
  };
}
