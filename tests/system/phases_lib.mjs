// phases_lib.mjs: a ledger as collect, trades and admin leave it, for the
// tests of the phases job.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { bin, run, startRedis, tmp } from './lib.mjs';
import { sql } from './ledger_lib.mjs';

export const E8 = 1e8;
export const MINUTE = 60000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
export const OFFSET = 3 * HOUR; // the broker's clock

/** A ledger with one account in phase F1 of 100,000, its rules, and time. */
export async function desk(t, { rules = 'FTMO 2-step', started = Date.now() - 3 * DAY, phase = 'F1' } = {}) {
  const dir = tmp(t, 'mt5f-phases-');
  const redis = await startRedis(t);
  const ledger = path.join(dir, 'ledger.db');
  const env = { STATE_DIR: dir, LEDGER_FILE: ledger, ...redis.env,
    PRESETS_FILE: path.resolve('etc/rules.json') };
  const write = (query) => execFileSync('sqlite3', [ledger, query], { stdio: 'pipe' });
  const phases = async () => {
    const result = await run(t, bin('phases'), [], { env });
    assert.equal(result.code, 0, result.output);
    return result.output;
  };
  await phases(); // makes the ledger, takes the presets
  write(`INSERT INTO account (id, server, login, currency, currency_digits, offset_s, first_seen_msc, rule_set)
    VALUES (1, 'S', 52001001, 'USD', 2, ${OFFSET / 1000}, 1,
      (SELECT id FROM rule_set WHERE name = '${rules}'));
    INSERT INTO phase_period (id, account, phase, status, started_msc, initial_balance, who)
    VALUES (1, 1, '${phase}', 'active', ${started}, ${100000 * E8}, 'admin')`);
  let ticket = 0;
  return {
    dir, env, ledger, redis, phases, write,
    /** As collect writes it. */
    sample(at, balance, equity = balance, low = equity, high = equity) {
      const slot = Math.floor(at / MINUTE) * 60;
      write(`INSERT OR REPLACE INTO equity VALUES (1, ${slot}, 60, ${at}, ${balance * E8}, 0,
        ${equity * E8}, ${low * E8}, ${high * E8})`);
    },
    /** As trades leaves it: all deals up to that moment are here. */
    synced(at, balance) {
      write(`INSERT OR REPLACE INTO sync (account, state, sync_msc, full_msc, balance, credit, residue,
        credit_residue, checked_msc) VALUES (1, 2, ${at}, ${at}, ${balance * E8}, 0, 0, 0, ${at})`);
    },
    deal(at, { type = 0, entry = 0, position = 7, profit = 0, kind = type < 2 ? 0 : 2 }) {
      write(`INSERT INTO deal (account, ticket, "order", time, time_msc, type, entry, magic, position_id, reason,
        volume, price, commission, swap, profit, fee, symbol, comment, external_id, kind, offset_s, utc_msc,
        counts_utc_ms)
        VALUES (1, ${++ticket}, 0, 0, ${at + OFFSET}, ${type}, ${entry}, 0, ${type < 2 ? position : 0}, 0,
        1, 1, 0, 0, ${Math.round(profit * E8)}, 0, 'EURUSD', '', '', ${kind}, ${OFFSET / 1000}, ${at}, ${at})`);
    },
    status: () => sql(ledger, 'SELECT status FROM phase_period WHERE ended_msc IS NULL')[0].status,
    verdicts: () => sql(ledger, 'SELECT word, status, value, level, estimated FROM verdict ORDER BY id')
      .map((v) => [v.word, v.status, v.value / E8, v.level / E8, v.estimated]),
    /** The stored lines under the short names the tests ask for. */
    limits() {
      const row = sql(ledger, 'SELECT limits FROM limits')[0];
      if (row === undefined) return {};
      const l = JSON.parse(row.limits);
      const line = (kind) => l.lines.find((x) => x.kind === kind);
      const amount = (kind, member) => line(kind)?.[member] === undefined ? null : line(kind)[member] / E8;
      return {
        at_msc: Number(l.at_msc), resets_msc: Number(l.resets_msc), days_done: l.days_done,
        days_needed: amount('min_trading_days', 'level') ?? 0,
        daily_floor: amount('daily_loss', 'level'), daily_allowance: amount('daily_loss', 'size'),
        total_floor: amount('max_loss', 'level'), total_allowance: amount('max_loss', 'size'),
        target_level: amount('profit_target', 'level'), target_size: amount('profit_target', 'size'),
        best_day_passed: line('best_day')?.broken ? 1 : 0,
        estimated: l.lines.some((x) => x.estimated) ? 1 : 0,
      };
    },
    events: async () => (await redis.command('XRANGE', 'live', '-', '+')).split('\n')
      .filter((line) => line.startsWith('{')).map((line) => JSON.parse(line)),
  };
}
