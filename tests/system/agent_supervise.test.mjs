// agent_supervise.test.mjs: the agent starts, watches and restarts a terminal.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

import { AGENT_EXE, get, run, sleep, startAgentProgram, waitFor } from './lib.mjs';
import { testClock } from './clock.mjs';
import { test } from './together.mjs';
import { terminal, waitStatus } from './agent_lib.mjs';
import { PASSWORD, end, events, install, kinds, post, startTerminal, waitKind,
  writes }
  from './agent_terminal.mjs';

async function up(t, options) {
  const box = install(t, options);
  const agent = await box.start();
  await waitStatus(agent, 'ok', 60000);
  return { box, agent };
}

test('a terminal is started and logged in; its start-up file is gone', async (t) => {
  const box = install(t);
  const seen = [];
  const watch = fs.watch(path.dirname(box.ini), (_, name) => seen.push(name));
  t.after(() => watch.close());
  const agent = await box.start();
  await waitKind(agent, 'up', 60000);
  await waitFor('the start-up file', () => seen.includes(path.basename(box.ini)));
  await waitFor('its end', () => !fs.existsSync(box.ini), 10000);
  await waitStatus(agent, 'ok', 60000);
  const one = await terminal(agent);
  assert.equal(one.login, '7001');
  assert.equal(one.server, 'Super-Live');
  assert.equal(one.process, 'running');
  assert.equal(box.pids().length, 1);
  const environ = fs.readFileSync(`/proc/${box.pids()[0]}/environ`, 'utf8');
  // Wine keeps Windows' environment elsewhere
  assert.ok(AGENT_EXE || !environ.includes(PASSWORD));
  assert.ok(!agent.handle.output().includes(PASSWORD));
  assert.ok(!(await get(`${agent.url}/events`)).text.includes(PASSWORD));
  assert.equal(box.guarded().length, 1, 'its guard is still there');
});

test('after a crash it is started again, once', async (t) => {
  const { box, agent } = await up(t);
  box.control('crash');
  await waitKind(agent, 'crashed');
  await waitStatus(agent, 'terminal_down');
  await waitFor('a second start', async () => (await events(agent)).starts === 2);
  await waitStatus(agent, 'ok', 60000);
  await writes(agent);
  assert.equal((await events(agent)).starts, 2);
  assert.equal(box.pids().length, 1);
  assert.equal(fs.existsSync(box.ini), false);
});

test('one whose bridge hangs is ended and started again', async (t) => {
  const clock = testClock(t);
  const { box, agent } = await up(t, { env: clock.env });
  const [pid] = box.pids();
  box.control('hang');
  await waitStatus(agent, 'bridge_silent');
  assert.deepEqual(box.pids(), [pid]);
  await clock.forward(12000); // six times AGENT_SILENT
  await waitKind(agent, 'hung', 40000);
  await waitStatus(agent, 'ok', 60000);
  assert.notDeepEqual(box.pids(), [pid]);
  assert.equal((await events(agent)).starts, 2);
});

test('a lost broker is reported and left to the terminal', async (t) => {
  const { box, agent } = await up(t);
  const pids = box.pids();
  box.control('lose-broker');
  await waitKind(agent, 'connection_lost');
  await waitStatus(agent, 'broker_disconnected');
  box.control('regain-broker');
  await waitStatus(agent, 'ok', 60000);
  assert.deepEqual(box.pids(), pids);
  assert.equal((await events(agent)).starts, 1);
});

test('another account is reported, not fought', async (t) => {
  const { box, agent } = await up(t);
  box.control('login Other-Live 9999');
  await waitStatus(agent, 'wrong_account');
  await waitKind(agent, 'wrong_account');
  await writes(agent, 2);
  const seen = await events(agent);
  assert.equal(seen.starts, 1);
  assert.equal(seen.events.filter((e) => e.kind === 'wrong_account').length, 1);
  const answer = await post(agent, '/reconnect');
  assert.equal(answer.status, 202);
  await waitStatus(agent, 'ok', 60000);
  assert.equal((await terminal(agent)).login, '7001');
  assert.equal((await events(agent)).starts, 2);
});

test('a refused log-in is not tried again and again', async (t) => {
  const box = install(t, { right: 'another one' });
  const agent = await box.start();
  await waitKind(agent, 'login_refused', 60000);
  await waitStatus(agent, 'not_logged_in');
  await writes(agent, 5);
  const seen = await events(agent);
  assert.equal(seen.starts, 1);
  assert.equal(seen.login_refused, true);
  assert.equal(seen.state, 'running');
  assert.equal(fs.existsSync(box.ini), false);
  assert.equal(box.pids().length, 1);
});

