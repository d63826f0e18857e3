// forms.test.mjs: what can be changed without JavaScript, in a real browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFleet } from '../system/lib.mjs';
import { open_page } from './lib.mjs';

const text = (page) => page.textContent('main');

test('logs in, edits, undoes and logs out with JavaScript off', async (t) => {
  const fleet = await startFleet(t, { nodes: 1 });
  const row = (await (await fetch(`${fleet.url}/api/accounts`)).json()).accounts[0];
  const page = await open_page(t, `${fleet.url}/admin`, { javaScriptEnabled: false });
  assert.match(page.url(), /\/admin\/login$/);

  await page.fill('input[name=user]', 'admin');
  await page.fill('input[name=password]', 'not-the-password');
  await page.click('main button');
  assert.match(await text(page), /wrong user or password/);
  await page.fill('input[name=user]', 'admin');
  await page.fill('input[name=password]', fleet.password());
  await page.click('main button');
  assert.match(page.url(), /\/admin\/phases$/);

  await page.goto(`${fleet.url}/admin/phases/${encodeURIComponent(row.server)}/${row.login}`);
  const form = page.url();
  await page.fill('input[name=phase]', 'F1');
  await page.selectOption('select[name=status]', 'active');
  await page.fill('input[name=initial_balance]', '5000.25');
  await page.fill('input[name=holder]', '<b>Zoë & "co"</b>');
  await page.fill('input[name=tags]', 'one, two');
  await page.fill('textarea[name=note]', 'first\nsecond');
  await page.click('main button');
  assert.equal(page.url(), form);
  assert.equal(await page.inputValue('input[name=phase]'), 'F1');
  assert.equal(await page.inputValue('input[name=initial_balance]'), '5000.25');
  assert.equal(await page.inputValue('input[name=holder]'), '<b>Zoë & "co"</b>');
  assert.equal(await page.inputValue('textarea[name=note]'), 'first\nsecond');

  const shown = async () => (await (await fetch(
    `${fleet.url}/api/accounts/${encodeURIComponent(row.server)}/${row.login}`)).json()).phase;
  const deadline = Date.now() + 5000;
  while ((await shown())?.phase !== 'F1' && Date.now() < deadline)
    await new Promise((done) => setTimeout(done, 50));
  assert.deepEqual((await shown()).tags, ['one', 'two']);

  // saved again as it is: nothing new of it in the audit, where phases may at
  // any time say that it took in the rule sets
  const entries = async () => {
    await page.goto(`${fleet.url}/admin/audit`);
    return page.locator('tbody tr', { hasText: row.login }).count();
  };
  const before = await entries();
  assert.ok(before > 0);
  await page.goto(form);
  await page.click('main button');
  assert.equal(await entries(), before);

  await page.locator('tbody tr', { hasText: 'holder' }).getByText('Undo').click();
  assert.match(page.url(), /\/admin\/audit$/);
  await page.goto(form);
  assert.equal(await page.inputValue('input[name=holder]'), '');

  // an old form: what it was made from is no longer there
  const version = await page.getAttribute('input[name=version]', 'value');
  assert.ok(Number(version) > 0);
  const other = await page.context().newPage();
  await other.goto(form);
  await other.fill('input[name=phase]', 'F2');
  await other.click('main button');
  await page.fill('input[name=phase]', 'Q');
  await page.click('main button');
  assert.match(await text(page), /Somebody else has changed this account/);
  assert.equal(await page.inputValue('input[name=phase]'), 'F2');

  await page.click('nav button');
  assert.match(page.url(), /\/admin\/login$/);
  await page.goto(form);
  assert.match(page.url(), /\/admin\/login$/);
  assert.deepEqual(page.errors, []);
});
