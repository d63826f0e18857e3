// postgres.mjs: a PostgreSQL of the test's own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { atEnd, BUILD, tmp } from './lib.mjs';

const SERVER = path.resolve('tests/pg/server');
export const server = (...args) => spawnSync(SERVER, args, { encoding: 'utf8' });

/**
 * A server of its own: {url(name), stop(), start(), ask(sql)}, where sql gives
 * one number; null: not installed.
 */
export async function startPostgres(t, settings = []) {
  const dir = tmp(t, 'mt5f-pg-');
  fs.chmodSync(dir, 0o755);
  const home = path.join(dir, 'pg');
  const made = server('start', home, 'fsync=off', ...settings);
  if (made.status === 77) return null;
  assert.equal(made.status, 0, made.stderr);
  atEnd(t, () => server('stop', home, 'immediate'));
  const url = (name = 'postgres') => `postgresql://ledger@/${name}?host=${home}`;
  return {
    home, url,
    stop: () => assert.equal(server('stop', home).status, 0),
    start: () => assert.equal(server('start', home).status, 0),
    ask: (sql, name) => {
      const got = spawnSync(path.join(BUILD, 'test/ledger_pg_test'),
        ['sql', url(name), sql], { encoding: 'utf8' });
      assert.equal(got.status, 0, got.stderr);
      return Number(got.stdout);
    },
  };
}
