// ask.mjs: a site is asked as a client does, with whatever certificate it has.
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';

/** {status, headers, body} of a request. */
export function ask(url, { method = 'GET', headers = {}, body, localAddress } = {}) {
  const { protocol } = new URL(url);
  return new Promise((done, fail) => {
    const request = (protocol === 'https:' ? https : http).request(url, { method, localAddress,
      headers: body ? { 'Content-Length': Buffer.byteLength(body), ...headers }
        : headers, rejectUnauthorized: false, agent: false, timeout: 60000 },
    (answer) => {
      let text = '';
      answer.on('data', (d) => { text += d; });
      answer.on('end', () => done({ status: answer.statusCode,
        headers: answer.headers, body: text }));
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', fail);
    request.end(body);
  });
}
/** The status of a WebSocket's handshake. */
export function socket(headers, host, port = 443) {
  return new Promise((done, fail) => {
    const s = tls.connect({ host, port, rejectUnauthorized: false }, () => s.write(
      `GET /ws HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\n` +
      'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGVzdHRlc3R0ZXN0dGVzdA==\r\n' +
      Object.entries(headers).map(([k, v]) => `${k}: ${v}\r\n`).join('') + '\r\n'));
    s.once('data', (d) => { s.destroy(); done(Number(String(d).split(' ')[1])); });
    s.on('error', fail);
    s.setTimeout(60000, () => s.destroy(new Error('no answer')));
  });
}

/** {status, headers, body, cookie} of a log-in at the site. */
export async function logInAt(site, user, password) {
  const r = await ask(`${site}/auth/login`, { method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user, password }) });
  return { ...r, cookie: r.headers['set-cookie']?.[0].split(';')[0] };
}

/** Asks these over and over: {stop()}, which gives the count of each answer. */
export function keepAsking(urls, headers) {
  const answers = {};
  let going = true;
  const asking = (async () => {
    for (let i = 0; going; i++) {
      const url = urls[i % urls.length];
      const r = await ask(url, { headers }).catch((e) => ({ status: e.message }));
      const what = r.status === 200 ? '200' : `${new URL(url).pathname} ${r.status}`;
      answers[what] = (answers[what] ?? 0) + 1;
    }
  })();
  return { stop: async () => { going = false; await asking; return answers; } };
}
