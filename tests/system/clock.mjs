// clock.mjs: time that a test moves on, in place of waiting for it.
import fs from 'node:fs';
import path from 'node:path';
import { BUILD, sleep, tmp } from './lib.mjs';

/**
 * Programs started with its env read this clock. forward(ms) moves on what they
 * measure spans by; utc_ms is how far ahead of ours their UTC is. Windows'
 * programs read clocks of their own: there the time has to pass.
 */
export function testClock(t, { utc_ms = 0 } = {}) {
  if (process.env.AGENT_EXE || process.env.TERMINAL_EXE)
    return { env: {}, forward: sleep };
  const file = path.join(tmp(t), 'clock');
  const ahead = new BigInt64Array([0n, BigInt(utc_ms)]);
  fs.writeFileSync(file, ahead);
  return {
    env: { LD_PRELOAD: path.join(BUILD, 'test/clock.so'), TEST_CLOCK: file,
      // a sanitizer wants to be loaded first, for what this does not touch
      ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0` },
    async forward(ms) {
      ahead[0] += BigInt(ms);
      const fd = fs.openSync(file, 'r+');
      fs.writeSync(fd, ahead, 0, 8, 0);
      fs.closeSync(fd);
    },
    /** Both clocks: as if so much time had passed. */
    async pass(ms) {
      ahead[1] += BigInt(ms);
      const fd = fs.openSync(file, 'r+');
      fs.writeSync(fd, ahead, 8, 8, 8);
      fs.closeSync(fd);
      await this.forward(ms);
    },
    now: () => Date.now() + Number(ahead[1]),
  };
}
