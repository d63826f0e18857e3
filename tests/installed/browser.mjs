// browser.mjs: a real Chromium at the installed site: the page, a log-in, the
// WebSocket, an edit; and a TLS proxy in front of a site.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { until } from './machine.mjs';

/**
 * As a person would: logs in at site, sees the account, has it live, and gives it
 * that phase. Every address that the page asks for has to be below site.
 */
export async function browse(site, { user, password, phase }) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'mt5fleet-chromium-'));
  const context = await chromium.launchPersistentContext(dir, {
    executablePath: '/usr/bin/chromium', ignoreHTTPSErrors: true,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  try {
    context.setDefaultTimeout(60000);
    const page = context.pages()[0] ?? await context.newPage();
    const asked = [], frames = [], broken = [];
    page.on('request', (r) => asked.push(r.url()));
    page.on('websocket', (s) => {
      asked.push(s.url());
      s.on('framereceived', (f) => frames.push(String(f.payload)));
    });
    page.on('pageerror', (e) => broken.push(String(e)));
    await page.goto(`${site}/`);
    await page.getByRole('button', { name: 'Log in' }).first().click();
    await page.fill('input[name=user]', user);
    await page.fill('input[name=password]', password);
    await page.click('dialog .main');
    // a node without an account has a row, too
    const key = await until('an account\'s row', async () => (await page.$$eval('tr[data-key]',
      (rows) => rows.map((r) => r.dataset.key))).find((k) => /^.+\/\d+$/.test(k)), 150000);
    await until('a live frame', () => frames.length > 0);
    const [server, login] = key.split('/');
    await page.goto(`${site}/#/a/${encodeURIComponent(server)}/${login}/phases`);
    await page.click('text=Edit…');
    await page.fill('form.edit input[name=phase]', phase);
    await page.click('form.edit .main');
    await page.locator(`tr[data-key="${key}"] td.c-phase b`, { hasText: phase }).waitFor();
    const cookie = (await context.cookies()).find((c) => c.name.endsWith('mt5fleet'));
    assert.ok(cookie.secure && cookie.httpOnly);
    const { host, pathname } = new URL(site);
    for (const url of asked) {
      const u = new URL(url);
      assert.ok(u.host === host && u.pathname.startsWith(pathname.replace(/\/?$/, '/')), url);
    }
    assert.deepEqual(broken, []);
    return cookie;
  } finally {
    await context.close();
    fs.rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** https at host:443, passed on to http at target with what a proxy says. */
export async function startTlsProxy(host, target, { key, cert }) {
  const headers = (req) => ({ ...req.headers, 'x-forwarded-proto': 'https',
    'x-forwarded-for': req.socket.remoteAddress.replace('::ffff:', '') });
  const server = https.createServer({ key, cert }, (req, res) => {
    const on = http.request({ host: target, port: 80, localAddress: host, path: req.url,
      method: req.method, headers: headers(req) }, (answer) => {
      res.writeHead(answer.statusCode, answer.headers);
      answer.pipe(res);
    });
    on.on('error', () => res.destroy());
    req.pipe(on);
  });
  server.on('upgrade', (req, socket, head) => {
    const on = net.connect({ host: target, port: 80, localAddress: host }, () => {
      on.write(`${req.method} ${req.url} HTTP/1.1\r\n` + Object.entries(headers(req))
        .map(([k, v]) => `${k}: ${v}\r\n`).join('') + '\r\n');
      on.write(head);
      socket.pipe(on).pipe(socket);
    });
    for (const s of [on, socket]) s.on('error', () => { on.destroy(); socket.destroy(); });
  });
  await new Promise((done) => server.listen(443, host, done));
  return { stop: () => { server.closeAllConnections(); server.close(); } };
}
