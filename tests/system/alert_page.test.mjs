// alert_page.test.mjs: the page of targets: who sees what, a test message, and
// alerts.json saved, whole or not at all.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { command, logIn, startFleet } from './lib.mjs';
import { startService } from './alerts_lib.mjs';

const unescape = (html) => html.replace(/&quot;/g, '"').replace(/&lt;/g, '<')
  .replace(/&gt;/g, '>').replace(/&#39;/g, "'").replace(/&amp;/g, '&');

test('the page of targets', { timeout: 240000 }, async (t) => {
  const s = await startService(t);
  const fleet = await startFleet(t, { nodes: 1, env: { DASHBOARD_AUTH: 'required' } });
  command(fleet, ['passwd', '--role', 'viewer', 'ada'], 'correct horse 1\n');
  const viewer = await logIn(fleet, 'ada', 'correct horse 1');
  const admin = await logIn(fleet, 'admin', fleet.password());
  const url = `${fleet.url}/admin/alerts`;
  const page = async (headers) => (await fetch(url, { headers })).text();
  const post = async (fields) => {
    const html = await page(admin);
    const [, csrf] = /name="csrf" value="([^"]*)"/.exec(html);
    const [, digest] = /name="digest" value="([^"]*)"/.exec(html);
    const res = await fetch(url, { method: 'POST', redirect: 'manual', headers: {
      Cookie: admin.Cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrf, digest, ...fields }) });
    return { status: res.status, text: await res.text() };
  };
  assert.match(await page(admin), /Nobody is told of alerts yet/);
  const doc = `{"targets":[\r\n{"name":"desk","type":"slack","url":"${s.url}/s3cr3t-path"}]}\r\n`;
  const saved = await post({ do: 'save', json: doc });
  assert.equal(saved.status, 303, saved.text);
  const html = await page(admin);
  assert.match(html, /<td>desk<\/td><td>slack<\/td><td>http:\/\/127\.0\.0\.1:\d+\/…<\/td><td>nothing sent yet/);
  const area = /<textarea[^>]*>\n?([\s\S]*?)<\/textarea>/.exec(html)[1];
  assert.equal(unescape(area), doc.replaceAll('\r', ''));
  const seen = await page(viewer);
  assert.match(seen, /<td>desk<\/td>/);
  assert.ok(!/s3cr3t|textarea|Send a test/.test(seen), 'not for a viewer');

  const took = await post({ do: 'test', target: 'desk' });
  assert.match(took.text, /desk took the test message/);
  assert.match(JSON.parse(s.got[0].text).text, /^test: /);
  s.answers['/s3cr3t'] = [404, {}, 'no_team at s3cr3t-path'];
  const refused = await post({ do: 'test', target: 'desk' });
  assert.equal(refused.status, 502);
  assert.match(refused.text, /desk did not take it: HTTP 404: no_team at \*\*\*; that will not heal/);
  assert.equal((await post({ do: 'test', target: 'none' })).status, 404);

  // what is wrong is said, what was typed stays, the file is as it was
  const wrong = await post({ do: 'save', json: '{"targets":[{"name":"<b>","type":"x"}]}' });
  assert.equal(wrong.status, 400);
  assert.match(wrong.text, /targets\[0\]\.type: expected webhook, .*not &quot;x&quot;/);
  assert.match(wrong.text, /&quot;&lt;b&gt;&quot;/);
  assert.equal((await post({ do: 'save', json: '[1]' })).status, 400);
  const late = await post({ do: 'save', json: '{"targets":[]}', digest: 'of before' });
  assert.equal(late.status, 409);
  assert.match(late.text, /somebody else changed the file/);
  assert.match(await page(admin), /<td>desk<\/td>/);
  const file = fs.readdirSync(fleet.state, { recursive: true })
    .find((f) => path.basename(String(f)) === 'alerts.json');
  assert.equal(fs.statSync(path.join(fleet.state, String(file))).mode & 0o007, 0,
    'not for all to read');
});