test('an update that restarts the terminal is no incident', async (t) => {
  const { box, agent } = await up(t);
  process.kill(box.pids()[0], 'SIGTERM');
  await waitKind(agent, 'ended');
  await waitFor('its end', () => box.pids().length === 0);
  const again = startTerminal(box.program, ['/portable'], { stdio: 'ignore',
    env: { ...process.env, MT5FLEET_SIM_ARGS: box.env.MT5FLEET_SIM_ARGS +
      ' --login 7001 --server Super-Live' } });
  t.after(() => again.kill('SIGKILL'));
  await waitKind(agent, 'back');
  await waitStatus(agent, 'ok', 60000);
  const seen = await events(agent);
  assert.equal(seen.starts, 1);
  assert.equal(seen.tries, 0);
  assert.deepEqual(box.pids(), [again.pid]);
});

test('a program file replaced while it runs starts no second one', async (t) => {
  const { box, agent } = await up(t);
  const pids = box.pids();
  fs.copyFileSync(box.program, `${box.program}.new`);
  fs.chmodSync(`${box.program}.new`, 0o755);
  fs.renameSync(`${box.program}.new`, box.program);
  await writes(agent);
  assert.deepEqual(box.pids(), pids);
  assert.equal((await events(agent)).state, 'running');
  assert.equal((await terminal(agent)).process, 'running');
});

test('one that never comes up is given up, each try later', async (t) => {
  const clock = testClock(t);
  const box = install(t, { env: { AGENT_RESTARTS: '2', ...clock.env } });
  fs.writeFileSync(box.program, '#!/bin/sh\nexit 3\n');
  const agent = await box.start();
  await waitFor('gave_up', async () => {
    await clock.forward(1000);
    return (await kinds(agent)).includes('gave_up');
  }, 90000);
  const seen = await events(agent);
  assert.equal(seen.state, 'failed');
  assert.equal(seen.starts, 3);
  assert.deepEqual(seen.events.filter((e) => e.kind === 'waiting')
    .map((e) => e.text.match(/\d+/)[0]), ['2', '4']);
  assert.match(agent.handle.output(), /error: .*gave up/);
  assert.equal(fs.existsSync(box.ini), false);
  assert.equal((await get(`${agent.url}/ping`)).status, 200);
  const children = await run(t, 'ps', ['-o', 'stat=', '--ppid', agent.handle.pid]);
  assert.ok(!children.output.includes('Z'), children.output);
});

test('connect, disconnect and reconnect answer and do so', async (t) => {
  const clock = testClock(t);
  const { box, agent } = await up(t, { env: clock.env });
  const [pid] = box.pids();
  assert.equal((await post(agent, '/mt5/connect')).status, 200);
  assert.deepEqual(box.pids(), [pid]);
  assert.equal((await post(agent, '/mt5/disconnect')).json.state, 'ending');
  await waitFor('its end', () => box.pids().length === 0);
  await waitStatus(agent, 'terminal_down');
  await waitFor('off', async () => (await events(agent)).state === 'off');
  for (let i = 0; i < 5; i++) { // it looks each second, and starts nothing
    await clock.forward(1000);
    assert.equal((await events(agent)).state, 'off');
  }
  assert.equal(box.pids().length, 0);
  assert.equal((await post(agent, '/mt5/connect')).json.state, 'starting');
  await waitStatus(agent, 'ok', 60000);
  const [second] = box.pids();
  assert.equal((await post(agent, '/reconnect')).status, 202);
  await waitFor('another process', () =>
    box.pids().length === 1 && box.pids()[0] !== second);
  await waitStatus(agent, 'ok', 60000);
  await waitFor('one process', () => box.pids().length === 1);
});

/** What may hold the password: the start-up file under any name. */
const secrets = (box) => fs.readdirSync(path.dirname(box.ini))
  .filter((name) => name.startsWith('mt5fleet-start'));

/** Starts an agent, and a terminal that never comes up: the agent looks for its
 * mailbox in another folder. */
async function midStart(box) {
  const handle = startAgentProgram(null, [], { AGENT_NAME: 'test',
    AGENT_PORT: '0', AGENT_COMMON: path.join(box.dir, 'elsewhere'), ...box.env });
  box.agents.push(handle);
  return handle;
}

