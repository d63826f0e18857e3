// wine_prefix.test.mjs: which terminal in Wine is the agent's, and which is not.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { run, sleep, tmp, waitFor } from '../system/lib.mjs';
import { terminal, waitStatus } from '../system/agent_lib.mjs';
import { events, install, kinds, post, terminalPath }
  from '../system/agent_terminal.mjs';

/** Starts the box's terminal as a person does: the name by which it is known. */
function startByHand(t, box, command, env = {}) {
  const child = spawn('wine', command, { stdio: 'ignore', env: { ...process.env,
    MT5FLEET_SIM_ARGS: `${box.env.MT5FLEET_SIM_ARGS} --login 7001` +
      ' --server Super-Live', ...env }, cwd: path.dirname(box.program) });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

const mapsIt = (pid, box) =>
  fs.readFileSync(`/proc/${pid}/maps`, 'utf8').includes(box.program);

for (const [what, words] of [
  ['its Windows path', (box) => [terminalPath(box.program), '/portable']],
  ['its name alone', () => ['terminal64', '/portable']],
  ['start', (box) => ['start', '/unix', box.program, '/portable']]])
  test(`a terminal that a person started by ${what} is found`, async (t) => {
    const box = install(t);
    startByHand(t, box, words(box));
    await waitFor('its snapshot', () =>
      fs.existsSync(path.join(box.common, 'mt5fleet')), 60000);
    const agent = await box.start();
    await waitStatus(agent, 'ok', 60000);
    assert.equal((await kinds(agent))[0], 'found');
    assert.equal((await events(agent)).starts, 0);
    assert.equal((await terminal(agent)).process, 'running');
    await post(agent, '/mt5/disconnect');
    await waitStatus(agent, 'terminal_down');
  });

test('the prefix is the one that the program is in', async (t) => {
  const box = install(t), other = tmp(t);
  const agent = await box.start({ ...box.env, WINEPREFIX: other });
  await waitStatus(agent, 'ok', 60000);
  assert.deepEqual(fs.readdirSync(other), []);
  assert.equal(box.pids().length, 1);
});

test('a terminal of the same path in another prefix is another one', async (t) => {
  const box = install(t), prefix = tmp(t);
  const dir = path.join(prefix, 'drive_c', path.basename(box.dir));
  fs.mkdirSync(dir, { recursive: true });
  const other = install(t, { dir });
  assert.equal(terminalPath(box.program), terminalPath(other.program));
  t.after(() => run(null, process.env.WINESERVER, ['-k'],
    { env: { WINEPREFIX: prefix } }));
  const child = startByHand(t, other,
    [terminalPath(other.program), '/portable'], { WINEPREFIX: prefix });
  await waitFor('the other one', () => mapsIt(child.pid, other), 60000);
  const agent = await box.start();
  await waitStatus(agent, 'ok', 60000);
  assert.equal((await events(agent)).starts, 1);
  await post(agent, '/mt5/disconnect');
  await waitStatus(agent, 'terminal_down');
  await sleep(2000);
  assert.equal((await events(agent)).state, 'off');
  assert.ok(mapsIt(child.pid, other), 'the other one was ended');
});

test('a program that is missing is said to be', async (t) => {
  const box = install(t);
  fs.rmSync(box.program);
  const agent = await box.start();
  const failed = await waitFor('its failure', async () =>
    (await events(agent)).events.find((e) => e.kind === 'start_failed'));
  assert.match(failed.text, /No such file/);
});
