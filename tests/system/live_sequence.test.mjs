// live_sequence.test.mjs: nothing lost and nothing twice (short form; the
// long one, with 200 clients and 6000 changes missed: tests/bench/live_long.mjs).
import { test } from 'node:test';
import { cases } from './live_cases.mjs';

for (const [name, run] of Object.entries(cases))
  test(`nothing lost, nothing twice: ${name}`,
    (t) => run(t, { clients: 50, missed: 300 }));
