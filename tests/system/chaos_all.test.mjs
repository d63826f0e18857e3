// chaos_all.test.mjs: the short form of `make chaos`: everything that may happen
// to the system, at random, but without a network of its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chaos } from '../chaos/main.mjs';

test('faults at random: nothing wrong is shown as live, nothing stored is lost',
  { timeout: 1200000 }, async (t) => {
    const { events, violations } = await chaos(t, { seed: 7, seconds: 40, terminals: 3,
      say: (s) => t.diagnostic(s) });
    assert.deepEqual(violations, []);
    assert.ok(events > 0);
  });
