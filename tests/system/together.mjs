// together.mjs: test() for files whose tests wait most of their time and share
// nothing: SIDE_BY_SIDE of them run at a time.
import { describe, it } from 'node:test';

const SIDE_BY_SIDE = 4;
const tests = [];

export const test = (name, run) => tests.push([name, run]);

describe('side by side', { concurrency: SIDE_BY_SIDE }, async () => {
  await new Promise((done) => setImmediate(done)); // the file was read
  for (const [name, run] of tests) it(name, run);
});
