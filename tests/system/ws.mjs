// ws.mjs: a WebSocket client (RFC 6455) for the tests: small, and slow or
// rude where a test wants it so.
import crypto from 'node:crypto';
import net from 'node:net';

/** A masked frame; opcode 1 text, 2 binary, 8 close, 9 ping, 10 pong. */
export function frame(opcode, payload, { fin = true } = {}) {
  const data = Buffer.from(payload);
  const head = [(fin ? 0x80 : 0) | opcode];
  if (data.length < 126) head.push(0x80 | data.length);
  else if (data.length < 65536)
    head.push(0x80 | 126, data.length >> 8, data.length & 255);
  else {
    const n = Buffer.alloc(8);
    n.writeBigUInt64BE(BigInt(data.length));
    head.push(0x80 | 127, ...n);
  }
  const mask = crypto.randomBytes(4);
  for (let i = 0; i < data.length; i++) data[i] ^= mask[i & 3];
  return Buffer.concat([Buffer.from(head), mask, data]);
}

/**
 * Opens `at` ({path} of a Unix socket, or {port}) and asks for `url`. Gives
 * {send, sendRaw, close, socket, closed}; every message goes to on.message(),
 * the end to on.close(code). Rejects where the handshake is refused, with
 * error.status. read: false never reads what comes after the handshake.
 */
export function connect(at, url, on = {}, { headers = {}, read = true } = {}) {
  return new Promise((done, fail) => {
    const socket = net.connect(at);
    const key = crypto.randomBytes(16).toString('base64');
    let rest = Buffer.alloc(0), open = false, code = 1006, parts = [], ended;
    const ws = {
      socket,
      send: (message) => socket.write(frame(1, typeof message === 'string' ?
        message : JSON.stringify(message))),
      sendRaw: (bytes) => socket.write(bytes),
      /** Without a word, as when a machine dies. */
      drop: () => socket.destroy(),
      close: () => { socket.write(frame(8, [0x03, 0xe8])); },
      closed: new Promise((resolve) => { ended = resolve; }),
    };
    socket.setNoDelay(true);
    socket.on('connect', () => socket.write([`GET ${url} HTTP/1.1`,
      'Host: 127.0.0.1', 'Upgrade: websocket', 'Connection: Upgrade',
      `Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Version: 13',
      ...Object.entries(headers).map(([k, v]) => `${k}: ${v}`),
      '', ''].join('\r\n')));
    socket.on('error', (error) => { if (!open) fail(error); });
    socket.on('close', () => {
      if (!open) fail(new Error('closed before the handshake'));
      ended(code);
      if (open) on.close?.(code);
    });
    socket.on('data', (data) => {
      rest = rest.length ? Buffer.concat([rest, data]) : data;
      if (!open && !handshake()) return;
      while (takeFrame());
    });

    function handshake() {
      const end = rest.indexOf('\r\n\r\n');
      if (end === -1) return false;
      const head = rest.subarray(0, end).toString('latin1');
      const accept = crypto.createHash('sha1')
        .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      if (!/^HTTP\/1\.1 101 /.test(head) || !head.includes(accept)) {
        const error = new Error(rest.toString('utf8'));
        error.status = Number(head.match(/^HTTP\/1\.\d (\d+)/)?.[1]);
        fail(error);
        socket.destroy();
        return false;
      }
      rest = rest.subarray(end + 4);
      open = true;
      if (!read) socket.pause();
      done(ws);
      return true;
    }

    function takeFrame() {
      if (rest.length < 2) return false;
      let length = rest[1] & 127, at = 2;
      if (length === 126) {
        if (rest.length < 4) return false;
        length = rest.readUInt16BE(2), at = 4;
      } else if (length === 127) {
        if (rest.length < 10) return false;
        length = Number(rest.readBigUInt64BE(2)), at = 10;
      }
      if (rest.length < at + length) return false;
      const opcode = rest[0] & 15, fin = rest[0] & 128;
      const payload = rest.subarray(at, at + length);
      rest = rest.subarray(at + length);
      if (opcode === 9) socket.write(frame(10, payload));
      else if (opcode === 8) {
        code = length >= 2 ? payload.readUInt16BE(0) : 1005;
        socket.end(frame(8, payload));
      } else if (opcode < 3) {
        parts.push(payload);
        if (fin) {
          const text = Buffer.concat(parts).toString('utf8');
          parts = [];
          on.message?.(JSON.parse(text), text);
        }
      }
      return true;
    }
  });
}
