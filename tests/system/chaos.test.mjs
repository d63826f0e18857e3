// chaos.test.mjs: the short form of tests/bench/chaos.mjs (make chaos).
import test from 'node:test';
import { chaos } from '../bench/chaos.mjs';

test('20 kills while 5 terminals trade: the ledger equals their books',
  { timeout: 240000 }, (t) => chaos(t, { kills: 20, terminals: 5, seed: 7, log: (s) => t.diagnostic(s) }));