/** Ends what was started, the agent as a crash would: it says nothing more. */
async function crash(box, agent, wasThere) {
  await agent.kill('SIGKILL');
  const t0 = Date.now();
  await waitFor('the end of the password', () => secrets(box).length === 0,
    AGENT_EXE ? 3000 : 1000);
  const took = Date.now() - t0;
  // Windows creates a process asleep: who is killed before it wakes its guard,
  // and that is before there is a file, leaves it so
  if (AGENT_EXE && !wasThere) box.guarded().forEach(end);
  await waitFor('the end of the guard', () => box.guarded().length === 0, 5000);
  // a child of its that was about to become the terminal may be in neither list
  let quiet = 0;
  await waitFor('the terminal\'s end', () => {
    const left = [...box.pids(), ...box.guarded()];
    box.pids().forEach(end);
    quiet = left.length > 0 ? 0 : quiet + 1;
    return quiet === 4;
  });
  assert.deepEqual(secrets(box), []);
  return took;
}

test('an agent killed in mid-start leaves no password behind', async (t) => {
  const box = install(t, { sim: '--connect 3600000' });
  const agent = await midStart(box);
  await waitFor('the start-up file', () => fs.existsSync(box.ini));
  assert.equal(fs.statSync(box.ini).mode & (AGENT_EXE ? 0o007 : 0o077), 0);
  await waitFor('the terminal', () => box.pids().length === 1);
  const bytes = fs.readFileSync(box.ini);
  assert.deepEqual([...bytes.subarray(0, 2)], [0xff, 0xfe]);
  const text = bytes.subarray(2).toString('utf16le');
  assert.ok(text.includes(`Password=${PASSWORD}\r\n`));
  assert.match(text, /AllowLiveTrading=0\r\n/);
  console.log(`# gone after ${await crash(box, agent, true)} ms`);
});

test('at whatever moment of the start that is', async (t) => {
  /** Agents started in one box, killed when(i) lets them be: file_ms, there. */
  const kill = async (times, when) => {
    const box = install(t, { sim: '--connect 3600000' });
    const written = () => waitFor('the file', () => secrets(box).length > 0);
    let there = 0, file_ms = 0;
    for (let i = 0; i < times; i++) {
      const t0 = Date.now();
      const agent = await midStart(box);
      await when(i, written).catch((error) => {
        throw new Error(`${error.message}: ${agent.output()}`);
      });
      file_ms = Date.now() - t0;
      const wasThere = secrets(box).length > 0;
      there += wasThere;
      await crash(box, agent, wasThere);
    }
    return { file_ms, there };
  };
  // how long it takes here until the file is there
  const { file_ms } = await kill(1, (_, written) => written());
  // while it starts, as soon as the file is there, after that
  const seen = await Promise.all([
    kill(10, (i) => sleep(file_ms * i / 10)),
    kill(10, (_, written) => written()),
    kill(10, (i, written) => written().then(() => sleep(file_ms * i / 10)))]);
  const there = seen.reduce((sum, one) => sum + one.there, 0);
  console.log(`# there in ${there} of 30, ${file_ms} ms after the start`);
  assert.ok(there >= 10, `there in ${there}`);
});

test('what a power cut left is removed by the next start', async (t) => {
  const box = install(t);
  fs.writeFileSync(box.ini, `Password=${PASSWORD}`);
  const { MT5_LOGIN, MT5_PASSWORD, MT5_SERVER, ...rest } = box.env;
  await box.start(rest);
  await waitFor('its removal', () => secrets(box).length === 0, 5000);
});

test('another agent takes over a running terminal, never a second', async (t) => {
  const { box, agent } = await up(t);
  const pids = box.pids();
  await agent.handle.kill('SIGKILL');
  const two = await box.start();
  await waitStatus(two, 'ok', 60000);
  assert.deepEqual(box.pids(), pids);
  assert.equal((await events(two)).starts, 0);
  assert.deepEqual(await kinds(two), ['found']);
});

test('half a log-in is a mistake in the settings', async (t) => {
  const box = install(t);
  for (const [name, value, quoted] of [['MT5_LOGIN', 'abc', 'abc'],
    ['MT5_PASSWORD', '', 'MT5_PASSWORD'], ['MT5_SERVER', '', 'MT5_SERVER'],
    ['MT5_TERMINAL_PATH', 'terminal64', 'terminal64']]) {
    const { code, output } = await startAgentProgram(t, ['-n'],
      { AGENT_COMMON: box.common, ...box.env, [name]: value }).exited;
    assert.equal(code, 1, output);
    assert.ok(output.includes(quoted), output);
    assert.ok(!output.includes(PASSWORD));
  }
});
