-- ledger.sql: all SQL of the ledger. lib/ledger/sql.awk makes it C.
--
-- `-- migration: N` begins what brings a ledger from N-1 to N; one that was
-- released is never edited. `-- name: x` begins the statement SQL_X; its
-- parameters and columns are read in the order they stand here. `-- list: x`
-- begins columns that several statements have, as @x@.
--
-- All stands once, in the SQL that both engines know; sql.awk makes
-- PostgreSQL's form of it (its types, $1 for ?). Where there is no such SQL,
-- `-- name: x postgresql` or `-- migration: N postgresql` follows with a form of
-- its own. `-- only: x postgresql` is a statement that SQLite does not need.
-- `-- schema: N postgresql`, at the end, is what a new PostgreSQL ledger begins
-- with, in place of the migrations up to N.
--
-- Money is in whole 1e-8, times in ms (UTC unless it is a deal's time_msc),
-- ids as MT5 gives them. NULL is "unknown".

-- migration: 1
CREATE TABLE revision (n INTEGER NOT NULL);
INSERT INTO revision VALUES (0);

CREATE TABLE rule_set (
	id INTEGER PRIMARY KEY,
	version INTEGER NOT NULL DEFAULT 0,
	name TEXT NOT NULL UNIQUE,
	firm TEXT, program TEXT, source_url TEXT, verified_on TEXT,
	rules TEXT NOT NULL,
	preset INTEGER NOT NULL
);

CREATE TABLE account (
	id INTEGER PRIMARY KEY,
	version INTEGER NOT NULL DEFAULT 0,
	server TEXT NOT NULL,
	login INTEGER NOT NULL,
	node TEXT, currency TEXT, company TEXT, name TEXT,
	currency_digits INTEGER, trade_mode INTEGER, margin_mode INTEGER,
	leverage INTEGER,
	offset_s INTEGER,
	first_seen_msc INTEGER NOT NULL,
	holder TEXT, prop_firm TEXT, vs_group TEXT, note TEXT,
	tags TEXT NOT NULL DEFAULT '[]',
	rule_set INTEGER REFERENCES rule_set,
	UNIQUE (server, login)
);
CREATE INDEX account_login ON account (login);

CREATE TABLE phase_period (
	id INTEGER PRIMARY KEY,
	account INTEGER NOT NULL REFERENCES account,
	phase TEXT NOT NULL,
	status TEXT NOT NULL,
	started_msc INTEGER NOT NULL,
	ended_msc INTEGER,
	initial_balance INTEGER, start_balance INTEGER, start_equity INTEGER,
	paused_until_msc INTEGER NOT NULL DEFAULT 0,
	who TEXT NOT NULL,
	note TEXT,
	undone INTEGER NOT NULL DEFAULT 0
);
-- one current period an account, whatever two writers do
CREATE UNIQUE INDEX phase_period_current ON phase_period (account)
	WHERE ended_msc IS NULL AND undone = 0;
CREATE INDEX phase_period_account ON phase_period (account, started_msc);

CREATE TABLE deal (
	account INTEGER NOT NULL REFERENCES account,
	ticket INTEGER NOT NULL,
	"order" INTEGER NOT NULL,
	time INTEGER NOT NULL,
	time_msc INTEGER NOT NULL,
	type INTEGER NOT NULL,
	entry INTEGER NOT NULL,
	magic INTEGER NOT NULL,
	position_id INTEGER NOT NULL,
	reason INTEGER NOT NULL,
	volume REAL, price REAL,
	commission INTEGER NOT NULL,
	swap INTEGER NOT NULL,
	profit INTEGER NOT NULL,
	fee INTEGER NOT NULL,
	symbol TEXT NOT NULL, comment TEXT NOT NULL, external_id TEXT NOT NULL,
	sl REAL, tp REAL,
	kind INTEGER NOT NULL, -- deal_kind(): 0 trade 1 cost 2 flow 3 credit
	offset_s INTEGER,
	utc_msc INTEGER,
	missing_msc INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (account, ticket)
) WITHOUT ROWID;
CREATE INDEX deal_time ON deal (account, time_msc, ticket);
CREATE INDEX deal_position ON deal (account, position_id, time_msc, ticket)
	WHERE kind = 0;
CREATE INDEX deal_cash ON deal (account, time_msc, ticket) WHERE kind <> 0;
-- the ledger never deletes a deal, not even by mistake
CREATE TRIGGER deal_stays BEFORE DELETE ON deal
BEGIN SELECT RAISE(ABORT, 'a deal is never deleted'); END;

CREATE VIEW cash_flow AS SELECT * FROM deal WHERE kind <> 0;

-- what a deal said before the broker changed it
CREATE TABLE deal_version (
	account INTEGER NOT NULL,
	ticket INTEGER NOT NULL,
	replaced_msc INTEGER NOT NULL,
	deal TEXT NOT NULL
);
CREATE INDEX deal_version_ticket ON deal_version (account, ticket);

-- the running sums of an account's deals, by kind
CREATE TABLE book (
	account INTEGER PRIMARY KEY REFERENCES account,
	deals INTEGER NOT NULL DEFAULT 0,
	missing INTEGER NOT NULL DEFAULT 0,
	last_msc INTEGER NOT NULL DEFAULT 0,
	trades_net INTEGER NOT NULL DEFAULT 0,
	costs INTEGER NOT NULL DEFAULT 0,
	flows INTEGER NOT NULL DEFAULT 0,
	credit INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE trade (
	account INTEGER NOT NULL REFERENCES account,
	position_id INTEGER NOT NULL,
	part INTEGER NOT NULL,
	symbol TEXT NOT NULL,
	type INTEGER NOT NULL,
	state INTEGER NOT NULL, -- enum trade_state
	volume_in INTEGER NOT NULL, volume_out INTEGER NOT NULL,
	time_open_msc INTEGER NOT NULL, time_close_msc INTEGER NOT NULL,
	first_msc INTEGER NOT NULL,
	price_open REAL, price_close REAL,
	profit INTEGER NOT NULL, commission INTEGER NOT NULL,
	swap INTEGER NOT NULL, fee INTEGER NOT NULL, net INTEGER NOT NULL,
	reason INTEGER NOT NULL,
	close_by INTEGER NOT NULL,
	deals INTEGER NOT NULL,
	imported INTEGER NOT NULL DEFAULT 0,
	changed_msc INTEGER NOT NULL,
	PRIMARY KEY (account, position_id, part)
) WITHOUT ROWID;
CREATE INDEX trade_time ON trade (account, first_msc, position_id, part);
CREATE INDEX trade_orphan ON trade (account) WHERE state = 3;

CREATE TABLE orphan_asked (
	account INTEGER NOT NULL,
	position_id INTEGER NOT NULL,
	asked_msc INTEGER NOT NULL,
	PRIMARY KEY (account, position_id)
) WITHOUT ROWID;

CREATE TABLE sync (
	account INTEGER PRIMARY KEY REFERENCES account,
	state INTEGER NOT NULL, -- enum ledger_history
	error TEXT,
	sync_msc INTEGER NOT NULL, full_msc INTEGER NOT NULL,
	balance INTEGER, credit INTEGER,
	residue INTEGER, credit_residue INTEGER,
	checked_msc INTEGER NOT NULL,
	residue_note TEXT
);
CREATE TABLE sync_cursor (
	account INTEGER PRIMARY KEY REFERENCES account,
	"full" INTEGER NOT NULL,
	begun_msc INTEGER NOT NULL,
	after_msc INTEGER NOT NULL, after_ticket INTEGER NOT NULL
);

CREATE TABLE equity (
	account INTEGER NOT NULL REFERENCES account,
	slot INTEGER NOT NULL, -- s, a whole multiple of span_s
	span_s INTEGER NOT NULL,
	at_msc INTEGER NOT NULL,
	balance INTEGER NOT NULL, credit INTEGER NOT NULL,
	equity INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
	PRIMARY KEY (account, slot)
) WITHOUT ROWID;

CREATE TABLE day (
	account INTEGER NOT NULL REFERENCES account,
	day_msc INTEGER NOT NULL, next_msc INTEGER NOT NULL,
	date TEXT NOT NULL,
	balance INTEGER, equity INTEGER,
	estimated INTEGER NOT NULL,
	low INTEGER, high INTEGER,
	opened INTEGER NOT NULL, closed INTEGER NOT NULL,
	net INTEGER NOT NULL, flows INTEGER NOT NULL,
	PRIMARY KEY (account, day_msc)
) WITHOUT ROWID;

CREATE TABLE rule_state (
	account INTEGER PRIMARY KEY REFERENCES account,
	period INTEGER NOT NULL,
	state TEXT NOT NULL
);
CREATE TABLE limits (
	account INTEGER PRIMARY KEY REFERENCES account,
	at_msc INTEGER NOT NULL, resets_msc INTEGER NOT NULL,
	daily_floor INTEGER, daily_allowance INTEGER,
	total_floor INTEGER, total_allowance INTEGER,
	target_level INTEGER, target_size INTEGER,
	daily_test INTEGER NOT NULL, total_test INTEGER NOT NULL,
	target_basis INTEGER NOT NULL,
	days_done INTEGER NOT NULL, days_needed INTEGER NOT NULL,
	best_day_passed INTEGER NOT NULL,
	estimated INTEGER NOT NULL
);
CREATE TABLE verdict (
	id INTEGER PRIMARY KEY,
	account INTEGER NOT NULL REFERENCES account,
	period INTEGER NOT NULL,
	at_msc INTEGER NOT NULL,
	word TEXT NOT NULL, status TEXT NOT NULL,
	value INTEGER NOT NULL, level INTEGER NOT NULL,
	balance INTEGER NOT NULL, equity INTEGER NOT NULL,
	low INTEGER NOT NULL, baseline INTEGER NOT NULL,
	estimated INTEGER NOT NULL,
	rules TEXT NOT NULL
);
CREATE INDEX verdict_account ON verdict (account);
CREATE TRIGGER verdict_stays BEFORE UPDATE ON verdict
BEGIN SELECT RAISE(ABORT, 'a verdict is never changed'); END;
CREATE TRIGGER verdict_is_kept BEFORE DELETE ON verdict
BEGIN SELECT RAISE(ABORT, 'a verdict is never deleted'); END;

CREATE TABLE audit (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	at_msc INTEGER NOT NULL,
	who TEXT NOT NULL,
	action TEXT NOT NULL,
	account INTEGER REFERENCES account,
	field TEXT, "from" TEXT, "to" TEXT,
	balance INTEGER, equity INTEGER,
	period INTEGER, -- the phase period it began
	undone INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX audit_account ON audit (account, id);

CREATE TABLE user (
	name TEXT PRIMARY KEY,
	role TEXT NOT NULL,
	hash TEXT NOT NULL,
	changed_msc INTEGER NOT NULL,
	disabled INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE job_run (
	id INTEGER PRIMARY KEY,
	job TEXT NOT NULL,
	started_msc INTEGER NOT NULL, finished_msc INTEGER NOT NULL,
	exit_code INTEGER NOT NULL,
	summary TEXT NOT NULL
);
CREATE INDEX job_run_job ON job_run (job, id);

CREATE TABLE sheet_row (
	sheet TEXT NOT NULL, tab TEXT NOT NULL, "key" TEXT NOT NULL,
	"row" INTEGER NOT NULL,
	PRIMARY KEY (sheet, tab, "key"),
	UNIQUE (sheet, tab, "row")
) WITHOUT ROWID;
CREATE TABLE sheet_hash (
	sheet TEXT NOT NULL, tab TEXT NOT NULL, hash INTEGER NOT NULL,
	PRIMARY KEY (sheet, tab)
) WITHOUT ROWID;

CREATE TABLE imported_trade (
	account INTEGER NOT NULL REFERENCES account,
	position_id INTEGER NOT NULL,
	at_msc INTEGER NOT NULL,
	trade TEXT NOT NULL,
	PRIMARY KEY (account, position_id)
) WITHOUT ROWID;
CREATE TABLE import_aside (
	file TEXT NOT NULL, login TEXT NOT NULL,
	json TEXT NOT NULL, why TEXT NOT NULL,
	at_msc INTEGER NOT NULL,
	PRIMARY KEY (file, login)
) WITHOUT ROWID;

-- migration: 2
-- What a floor that trails follows. The phases job makes them anew.
DELETE FROM limits;
ALTER TABLE limits ADD COLUMN total_mode INTEGER NOT NULL DEFAULT 0;
ALTER TABLE limits ADD COLUMN total_high INTEGER NOT NULL DEFAULT 0;
ALTER TABLE limits ADD COLUMN total_top INTEGER;

-- migration: 3
-- The limits as a list of rules (rules_json.c), in place of a column each.
ALTER TABLE limits RENAME TO limits_as_columns;
CREATE TABLE limits (
	account INTEGER PRIMARY KEY REFERENCES account,
	limits TEXT NOT NULL
);
INSERT INTO limits SELECT account, json_object(
	'at_msc', CAST(at_msc AS TEXT), 'resets_msc', CAST(resets_msc AS TEXT),
	'days_done', days_done, 'lines', (
	SELECT json_group_array(json(line)) FROM (
		SELECT json_object('kind', 'daily_loss',
			'level', CAST(daily_floor AS TEXT),
			'size', CAST(daily_allowance AS TEXT),
			'test', CASE daily_test WHEN 0 THEN 'balance'
				WHEN 1 THEN 'equity' ELSE 'higher' END,
			'mode', 'static', 'high', 'balance',
			'broken', json('false'),
			'estimated', json(iif(estimated, 'true', 'false')))
			AS line
		WHERE daily_floor IS NOT NULL
		UNION ALL SELECT json_object('kind', 'max_loss',
			'level', CAST(total_floor AS TEXT),
			'size', CAST(total_allowance AS TEXT),
			'top', CAST(total_top AS TEXT),
			'test', CASE total_test WHEN 0 THEN 'balance'
				WHEN 1 THEN 'equity' ELSE 'higher' END,
			'mode', CASE total_mode WHEN 0 THEN 'static'
				WHEN 1 THEN 'trailing_eod' ELSE 'trailing' END,
			'high', CASE total_high WHEN 0 THEN 'balance'
				WHEN 1 THEN 'equity' ELSE 'higher' END,
			'broken', json('false'),
			'estimated', json(iif(estimated, 'true', 'false')))
		WHERE total_floor IS NOT NULL
		UNION ALL SELECT json_object('kind', 'profit_target',
			'level', CAST(target_level AS TEXT),
			'size', CAST(target_size AS TEXT),
			'test', CASE target_basis WHEN 0 THEN 'balance'
				WHEN 1 THEN 'equity' ELSE 'higher' END,
			'mode', 'static', 'high', 'balance',
			'broken', json('false'), 'estimated', json('false'))
		WHERE target_level IS NOT NULL
		UNION ALL SELECT json_object('kind', 'min_trading_days',
			'level', CAST(days_needed * 100000000 AS TEXT),
			'value', CAST(days_done * 100000000 AS TEXT),
			'test', 'balance', 'mode', 'static', 'high', 'balance',
			'broken', json('false'), 'estimated', json('false'))
		WHERE days_needed > 0
		UNION ALL SELECT json_object('kind', 'best_day',
			'test', 'balance', 'mode', 'static', 'high', 'balance',
			'broken', json('true'), 'estimated', json('false'))
		WHERE best_day_passed)))
FROM limits_as_columns;
DROP TABLE limits_as_columns;

-- migration: 4
-- Deals that are kept and count no more (enum deal_excluded); when a deal was
-- first seen, and when it counts: by its UTC, but never after it was seen.
ALTER TABLE deal ADD COLUMN excluded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deal ADD COLUMN seen_utc_ms INTEGER;
ALTER TABLE deal ADD COLUMN counts_utc_ms INTEGER;
UPDATE deal SET counts_utc_ms = utc_msc WHERE utc_msc IS NOT NULL;
CREATE INDEX deal_counts ON deal (account, counts_utc_ms);
DROP INDEX deal_position;
CREATE INDEX deal_position ON deal (account, position_id, ticket)
	WHERE kind = 0;
CREATE INDEX deal_position_cost ON deal (account, position_id)
	WHERE kind = 1 AND position_id <> 0;
-- an agent's commission is of one kind, whenever it is charged
UPDATE deal SET kind = 1 WHERE type = 18;
UPDATE book SET
	costs = (SELECT coalesce(sum(profit + commission + swap + fee), 0)
		FROM deal WHERE account = book.account AND kind = 1),
	flows = (SELECT coalesce(sum(profit + commission + swap + fee), 0)
		FROM deal WHERE account = book.account AND kind = 2)
WHERE account IN (SELECT account FROM deal WHERE type = 18);
DELETE FROM limits WHERE account IN (SELECT account FROM deal WHERE type = 18);
ALTER TABLE trade ADD COLUMN ticket_close INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trade ADD COLUMN costs INTEGER NOT NULL DEFAULT 0;
-- positions whose trades are to be made again from their deals
CREATE TABLE trade_stale (
	account INTEGER NOT NULL,
	position_id INTEGER NOT NULL,
	PRIMARY KEY (account, position_id)
) WITHOUT ROWID;
INSERT INTO trade_stale SELECT DISTINCT account, position_id FROM trade
WHERE imported = 0;

-- migration: 5
-- What each row of a spreadsheet was last written with, as a hash: 0 where it
-- is not certain, NULL where this ledger does not know.
ALTER TABLE sheet_row ADD COLUMN cells INTEGER;
DROP TABLE sheet_hash;
CREATE TABLE sheet_tab (
	sheet TEXT NOT NULL, tab TEXT NOT NULL, key_column INTEGER NOT NULL,
	PRIMARY KEY (sheet, tab)
) WITHOUT ROWID;

-- migration: 6
CREATE TABLE token (
	name TEXT PRIMARY KEY,
	digest TEXT NOT NULL UNIQUE, -- SHA-256: the token itself is not stored
	scope TEXT NOT NULL,         -- metrics, read, write
	created_msc INTEGER NOT NULL,
	expires_msc INTEGER NOT NULL, -- 0: never
	who TEXT NOT NULL
) WITHOUT ROWID;

-- migration: 7
-- Machines on their way into nodes.json: asked for, then come (came_utc_ms).
CREATE TABLE node_join (
	name TEXT PRIMARY KEY,
	digest TEXT NOT NULL UNIQUE, -- SHA-256: the token itself is not stored
	note TEXT,
	who TEXT NOT NULL,
	created_utc_ms INTEGER NOT NULL,
	expires_utc_ms INTEGER NOT NULL,
	came_utc_ms INTEGER,
	address TEXT, url TEXT, certificate TEXT,
	token TEXT -- the agent's, until it is in nodes.json
) WITHOUT ROWID;

-- migration: 8
-- Each broker's clock: which offsets were seen, and the zone it runs in.
CREATE TABLE server_offset (
	server TEXT NOT NULL,
	offset_s INTEGER NOT NULL,
	first_utc_ms INTEGER NOT NULL, last_utc_ms INTEGER NOT NULL,
	PRIMARY KEY (server, first_utc_ms, offset_s)
) WITHOUT ROWID;
CREATE TABLE server_zone (
	server TEXT PRIMARY KEY,
	typed INTEGER NOT NULL DEFAULT 0, -- a person said so, or that none is known
	typed_zone TEXT,
	who TEXT,
	typed_utc_ms INTEGER NOT NULL DEFAULT 0,
	proposed_zone TEXT,
	reason TEXT, -- of the proposal, or why there is none
	looked_utc_ms INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
-- what the UTC of its deals was made by; NULL: the offset they came with
ALTER TABLE account ADD COLUMN utc_zone TEXT;
ALTER TABLE account ADD COLUMN utc_typed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deal ADD COLUMN utc_estimated INTEGER NOT NULL DEFAULT 1;
-- its UTC is that of the deals that opened and closed it
ALTER TABLE trade ADD COLUMN ticket_open INTEGER NOT NULL DEFAULT 0;
INSERT INTO trade_stale SELECT DISTINCT account, position_id FROM trade
WHERE imported = 0 AND NOT EXISTS (SELECT 1 FROM trade_stale s
	WHERE s.account = trade.account AND s.position_id = trade.position_id);

-- migration: 9
-- What a deal that is no trade is for (enum deal_meaning); who said so, NULL a
-- guess; and of a correction the deal that it takes back.
ALTER TABLE deal ADD COLUMN meaning INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deal ADD COLUMN meaning_why TEXT;
ALTER TABLE deal ADD COLUMN meaning_who TEXT;
ALTER TABLE deal ADD COLUMN cancels INTEGER;
CREATE TABLE setting (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
) WITHOUT ROWID;
-- accounts whose flows are to be guessed again
CREATE TABLE flow_stale (account INTEGER PRIMARY KEY);
INSERT INTO flow_stale (account) SELECT id FROM account;

-- migration: 10
-- What was seen when a verdict fell, as JSON; and those an admin annulled.
ALTER TABLE verdict ADD COLUMN evidence TEXT;
CREATE TABLE verdict_annulled (
	account INTEGER NOT NULL REFERENCES account,
	verdict INTEGER NOT NULL,
	at_utc_ms INTEGER NOT NULL,
	who TEXT NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (account, verdict)
) WITHOUT ROWID;
-- A phase that began in the past: the high so far, and when both were entered.
ALTER TABLE phase_period ADD COLUMN high NUMERIC;
ALTER TABLE phase_period ADD COLUMN entered_utc_ms INTEGER;

-- migration: 11
-- Deals that an admin voided, and how they stood before.
CREATE TABLE deal_void (
	account INTEGER NOT NULL REFERENCES account,
	ticket INTEGER NOT NULL,
	was INTEGER NOT NULL,
	reason TEXT NOT NULL,
	who TEXT NOT NULL,
	at_utc_ms INTEGER NOT NULL,
	PRIMARY KEY (account, ticket)
) WITHOUT ROWID;
-- An account that was joined into another is kept, and listed no more.
ALTER TABLE account ADD COLUMN merged_into INTEGER REFERENCES account;
-- the account that a deal came with, where only that one's history has it
ALTER TABLE deal ADD COLUMN origin INTEGER;
CREATE INDEX deal_origin ON deal (account, origin) WHERE origin IS NOT NULL;
-- What an account was called before.
CREATE TABLE account_alias (
	id INTEGER PRIMARY KEY,
	server TEXT NOT NULL, login INTEGER NOT NULL,
	account INTEGER NOT NULL REFERENCES account,
	UNIQUE (server, login)
);
-- shadow: an account that nobody lists, with what account_into had before
CREATE TABLE account_merge (
	id INTEGER PRIMARY KEY,
	account_from INTEGER NOT NULL REFERENCES account,
	account_into INTEGER NOT NULL REFERENCES account,
	shadow INTEGER REFERENCES account,
	at_utc_ms INTEGER NOT NULL,
	who TEXT NOT NULL,
	undone INTEGER NOT NULL DEFAULT 0
);
-- which rows it moved: of what, and which
CREATE TABLE account_merge_row (
	merge INTEGER NOT NULL,
	what TEXT NOT NULL,
	id INTEGER NOT NULL,
	PRIMARY KEY (merge, what, id)
) WITHOUT ROWID;
-- a verdict is never changed, but it goes with its account
DROP TRIGGER verdict_stays;
CREATE TRIGGER verdict_stays BEFORE UPDATE OF id, period, at_msc, word, status,
	value, level, balance, equity, low, baseline, estimated, rules, evidence
ON verdict
BEGIN SELECT RAISE(ABORT, 'a verdict is never changed'); END;

-- migration: 11 postgresql
CREATE TABLE deal_void (
	account BIGINT NOT NULL REFERENCES account,
	ticket BIGINT NOT NULL,
	was BIGINT NOT NULL,
	reason TEXT COLLATE "C" NOT NULL,
	who TEXT COLLATE "C" NOT NULL,
	at_utc_ms BIGINT NOT NULL,
	PRIMARY KEY (account, ticket)
);
ALTER TABLE account ADD COLUMN merged_into BIGINT REFERENCES account;
ALTER TABLE deal ADD COLUMN origin BIGINT;
CREATE INDEX deal_origin ON deal (account, origin) WHERE origin IS NOT NULL;
CREATE TABLE account_alias (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
	server TEXT COLLATE "C" NOT NULL, login BIGINT NOT NULL,
	account BIGINT NOT NULL REFERENCES account,
	UNIQUE (server, login)
);
CREATE TABLE account_merge (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
	account_from BIGINT NOT NULL REFERENCES account,
	account_into BIGINT NOT NULL REFERENCES account,
	shadow BIGINT REFERENCES account,
	at_utc_ms BIGINT NOT NULL,
	who TEXT COLLATE "C" NOT NULL,
	undone BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE account_merge_row (
	merge BIGINT NOT NULL,
	what TEXT COLLATE "C" NOT NULL,
	id BIGINT NOT NULL,
	PRIMARY KEY (merge, what, id)
);
DROP TRIGGER verdict_stays ON verdict;
CREATE TRIGGER verdict_stays BEFORE UPDATE OF id, period, at_msc, word, status,
	value, level, balance, equity, low, baseline, estimated, rules, evidence
	ON verdict FOR EACH ROW EXECUTE FUNCTION refused('a verdict is never changed');

-- migration: 12
-- Which coordinator does a job, where several share a ledger in PostgreSQL
-- (lease.h): until when, by the database's clock, and the fencing token.
CREATE TABLE lease (
	job TEXT NOT NULL,
	shard TEXT NOT NULL,
	holder TEXT NOT NULL,
	until_utc_ms INTEGER NOT NULL,
	token INTEGER NOT NULL,
	PRIMARY KEY (job, shard)
) WITHOUT ROWID;

-- migration: 13
-- Who acknowledged which alert; it counts for what began before that.
CREATE TABLE alert_ack (
	alert TEXT PRIMARY KEY,
	at_utc_ms INTEGER NOT NULL,
	who TEXT NOT NULL
) WITHOUT ROWID;
-- What each target of alerts is to be told (sent_utc_ms NULL), and was.
CREATE TABLE alert_outbox (
	id INTEGER PRIMARY KEY,
	target TEXT NOT NULL,
	notice TEXT NOT NULL, -- the same one is never queued twice
	alert TEXT NOT NULL,
	what INTEGER NOT NULL, -- enum alert_due
	level INTEGER NOT NULL,
	body TEXT NOT NULL, -- JSON
	queued_utc_ms INTEGER NOT NULL,
	unsure INTEGER NOT NULL DEFAULT 0, -- tried, and it may have arrived
	sent_utc_ms INTEGER,
	dropped TEXT, -- why it was never sent
	UNIQUE (target, notice)
);
CREATE INDEX alert_outbox_waiting ON alert_outbox (target, id)
	WHERE sent_utc_ms IS NULL;
-- Which open alerts each target was told of.
CREATE TABLE alert_told (
	target TEXT NOT NULL,
	alert TEXT NOT NULL,
	level INTEGER NOT NULL,
	began_utc_ms INTEGER NOT NULL, -- when it was due there first
	last_utc_ms INTEGER NOT NULL,  -- and last, for the repeat
	escalated INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (target, alert)
) WITHOUT ROWID;
-- How the sending to each target goes.
CREATE TABLE alert_target (
	name TEXT PRIMARY KEY,
	sent INTEGER NOT NULL DEFAULT 0,
	sent_utc_ms INTEGER NOT NULL DEFAULT 0,
	failures INTEGER NOT NULL DEFAULT 0, -- in a row
	failed_since_utc_ms INTEGER NOT NULL DEFAULT 0,
	try_utc_ms INTEGER NOT NULL DEFAULT 0, -- not before
	permanent INTEGER NOT NULL DEFAULT 0, -- it will not heal by itself
	error TEXT
) WITHOUT ROWID;

-- migration: 14
-- How far each web hook was told of the ledger's events, and of which payouts.
CREATE TABLE hook (
	target TEXT PRIMARY KEY,
	audit_id INTEGER NOT NULL,
	verdict_id INTEGER NOT NULL,
	live_id TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE hook_payout (
	target TEXT NOT NULL,
	account INTEGER NOT NULL REFERENCES account,
	ticket INTEGER NOT NULL,
	PRIMARY KEY (target, account, ticket)
) WITHOUT ROWID;

-- migration: 15
-- Who muted what until when: an alert's key, SERVER/LOGIN, or all.
CREATE TABLE alert_mute (
	alert TEXT PRIMARY KEY,
	at_utc_ms INTEGER NOT NULL,
	until_utc_ms INTEGER NOT NULL,
	who TEXT NOT NULL
) WITHOUT ROWID;

-- migration: 16
-- Who is logged in, by the SHA-256 of the session's id.
CREATE TABLE session (
	digest TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	csrf TEXT NOT NULL,
	-- of the user when it began: he is another one since, and it is over
	user_changed_utc_ms INTEGER NOT NULL,
	began_utc_ms INTEGER NOT NULL,
	until_utc_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_until ON session (until_utc_ms);

-- migration: 17
-- Which accounts were given to whom (lib/fleet/scope.h); '': all.
ALTER TABLE "user" ADD COLUMN accounts TEXT NOT NULL DEFAULT '';
ALTER TABLE token ADD COLUMN accounts TEXT NOT NULL DEFAULT '';

-- migration: 18
-- What the accounts cost and brought in, as people said it. kind split: amount is
-- the share in percent that is paid of each payout from then on.
CREATE TABLE business_entry (
	id INTEGER PRIMARY KEY,
	at_utc_ms INTEGER NOT NULL,
	kind TEXT NOT NULL, -- fee reset cost refund payout split
	amount NUMERIC NOT NULL,
	currency TEXT, -- NULL: of a split
	account INTEGER REFERENCES account,
	firm TEXT, holder TEXT, note TEXT, -- NULL: those of the account
	who TEXT NOT NULL,
	entered_utc_ms INTEGER NOT NULL,
	removed INTEGER NOT NULL DEFAULT 0
);

-- name: revision_get
SELECT n FROM revision;
-- name: revision_bump
UPDATE revision SET n = n + 1;
-- only: written_add postgresql
WITH bumped AS (UPDATE revision SET n = n + 1)
INSERT INTO written (id, at_utc_ms) VALUES (?, ?);
-- only: written_find postgresql
UPDATE written SET at_utc_ms = at_utc_ms WHERE id = ? RETURNING 1;
-- only: written_trim postgresql
DELETE FROM written WHERE at_utc_ms < ?;

-- list: db_now
(extract(epoch FROM clock_timestamp()) * 1000)::bigint
-- only: lease_take postgresql
-- free, over, or the holder's own, whose token stays: a process of his that is
-- still there is ended by the lock file. Of another holder it is greater than
-- any before, by the clock also where a failover lost the last ones.
INSERT INTO lease AS l (job, shard, holder, until_utc_ms, token)
SELECT ?1, ?2, ?3, @db_now@ + ?4, @db_now@
WHERE NOT EXISTS (SELECT 1 FROM lease o WHERE o.job = ?1 AND o.shard = ?2 AND
	o.until_utc_ms > @db_now@ AND o.holder <> ?3)
ON CONFLICT (job, shard) DO UPDATE SET holder = EXCLUDED.holder,
	until_utc_ms = @db_now@ + ?4,
	token = CASE WHEN l.holder = EXCLUDED.holder THEN l.token
		ELSE greatest(l.token + 1, @db_now@) END
WHERE l.until_utc_ms <= @db_now@ OR l.holder = EXCLUDED.holder
RETURNING token;
-- only: lease_find postgresql
SELECT holder, until_utc_ms = 0 FROM lease WHERE job = ?1 AND shard = ?2;
-- only: lease_list postgresql
SELECT job, shard, holder, until_utc_ms - @db_now@ FROM lease
WHERE until_utc_ms > @db_now@ ORDER BY job, shard;
-- only: lease_renew postgresql
UPDATE lease SET until_utc_ms = @db_now@ + ?4
WHERE job = ?1 AND shard = ?2 AND token = ?3;
-- only: lease_end postgresql
UPDATE lease SET until_utc_ms = 0
WHERE job = ?1 AND shard = ?2 AND token = ?3;
-- only: idle_limit postgresql
SELECT set_config('idle_in_transaction_session_timeout', ?, true);
-- only: lease_held postgresql
-- nobody takes it over before this transaction has ended
SELECT 1 FROM lease WHERE job = ?1 AND shard = ?2 AND token = ?3 FOR SHARE;

-- name: account_find
-- the one that it was joined into, or that was called so before
SELECT coalesce(merged_into, id) FROM account WHERE server = ?1 AND login = ?2
UNION ALL
SELECT account FROM account_alias WHERE server = ?1 AND login = ?2
LIMIT 1;
-- name: account_add
INSERT INTO account (server, login, node, currency, company, name,
	currency_digits, trade_mode, margin_mode, leverage, offset_s,
	first_seen_msc)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
RETURNING id;
-- name: account_told
-- a row where what was told now differs from what is known
SELECT 1 FROM account WHERE id = ?1 AND (
	coalesce(?2, node) IS DISTINCT FROM node OR
	coalesce(?3, currency) IS DISTINCT FROM currency OR
	coalesce(?4, company) IS DISTINCT FROM company OR
	coalesce(?5, name) IS DISTINCT FROM name OR
	coalesce(?6, currency_digits) IS DISTINCT FROM currency_digits OR
	coalesce(?7, trade_mode) IS DISTINCT FROM trade_mode OR
	coalesce(?8, margin_mode) IS DISTINCT FROM margin_mode OR
	coalesce(?9, leverage) IS DISTINCT FROM leverage OR
	coalesce(?10, offset_s) IS DISTINCT FROM offset_s);
-- name: account_update
UPDATE account SET node = coalesce(?2, node),
	currency = coalesce(?3, currency), company = coalesce(?4, company),
	name = coalesce(?5, name),
	currency_digits = coalesce(?6, currency_digits),
	trade_mode = coalesce(?7, trade_mode),
	margin_mode = coalesce(?8, margin_mode),
	leverage = coalesce(?9, leverage), offset_s = coalesce(?10, offset_s)
WHERE id = ?1;
-- name: account_list
-- ?1 an id or NULL, ?2 a login or NULL
SELECT a.id, a.version, a.server, a.login, a.node, a.currency, a.company,
	a.name, a.currency_digits, a.trade_mode, a.margin_mode, a.leverage,
	a.offset_s, a.first_seen_msc, a.holder, a.prop_firm, a.vs_group,
	a.note, a.tags, a.rule_set, r.name,
	p.id, p.phase, p.status, p.started_msc, p.ended_msc,
	p.initial_balance, p.start_balance, p.start_equity,
	p.paused_until_msc, p.who, p.note, p.high, p.entered_utc_ms,
	s.state, s.error, s.sync_msc, s.full_msc, b.last_msc, b.deals,
	b.missing, s.balance, s.credit, s.residue, s.credit_residue,
	s.checked_msc, s.residue_note,
	d.day_msc, d.next_msc, d.date, d.balance, d.equity, d.estimated,
	d.low, d.high, d.opened, d.closed, d.net, d.flows,
	(SELECT CASE WHEN count(*) = count(utc_msc) THEN
		coalesce(money_sum(money_add(profit, commission, swap, fee)), 0) END
	 FROM deal
	 WHERE account = a.id AND (kind = 2 OR (kind = 3 AND meaning = 9)) AND
		kind <> 0 AND excluded = 0 AND time_msc > d.day_msc - 54000000 AND
		coalesce(counts_utc_ms, d.day_msc) >= d.day_msc),
	-- since the firm's last reset of the account, if there was one
	(SELECT CASE WHEN count(*) = count(utc_msc) THEN
		coalesce(money_sum(money_add(profit, commission, swap, fee)), 0) END
	 FROM deal
	 WHERE account = a.id AND (kind = 2 OR (kind = 3 AND meaning = 9)) AND
		kind <> 0 AND excluded = 0 AND time_msc > p.started_msc - 54000000 AND
		coalesce(counts_utc_ms, p.started_msc + 1) > coalesce(
			(SELECT max(x.counts_utc_ms) FROM deal x
			 WHERE x.account = a.id AND x.kind <> 0 AND
				x.meaning = 4 AND x.excluded = 0 AND
				x.counts_utc_ms > p.started_msc),
			p.started_msc)),
	(SELECT coalesce(money_sum(money_add(profit, commission, swap, fee)), 0)
	 FROM deal
	 WHERE account = a.id AND kind = 3 AND kind <> 0 AND meaning = 9 AND
		excluded = 0),
	b.trades_net, b.costs, b.flows,
	(SELECT coalesce(money_sum(money_add(profit, commission, swap, fee)), 0)
	 FROM deal WHERE account = a.id AND origin IS NOT NULL AND
		excluded = 0 AND kind <> 3),
	(SELECT count(*) FROM deal
	 WHERE account = a.id AND kind <> 0 AND missing_msc = 0),
	coalesce((SELECT max(counts_utc_ms) FROM deal
	 WHERE account = a.id AND kind <> 0), 0),
	m.limits, a.utc_zone
FROM account a
LEFT JOIN rule_set r ON r.id = a.rule_set
LEFT JOIN phase_period p ON p.account = a.id AND p.ended_msc IS NULL AND
	p.undone = 0
LEFT JOIN sync s ON s.account = a.id
LEFT JOIN book b ON b.account = a.id
LEFT JOIN day d ON d.account = a.id AND
	d.day_msc = (SELECT max(day_msc) FROM day WHERE account = a.id)
LEFT JOIN limits m ON m.account = a.id
WHERE (a.id = ?1 OR ?1 IS NULL) AND (a.login = ?2 OR ?2 IS NULL) AND
	a.merged_into IS NULL
ORDER BY a.server, a.login;

-- name: account_merged
SELECT CASE WHEN merged_into IS NULL THEN 0 ELSE 1 END FROM account WHERE id = ?;
-- name: account_name
SELECT server, login FROM account WHERE id = ?;
-- name: account_rename
UPDATE account SET server = ?2, login = ?3 WHERE id = ?1;
-- name: alias_add
INSERT INTO account_alias (account, server, login) VALUES (?1, ?2, ?3)
ON CONFLICT (server, login) DO UPDATE SET account = excluded.account;
-- name: alias_clear
DELETE FROM account_alias WHERE account = ?1 AND server = ?2 AND login = ?3;
-- name: alias_list
SELECT server, login, account FROM account_alias
UNION ALL
SELECT server, login, merged_into FROM account
WHERE merged_into IS NOT NULL AND id NOT IN (
	SELECT shadow FROM account_merge WHERE shadow IS NOT NULL);

-- name: merge_differing
SELECT f.ticket FROM deal f JOIN deal i ON i.ticket = f.ticket
WHERE f.account = ?1 AND i.account = ?2 AND NOT (
	f."order" = i."order" AND f.time_msc = i.time_msc AND
	f.type = i.type AND f.entry = i.entry AND f.magic = i.magic AND
	f.position_id = i.position_id AND f.reason = i.reason AND
	coalesce(f.volume, -1) = coalesce(i.volume, -1) AND
	coalesce(f.price, -1) = coalesce(i.price, -1) AND
	f.commission = i.commission AND f.swap = i.swap AND
	f.profit = i.profit AND f.fee = i.fee AND f.symbol = i.symbol AND
	f.comment = i.comment)
ORDER BY f.ticket;
-- name: merge_preview
SELECT (SELECT count(*) FROM deal WHERE account = ?1 AND ticket NOT IN (
		SELECT ticket FROM deal WHERE account = ?2)),
	(SELECT count(*) FROM deal WHERE account = ?1 AND ticket IN (
		SELECT ticket FROM deal WHERE account = ?2)),
	(SELECT count(*) FROM trade WHERE account = ?1),
	(SELECT count(*) FROM equity WHERE account = ?1),
	(SELECT count(*) FROM phase_period WHERE account = ?1 AND undone = 0),
	(SELECT count(*) FROM verdict WHERE account = ?1),
	(SELECT coalesce(min(time_msc), 0) FROM deal WHERE account = ?1),
	(SELECT coalesce(max(time_msc), 0) FROM deal WHERE account = ?1);
-- name: merge_add
INSERT INTO account_merge (account_from, account_into, at_utc_ms, who)
VALUES (?, ?, ?, ?)
RETURNING id;
-- name: merge_shadow
UPDATE account_merge SET shadow = ?2 WHERE id = ?1;
-- name: merge_get
SELECT account_from, account_into, shadow FROM account_merge
WHERE id = ? AND undone = 0;
-- name: merge_later
SELECT 1 FROM account_merge WHERE undone = 0 AND id > ?1 AND
	(account_into = ?2 OR account_from = ?2);
-- name: merge_undone
UPDATE account_merge SET undone = 1 WHERE id = ?;
-- name: merge_note
INSERT INTO account_merge_row (merge, what, id) VALUES (?, ?, ?);
-- name: merge_shadow_add
INSERT INTO account (server, login, node, currency, company, name,
	currency_digits, trade_mode, margin_mode, leverage, offset_s,
	first_seen_msc, holder, prop_firm, vs_group, note, tags, rule_set,
	merged_into)
SELECT ?2, login, node, currency, company, name, currency_digits, trade_mode,
	margin_mode, leverage, offset_s, first_seen_msc, holder, prop_firm,
	vs_group, note, tags, rule_set, id
FROM account WHERE id = ?1
RETURNING id;
-- name: merge_copy_sync
INSERT INTO sync (account, state, error, sync_msc, full_msc, balance, credit,
	residue, credit_residue, checked_msc, residue_note)
SELECT ?2, state, error, sync_msc, full_msc, balance, credit, residue,
	credit_residue, checked_msc, residue_note
FROM sync WHERE account = ?1;
-- name: merge_copy_state
INSERT INTO rule_state (account, period, state)
SELECT ?2, period, state FROM rule_state WHERE account = ?1;
-- name: merge_clear_sync
DELETE FROM sync WHERE account = ?;
-- name: merge_clear_state
DELETE FROM rule_state WHERE account = ?;
-- name: merge_texts
-- what it has no text of its own for
UPDATE account SET
	holder = coalesce(holder, (SELECT f.holder FROM account f WHERE f.id = ?2)),
	prop_firm = coalesce(prop_firm,
		(SELECT f.prop_firm FROM account f WHERE f.id = ?2)),
	vs_group = coalesce(vs_group,
		(SELECT f.vs_group FROM account f WHERE f.id = ?2)),
	note = coalesce(note, (SELECT f.note FROM account f WHERE f.id = ?2)),
	tags = CASE WHEN tags = '[]'
		THEN (SELECT f.tags FROM account f WHERE f.id = ?2)
		ELSE tags END,
	rule_set = coalesce(rule_set,
		(SELECT f.rule_set FROM account f WHERE f.id = ?2))
WHERE id = ?1;
-- name: merge_texts_back
-- ?2 what it was before, ?3 whose texts it took; one changed since stays
UPDATE account SET
	holder = CASE WHEN (SELECT s.holder FROM account s WHERE s.id = ?2) IS NULL
		AND holder = (SELECT f.holder FROM account f WHERE f.id = ?3)
		THEN NULL ELSE holder END,
	prop_firm = CASE WHEN
		(SELECT s.prop_firm FROM account s WHERE s.id = ?2) IS NULL
		AND prop_firm = (SELECT f.prop_firm FROM account f WHERE f.id = ?3)
		THEN NULL ELSE prop_firm END,
	vs_group = CASE WHEN
		(SELECT s.vs_group FROM account s WHERE s.id = ?2) IS NULL
		AND vs_group = (SELECT f.vs_group FROM account f WHERE f.id = ?3)
		THEN NULL ELSE vs_group END,
	note = CASE WHEN (SELECT s.note FROM account s WHERE s.id = ?2) IS NULL
		AND note = (SELECT f.note FROM account f WHERE f.id = ?3)
		THEN NULL ELSE note END,
	tags = CASE WHEN (SELECT s.tags FROM account s WHERE s.id = ?2) = '[]'
		AND tags = (SELECT f.tags FROM account f WHERE f.id = ?3)
		THEN '[]' ELSE tags END,
	rule_set = CASE WHEN
		(SELECT s.rule_set FROM account s WHERE s.id = ?2) IS NULL
		AND rule_set = (SELECT f.rule_set FROM account f WHERE f.id = ?3)
		THEN NULL ELSE rule_set END
WHERE id = ?1;
-- name: merge_hide
UPDATE account SET merged_into = ?1 WHERE id = ?2;
-- name: merge_unhide
UPDATE account SET merged_into = NULL WHERE id = ?;
-- name: merge_reopen
-- the current period that had to end, where there is no other one now
UPDATE phase_period SET ended_msc = NULL WHERE id IN (
	SELECT id FROM account_merge_row WHERE merge = ?1 AND what = 'ended')
	AND NOT EXISTS (SELECT 1 FROM phase_period o
		WHERE o.account = phase_period.account AND
			o.ended_msc IS NULL AND o.undone = 0);
-- name: merge_stale
-- positions of which the second still has a part
INSERT INTO trade_stale (account, position_id)
SELECT DISTINCT CAST(?1 AS BIGINT), position_id FROM trade
WHERE account = ?2 AND imported = 0
ON CONFLICT (account, position_id) DO NOTHING;

-- which rows of the first go to the second, and the move, both ways
-- name: merge_note_deal
INSERT INTO account_merge_row (merge, what, id)
SELECT ?1, 'deal', ticket FROM deal WHERE account = ?2 AND ticket NOT IN (
	SELECT ticket FROM deal WHERE account = ?3);
-- name: merge_move_deal
UPDATE deal SET account = ?3,
	origin = CASE WHEN ?2 = (SELECT account_from FROM account_merge
			WHERE account_merge.id = ?1)
		THEN coalesce(origin, ?2)
		ELSE nullif(origin, ?3) END
WHERE account = ?2 AND ticket IN (
	SELECT id FROM account_merge_row WHERE merge = ?1 AND what = 'deal');
-- name: merge_move_version
UPDATE deal_version SET account = ?3 WHERE account = ?2 AND ticket IN (
	SELECT id FROM account_merge_row WHERE merge = ?1 AND what = 'deal');
-- name: merge_move_void
UPDATE deal_void SET account = ?3 WHERE account = ?2 AND ticket IN (
	SELECT id FROM account_merge_row WHERE merge = ?1 AND what = 'deal');
-- name: merge_copy_told
-- a payout that a target was told of is not told again under the other name
INSERT INTO hook_payout (target, account, ticket)
SELECT target, CAST(?3 AS BIGINT), ticket FROM hook_payout
WHERE account = ?2 AND ticket IN (
	SELECT id FROM account_merge_row WHERE merge = ?1 AND what = 'deal')
ON CONFLICT DO NOTHING;
-- name: merge_note_trade
INSERT INTO account_merge_row (merge, what, id)
SELECT DISTINCT CAST(?1 AS BIGINT), 'trade', position_id FROM trade
WHERE account = ?2 AND position_id NOT IN (
	SELECT position_id FROM trade WHERE account = ?3);
-- name: merge_move_trade
UPDATE trade SET account = ?3 WHERE account = ?2 AND position_id IN (
	SELECT id FROM account_merge_row WHERE merge = ?1 AND what = 'trade');
-- name: merge_note_equity
INSERT INTO account_merge_row (merge, what, id)
SELECT ?1, 'equity', slot FROM equity WHERE account = ?2 AND slot NOT IN (
	SELECT slot FROM equity WHERE account = ?3);
-- name: merge_move_equity
UPDATE equity SET account = ?3 WHERE account = ?2 AND slot IN (
	SELECT id FROM account_merge_row WHERE merge = ?1 AND what = 'equity');
-- name: merge_note_day
INSERT INTO account_merge_row (merge, what, id)
SELECT ?1, 'day', day_msc FROM day WHERE account = ?2 AND day_msc NOT IN (
	SELECT day_msc FROM day WHERE account = ?3);
-- name: merge_move_day
UPDATE day SET account = ?3 WHERE account = ?2 AND day_msc IN (
	SELECT id FROM account_merge_row WHERE merge = ?1 AND what = 'day');
-- name: merge_note_period
INSERT INTO account_merge_row (merge, what, id)
SELECT ?1, 'period', id FROM phase_period
WHERE account = ?2 AND account <> ?3;
-- name: merge_move_period
UPDATE phase_period SET account = ?3 WHERE account = ?2 AND id IN (
	SELECT id FROM account_merge_row WHERE merge = ?1 AND what = 'period');
-- name: merge_note_verdict
INSERT INTO account_merge_row (merge, what, id)
SELECT ?1, 'verdict', id FROM verdict WHERE account = ?2 AND account <> ?3;
-- name: merge_move_verdict
UPDATE verdict SET account = ?3 WHERE account = ?2 AND id IN (
	SELECT id FROM account_merge_row WHERE merge = ?1 AND what = 'verdict');
-- name: merge_move_annulled
UPDATE verdict_annulled SET account = ?3 WHERE account = ?2 AND verdict IN (
	SELECT id FROM account_merge_row WHERE merge = ?1 AND what = 'verdict');
-- name: merge_note_audit
INSERT INTO account_merge_row (merge, what, id)
SELECT ?1, 'audit', id FROM audit WHERE account = ?2 AND account <> ?3;
-- name: merge_move_audit
UPDATE audit SET account = ?3 WHERE account = ?2 AND id IN (
	SELECT id FROM account_merge_row WHERE merge = ?1 AND what = 'audit');
-- name: merge_note_imported
INSERT INTO account_merge_row (merge, what, id)
SELECT ?1, 'imported', position_id FROM imported_trade
WHERE account = ?2 AND position_id NOT IN (
	SELECT position_id FROM imported_trade WHERE account = ?3);
-- name: merge_move_imported
UPDATE imported_trade SET account = ?3 WHERE account = ?2 AND position_id IN (
	SELECT id FROM account_merge_row WHERE merge = ?1 AND what = 'imported');
-- name: merge_note_merged
-- those that were joined into it before
INSERT INTO account_merge_row (merge, what, id)
SELECT ?1, 'merged', id FROM account WHERE merged_into = ?2 AND id <> ?3;
-- name: merge_move_merged
UPDATE account SET merged_into = ?3 WHERE merged_into = ?2 AND id IN (
	SELECT id FROM account_merge_row WHERE merge = ?1 AND what = 'merged');
-- name: merge_note_alias
INSERT INTO account_merge_row (merge, what, id)
SELECT ?1, 'alias', id FROM account_alias
WHERE account = ?2 AND account <> ?3;
-- name: merge_move_alias
UPDATE account_alias SET account = ?3 WHERE account = ?2 AND id IN (
	SELECT id FROM account_merge_row WHERE merge = ?1 AND what = 'alias');
-- name: merge_note_sheet
INSERT INTO account_merge_row (merge, what, id)
SELECT ?1, 'sheet ' || r.sheet || '/' || r.tab, r."row" FROM sheet_row r
WHERE (r."key" = ?2 OR substr(r."key", 1, length(?2) + 1) = ?2 || '#') AND
	NOT EXISTS (SELECT 1 FROM sheet_row o WHERE o.sheet = r.sheet AND
		o.tab = r.tab AND
		o."key" = ?3 || substr(r."key", length(?2) + 1));
-- name: merge_move_sheet
UPDATE sheet_row SET "key" = ?3 || substr("key", length(?2) + 1)
WHERE (sheet_row."key" = ?2 OR
		substr(sheet_row."key", 1, length(?2) + 1) = ?2 || '#') AND
	EXISTS (SELECT 1 FROM account_merge_row m
		WHERE m.merge = ?1 AND m.id = sheet_row."row" AND
			m.what = 'sheet ' || sheet_row.sheet || '/' || sheet_row.tab);
-- name: sheet_rename
UPDATE sheet_row SET "key" = ?3 || substr("key", length(?2) + 1)
WHERE ("key" = ?2 OR substr("key", 1, length(?2) + 1) = ?2 || '#') AND
	CAST(?1 AS BIGINT) = 0;
-- name: book_clear
DELETE FROM book WHERE account = ?;
-- name: book_count
INSERT INTO book (account, deals, missing, last_msc, trades_net, costs, flows,
	credit)
SELECT account, count(*), sum(CASE WHEN missing_msc <> 0 THEN 1 ELSE 0 END),
	max(time_msc),
	coalesce(money_sum(CASE WHEN kind = 0 AND excluded = 0 THEN
		money_add(profit, commission, swap, fee) END), 0),
	coalesce(money_sum(CASE WHEN kind = 1 AND excluded = 0 THEN
		money_add(profit, commission, swap, fee) END), 0),
	coalesce(money_sum(CASE WHEN kind = 2 AND excluded = 0 THEN
		money_add(profit, commission, swap, fee) END), 0),
	coalesce(money_sum(CASE WHEN kind = 3 AND excluded = 0 THEN
		money_add(profit, commission, swap, fee) END), 0)
FROM deal WHERE account = ? GROUP BY account;
-- name: sync_doubt
-- its deals are others now: all are read again, and held against the balance
UPDATE sync SET full_msc = 0, residue = NULL, credit_residue = NULL,
	residue_note = NULL WHERE account = ?;
-- name: merge_currencies
SELECT f.currency, i.currency FROM account f, account i
WHERE f.id = ?1 AND i.id = ?2 AND f.currency <> i.currency;
-- name: account_origin
SELECT id FROM account WHERE server = ? AND login = ? AND merged_into IS NOT NULL;
-- name: carried_sums
-- ?2 0: of all that came with other accounts
SELECT coalesce(money_sum(CASE WHEN kind <> 3 THEN
		money_add(profit, commission, swap, fee) END), 0),
	coalesce(money_sum(CASE WHEN kind = 3 THEN
		money_add(profit, commission, swap, fee) END), 0)
FROM deal WHERE account = ?1 AND origin IS NOT NULL AND excluded = 0 AND
	(?2 = 0 OR origin = ?2);
-- name: merge_note_origin
-- what came under its old name since
INSERT INTO account_merge_row (merge, what, id)
SELECT ?1, 'deal', ticket FROM deal WHERE account = ?2 AND origin = ?3
ON CONFLICT (merge, what, id) DO NOTHING;
-- name: void_add
INSERT INTO deal_void (account, ticket, was, reason, who, at_utc_ms)
VALUES (?, ?, ?, ?, ?, ?);
-- name: void_was
SELECT was FROM deal_void WHERE account = ? AND ticket = ?;
-- name: void_clear
DELETE FROM deal_void WHERE account = ? AND ticket = ?;

-- list: deal_columns
-- in the order of ledger_take_deal
ticket, "order", time, time_msc, type, entry, magic, position_id, reason,
volume, price, commission, swap, profit, fee, symbol, comment, external_id, sl,
tp, offset_s, utc_msc, missing_msc, excluded, utc_estimated, seen_utc_ms,
meaning, meaning_why, meaning_who, cancels,
CASE WHEN excluded = 3 THEN (SELECT v.reason FROM deal_void v
	WHERE v.account = deal.account AND v.ticket = deal.ticket) END, origin
-- name: deal_get
SELECT @deal_columns@ FROM deal WHERE account = ? AND ticket = ?;
-- name: deal_add
-- the broker's clock and ours differ by seconds; more is a wrong date
INSERT INTO deal (account, ticket, "order", time, time_msc, type, entry,
	magic, position_id, reason, volume, price, commission, swap, profit,
	fee, symbol, comment, external_id, sl, tp, kind, offset_s, utc_msc,
	excluded, utc_estimated, seen_utc_ms, counts_utc_ms, origin)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
	?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27,
	CASE WHEN CAST(?24 AS BIGINT) > CAST(?27 AS BIGINT) + 90000
		THEN ?27 ELSE ?24 END, ?28);
-- name: deal_change
UPDATE deal SET "order" = ?3, time = ?4, time_msc = ?5, type = ?6,
	entry = ?7, magic = ?8, position_id = ?9, reason = ?10, volume = ?11,
	price = ?12, commission = ?13, swap = ?14, profit = ?15, fee = ?16,
	symbol = ?17, comment = ?18, external_id = ?19, sl = ?20, tp = ?21,
	kind = ?22, offset_s = ?23, utc_msc = ?24, excluded = ?25,
	utc_estimated = ?26,
	counts_utc_ms = CASE WHEN ?24 > seen_utc_ms + 90000 THEN seen_utc_ms
		ELSE ?24 END,
	missing_msc = 0, origin = ?27
WHERE account = ?1 AND ticket = ?2;
-- name: deal_clock
-- what the UTC of an account's deals is made from, in the order of tickets
SELECT ticket, time_msc, offset_s, seen_utc_ms, utc_msc, utc_estimated FROM deal
WHERE account = ? AND time_msc >= ? AND time_msc < ? ORDER BY ticket;
-- name: deal_bounds
SELECT min(time_msc), max(time_msc) FROM deal WHERE account = ?;
-- name: deal_utc
UPDATE deal SET utc_msc = ?3, utc_estimated = ?4,
	counts_utc_ms = CASE WHEN ?3 > seen_utc_ms + 90000 THEN seen_utc_ms
		ELSE ?3 END
WHERE account = ?1 AND ticket = ?2;
-- name: deal_meaning
UPDATE deal SET meaning = ?3, meaning_why = ?4, meaning_who = ?5, cancels = ?6,
	kind = ?7
WHERE account = ?1 AND ticket = ?2;
-- name: deal_opposite
-- earlier deals of the opposite amount that nothing takes back yet
SELECT d.ticket, d.position_id, d.kind FROM deal d
WHERE d.account = ?1 AND (d.time_msc, d.ticket) < (?2, ?3) AND
	d.time_msc >= ?2 - 7776000000 AND d.excluded = 0 AND
	CASE WHEN d.kind = 3 THEN 1 ELSE 0 END = ?5 AND
	(money_add(d.profit, d.commission, d.swap, d.fee) = ?6 OR
		d.profit = ?7) AND
	NOT EXISTS (SELECT 1 FROM deal c WHERE c.account = ?1 AND
		c.kind <> 0 AND c.cancels = d.ticket AND c.ticket <> ?4)
ORDER BY d.time_msc DESC, d.ticket DESC LIMIT 100;
-- name: flow_any
SELECT 1 FROM deal WHERE account = ? AND kind <> 0 AND time_msc >= ? LIMIT 1;
-- name: flow_rules
SELECT r.rules, nullif(s.value, '')
FROM account a LEFT JOIN rule_set r ON r.id = a.rule_set
LEFT JOIN setting s ON s.name = ?2
WHERE a.id = ?1;
-- name: flow_before
SELECT coalesce(money_sum(money_add(profit, commission, swap, fee)), 0),
	(SELECT residue FROM sync WHERE account = ?3),
	(SELECT count(*) FROM deal WHERE account = ?4 AND time_msc < ?5 AND
		kind = 3 AND kind <> 0 AND meaning = 9 AND excluded = 0)
FROM deal WHERE account = ?1 AND time_msc < ?2 AND kind <> 3 AND excluded = 0;
-- name: flow_stale_add
INSERT INTO flow_stale (account) SELECT id FROM account
WHERE id = ?1 OR ?1 IS NULL
ON CONFLICT (account) DO NOTHING;
-- name: flow_stale
SELECT 1 FROM flow_stale WHERE account = ?;
-- name: flow_stale_clear
DELETE FROM flow_stale WHERE account = ?;
-- name: flow_stale_sync
INSERT INTO flow_stale (account)
SELECT a.id FROM account a LEFT JOIN sync s ON s.account = a.id
WHERE a.id = ?1 AND coalesce(s.residue, 0) <> coalesce(?2, 0)
ON CONFLICT (account) DO NOTHING;
-- name: flow_stale_rules
INSERT INTO flow_stale (account) SELECT id FROM account WHERE rule_set = ?
ON CONFLICT (account) DO NOTHING;
-- name: setting_get
SELECT value FROM setting WHERE name = ?;
-- name: setting_put
INSERT INTO setting (name, value) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
-- name: deal_version_add
INSERT INTO deal_version (account, ticket, replaced_msc, deal)
VALUES (?, ?, ?, ?);
-- name: deal_missing
UPDATE deal SET missing_msc = ? WHERE account = ? AND ticket = ?;
-- name: deal_span
SELECT ticket, time_msc, missing_msc FROM deal
WHERE account = ? AND (time_msc, ticket) > (?, ?) AND
	(time_msc, ticket) <= (?, ?) AND coalesce(origin, 0) = ?
ORDER BY time_msc, ticket;
-- name: deal_list
SELECT @deal_columns@ FROM deal WHERE account = ? AND (time_msc, ticket) > (?, ?)
ORDER BY time_msc, ticket LIMIT ?;
-- name: deal_list_back
SELECT @deal_columns@ FROM deal WHERE account = ? AND (time_msc, ticket) < (?, ?)
ORDER BY time_msc DESC, ticket DESC LIMIT ?;
-- name: cash_list
SELECT @deal_columns@ FROM deal WHERE account = ? AND (time_msc, ticket) > (?, ?) AND kind <> 0
ORDER BY time_msc, ticket LIMIT ?;
-- name: cash_list_back
SELECT @deal_columns@ FROM deal WHERE account = ? AND (time_msc, ticket) < (?, ?) AND kind <> 0
ORDER BY time_msc DESC, ticket DESC LIMIT ?;
-- name: position_deals
-- by itself SQLite reads all deals of the account, in the order of tickets
SELECT @deal_columns@ FROM deal INDEXED BY deal_position
WHERE account = ? AND position_id = ? AND kind = 0
ORDER BY ticket;
-- name: position_utc
SELECT utc_msc, utc_estimated FROM deal INDEXED BY deal_position
WHERE account = ? AND position_id = ? AND kind = 0 AND time_msc = ? AND
	utc_msc IS NOT NULL
ORDER BY ticket LIMIT 1;
-- name: position_costs
SELECT coalesce(money_sum(money_add(profit, commission, swap, fee)), 0)
FROM deal INDEXED BY deal_position_cost
WHERE account = ? AND position_id = ? AND kind = 1 AND position_id <> 0 AND
	excluded = 0;
-- name: deal_sums
SELECT count(*),
	coalesce(money_sum(CASE kind WHEN 0 THEN money_add(profit, commission, swap, fee)
		END), 0),
	coalesce(money_sum(CASE kind WHEN 1 THEN money_add(profit, commission, swap, fee)
		END), 0),
	coalesce(money_sum(CASE kind WHEN 2 THEN money_add(profit, commission, swap, fee)
		END), 0),
	coalesce(money_sum(CASE kind WHEN 3 THEN money_add(profit, commission, swap, fee)
		END), 0),
	(SELECT count(*) FROM trade WHERE account = ?1 AND imported = 1)
FROM deal WHERE account = ?1 AND excluded = 0;
-- name: deal_exclude
UPDATE deal SET excluded = ?3 WHERE account = ?1 AND ticket = ?2;
-- name: deal_doubtful
-- those of which the balance may say that they count, or count no more
SELECT ticket, position_id, type, meaning, excluded, missing_msc, profit,
	commission, swap, fee
FROM deal WHERE account = ? AND kind <> 3 AND
	(missing_msc <> 0 OR excluded IN (1, 2) OR type IN (13, 14))
	AND excluded <> 3 AND origin IS NULL
ORDER BY missing_msc DESC, position_id, ticket;
-- name: deal_excluded_sum
SELECT count(*), coalesce(money_sum(money_add(profit, commission, swap, fee)), 0)
FROM deal WHERE account = ? AND excluded = ?;

-- the running sums are in the table `book`, which is no spreadsheet
-- name: running_sums_add
INSERT INTO book (account, deals, missing, last_msc, trades_net, costs, flows,
	credit)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (account) DO UPDATE SET deals = book.deals + excluded.deals,
	missing = book.missing + excluded.missing,
	last_msc = CASE WHEN excluded.last_msc > book.last_msc
		THEN excluded.last_msc ELSE book.last_msc END,
	trades_net = money_add(book.trades_net, excluded.trades_net),
	costs = money_add(book.costs, excluded.costs),
	flows = money_add(book.flows, excluded.flows),
	credit = money_add(book.credit, excluded.credit);

-- name: trade_clear
-- ?3: the imported one gives way, too
DELETE FROM trade WHERE account = ?1 AND position_id = ?2 AND
	(imported = 0 OR ?3 <> 0);
-- name: trade_stale_add
INSERT INTO trade_stale (account, position_id) VALUES (?, ?)
ON CONFLICT DO NOTHING;
-- name: trade_stale_list
SELECT position_id FROM trade_stale WHERE account = ?;
-- name: trade_stale_clear
DELETE FROM trade_stale WHERE account = ?;
-- list: trade_stored
-- in the order of trade_fields (trade_fields.c)
position_id, part, symbol, type, volume_in, volume_out, time_open_msc,
time_close_msc, price_open, price_close, profit, commission, swap, fee, net,
state, reason, deals, imported, first_msc, close_by, changed_msc, ticket_close,
costs, ticket_open
-- list: trade_columns
t.account, a.currency_digits, a.server, a.login, a.currency, @trade_stored@,
(SELECT o.utc_msc FROM deal o
	WHERE o.account = t.account AND o.ticket = t.ticket_open),
(SELECT c.utc_msc FROM deal c
	WHERE c.account = t.account AND c.ticket = t.ticket_close),
(SELECT max(e.utc_estimated) FROM deal e
	WHERE e.account = t.account AND e.ticket IN (t.ticket_open, t.ticket_close))
-- name: trade_add
INSERT INTO trade (account, @trade_stored@)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
	?, ?, ?);
-- name: trade_list
SELECT @trade_columns@
FROM trade t JOIN account a ON a.id = t.account
WHERE t.account = ?1 AND (t.first_msc, t.position_id, t.part) > (?2, ?3, ?4)
	AND t.first_msc >= ?5 AND t.first_msc <= ?6 AND t.changed_msc > ?7
ORDER BY t.first_msc, t.position_id, t.part LIMIT ?8;
-- name: trade_list_back
SELECT @trade_columns@
FROM trade t JOIN account a ON a.id = t.account
WHERE t.account = ?1 AND (t.first_msc, t.position_id, t.part) < (?2, ?3, ?4)
	AND t.first_msc >= ?5 AND t.first_msc <= ?6 AND t.changed_msc > ?7
ORDER BY t.first_msc DESC, t.position_id DESC, t.part DESC LIMIT ?8;
-- name: trade_list_all
SELECT @trade_columns@
FROM account a JOIN trade t ON t.account = a.id
WHERE t.first_msc >= ? AND t.first_msc <= ? AND t.changed_msc > ?
ORDER BY a.id, t.first_msc, t.position_id, t.part;
-- name: orphan_list
SELECT DISTINCT t.position_id FROM trade t INDEXED BY trade_orphan
LEFT JOIN orphan_asked o ON o.account = t.account AND
	o.position_id = t.position_id
WHERE t.account = ? AND t.state = 3 AND
	coalesce(o.asked_msc, 0) <= ? - 86400000;
-- name: orphan_asked
INSERT INTO orphan_asked (account, position_id, asked_msc) VALUES (?, ?, ?)
ON CONFLICT (account, position_id) DO UPDATE SET asked_msc = excluded.asked_msc;

-- name: sync_get
SELECT s.state, s.error, s.sync_msc, s.full_msc, b.last_msc, b.deals,
	b.missing, s.balance, s.credit, s.residue, s.credit_residue,
	s.checked_msc, s.residue_note
FROM sync s LEFT JOIN book b ON b.account = s.account WHERE s.account = ?;
-- name: sync_put
INSERT INTO sync (account, state, error, sync_msc, full_msc,
	balance, credit, residue, credit_residue, checked_msc, residue_note)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (account) DO UPDATE SET state = excluded.state,
	error = excluded.error, sync_msc = excluded.sync_msc,
	full_msc = excluded.full_msc, balance = excluded.balance,
	credit = excluded.credit, residue = excluded.residue,
	credit_residue = excluded.credit_residue,
	checked_msc = excluded.checked_msc,
	residue_note = excluded.residue_note;
-- name: running_sums_get
SELECT deals, trades_net, costs, flows, credit FROM book WHERE account = ?;
-- name: cursor_get
SELECT "full", begun_msc, after_msc, after_ticket FROM sync_cursor
WHERE account = ?;
-- name: cursor_put
INSERT INTO sync_cursor (account, "full", begun_msc, after_msc,
	after_ticket)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (account) DO UPDATE SET "full" = excluded."full",
	begun_msc = excluded.begun_msc, after_msc = excluded.after_msc,
	after_ticket = excluded.after_ticket;
-- name: cursor_clear
DELETE FROM sync_cursor WHERE account = ?;

-- list: equity_newer
	low = money_min(equity.low, excluded.low),
	high = money_max(equity.high, excluded.high),
	balance = CASE WHEN excluded.at_msc >= equity.at_msc
		THEN excluded.balance ELSE equity.balance END,
	credit = CASE WHEN excluded.at_msc >= equity.at_msc
		THEN excluded.credit ELSE equity.credit END,
	equity = CASE WHEN excluded.at_msc >= equity.at_msc
		THEN excluded.equity ELSE equity.equity END,
	at_msc = CASE WHEN excluded.at_msc >= equity.at_msc
		THEN excluded.at_msc ELSE equity.at_msc END
-- name: equity_put
INSERT INTO equity (account, slot, span_s, at_msc, balance, credit, equity,
	low, high)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (account, slot) DO UPDATE SET
	@equity_newer@;
-- name: equity_put postgresql
INSERT INTO equity (account, slot, span_s, at_msc, balance, credit, equity,
	low, high)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (account, slot, span_s) DO UPDATE SET
	@equity_newer@;
-- only: samples_find postgresql
-- of each account that a list tells of: which it is, whether that is an old name
-- of it, and whether what was told now differs from what is known
SELECT coalesce(a.merged_into, a.id, n.account, 0),
	CASE WHEN a.merged_into IS NULL THEN 0 ELSE 1 END,
	CASE WHEN t.id IS NOT NULL AND a.merged_into IS NULL AND (
		coalesce(s.node, t.node) IS DISTINCT FROM t.node OR
		coalesce(s.currency, t.currency) IS DISTINCT FROM t.currency OR
		coalesce(s.company, t.company) IS DISTINCT FROM t.company OR
		coalesce(s.name, t.name) IS DISTINCT FROM t.name OR
		coalesce(s.currency_digits, t.currency_digits)
			IS DISTINCT FROM t.currency_digits OR
		coalesce(s.trade_mode, t.trade_mode)
			IS DISTINCT FROM t.trade_mode OR
		coalesce(s.margin_mode, t.margin_mode)
			IS DISTINCT FROM t.margin_mode OR
		coalesce(s.leverage, t.leverage) IS DISTINCT FROM t.leverage OR
		coalesce(s.offset_s, t.offset_s) IS DISTINCT FROM t.offset_s)
	THEN 1 ELSE 0 END
FROM (SELECT u.server COLLATE "C" AS server, u.login,
		u.node COLLATE "C" AS node, u.currency COLLATE "C" AS currency,
		u.company COLLATE "C" AS company, u.name COLLATE "C" AS name,
		u.currency_digits, u.trade_mode, u.margin_mode, u.leverage,
		u.offset_s, u.i
	FROM unnest(?1::text[], ?2::bigint[], ?3::text[], ?4::text[], ?5::text[],
		?6::text[], ?7::bigint[], ?8::bigint[], ?9::bigint[],
		?10::bigint[], ?11::bigint[]) WITH ORDINALITY
		AS u (server, login, node, currency, company, name,
			currency_digits, trade_mode, margin_mode, leverage,
			offset_s, i)) AS s
LEFT JOIN account a ON a.server = s.server AND a.login = s.login
LEFT JOIN account_alias n ON a.id IS NULL AND n.server = s.server AND
	n.login = s.login
LEFT JOIN account t ON t.id = coalesce(a.merged_into, a.id, n.account)
ORDER BY s.i;
-- only: samples_put postgresql
INSERT INTO equity (account, slot, span_s, at_msc, balance, credit, equity,
	low, high)
SELECT * FROM unnest(?1::bigint[], ?2::bigint[], ?3::bigint[], ?4::bigint[],
	?5::numeric[], ?6::numeric[], ?7::numeric[], ?8::numeric[],
	?9::numeric[])
ON CONFLICT (account, slot, span_s) DO UPDATE SET
	@equity_newer@;
-- only: equity_room postgresql
SELECT equity_room(?);
-- name: equity_list
SELECT at_msc, span_s, balance, credit, equity, low, high FROM equity
WHERE account = ? AND slot >= ? AND slot < ? ORDER BY slot;
-- name: equity_steps
-- ?1 account, ?2 <= slot < ?3, ?4 a step in s: what stood last in each
SELECT e.at_msc, e.span_s, e.balance, e.credit, e.equity, e.low, e.high
FROM (SELECT max(slot) AS last_slot FROM equity
	WHERE account = ?1 AND slot >= ?2 AND slot < ?3
	GROUP BY slot / ?4) AS g
JOIN equity e ON e.account = ?1 AND e.slot = g.last_slot
ORDER BY e.slot;
-- name: equity_thin
-- ?1 account, ?2 span_s, ?3 <= slot < ?4
-- what stood last in each, and the lowest and highest of all
INSERT INTO equity (account, slot, span_s, at_msc, balance, credit, equity,
	low, high)
SELECT e.account, e.slot / ?2 * ?2, ?2, e.at_msc, e.balance, e.credit,
	e.equity, g.lowest, g.highest
FROM (SELECT max(slot) AS last_slot, money_min(low) AS lowest,
		money_max(high) AS highest
	FROM equity WHERE account = ?1 AND slot >= ?3 AND slot < ?4
	GROUP BY slot / ?2) AS g
JOIN equity e ON e.account = ?1 AND e.slot = g.last_slot
WHERE true
ON CONFLICT (account, slot) DO UPDATE SET span_s = excluded.span_s,
	at_msc = excluded.at_msc, balance = excluded.balance,
	credit = excluded.credit, equity = excluded.equity,
	low = excluded.low, high = excluded.high;
-- name: equity_thin postgresql
-- a slot can have a late minute beside what was thinned before
INSERT INTO equity (account, slot, span_s, at_msc, balance, credit, equity,
	low, high)
SELECT DISTINCT ON (e.slot / ?2) e.account, e.slot / ?2 * ?2, ?2, e.at_msc,
	e.balance, e.credit, e.equity, g.lowest, g.highest
FROM (SELECT max(slot) AS last_slot, money_min(low) AS lowest,
		money_max(high) AS highest
	FROM equity WHERE account = ?1 AND slot >= ?3 AND slot < ?4
	GROUP BY slot / ?2) AS g
JOIN equity e ON e.account = ?1 AND e.slot = g.last_slot
ORDER BY e.slot / ?2, e.at_msc DESC
ON CONFLICT (account, slot, span_s) DO UPDATE SET at_msc = excluded.at_msc,
	balance = excluded.balance, credit = excluded.credit,
	equity = excluded.equity, low = excluded.low, high = excluded.high;
-- name: equity_thinned
DELETE FROM equity WHERE account = ? AND span_s < ? AND slot >= ? AND slot < ?;
-- name: equity_oldest
-- the oldest slot that is still finer than ?2
SELECT min(slot) FROM equity WHERE account = ? AND span_s < ?;

-- name: day_put
INSERT INTO day (account, day_msc, next_msc, date, balance, equity,
	estimated, low, high, opened, closed, net, flows)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (account, day_msc) DO UPDATE SET next_msc = excluded.next_msc,
	date = excluded.date, balance = excluded.balance,
	equity = excluded.equity, estimated = excluded.estimated,
	low = excluded.low, high = excluded.high, opened = excluded.opened,
	closed = excluded.closed, net = excluded.net, flows = excluded.flows;
-- name: day_list
SELECT day_msc, next_msc, date, balance, equity, estimated, low, high, opened,
	closed, net, flows
FROM day WHERE account = ? AND day_msc >= ? AND day_msc < ? ORDER BY day_msc;
-- name: day_at
SELECT day_msc, next_msc, date, balance, equity, estimated, low, high, opened,
	closed, net, flows
FROM day WHERE account = ? AND day_msc <= ? AND next_msc > ? ORDER BY day_msc;
-- name: day_forget
DELETE FROM day WHERE account = ? AND next_msc > ?;
-- name: day_sums
-- entries by the server's own deals (reasons 7 to 9) are no trading
SELECT count(DISTINCT CASE WHEN kind = 0 AND entry IN (0, 2) AND
		reason NOT IN (7, 8, 9) THEN position_id END),
	count(DISTINCT CASE WHEN kind = 0 AND entry IN (1, 2, 3) AND
		reason NOT IN (7, 8, 9) THEN position_id END),
	coalesce(money_sum(CASE WHEN kind IN (0, 1)
		THEN money_add(profit, commission, swap, fee) END), 0),
	coalesce(money_sum(CASE WHEN kind = 2 OR (kind = 3 AND meaning = 9)
		THEN money_add(profit, commission, swap, fee) END), 0)
FROM deal WHERE account = ?1 AND counts_utc_ms >= ?2 AND
	counts_utc_ms < ?3 AND excluded = 0;
-- name: trade_nets
SELECT money_sum(money_add(profit, commission, swap, fee)) FROM deal
WHERE account = ?1 AND kind = 0 AND excluded = 0 AND counts_utc_ms < ?3 AND
	position_id IN (SELECT position_id FROM deal
		WHERE account = ?1 AND kind = 0 AND excluded = 0 AND
			entry IN (1, 2, 3) AND reason NOT IN (7, 8, 9) AND
			counts_utc_ms >= ?2 AND counts_utc_ms < ?3)
GROUP BY position_id ORDER BY position_id;
-- name: flow_list
-- a flow that another one takes back is nothing by itself
SELECT d.counts_utc_ms, money_add(d.profit, d.commission, d.swap, d.fee),
	d.ticket, d.meaning, CASE WHEN d.kind = 3 THEN 1 ELSE 0 END, d.cancels,
	CASE WHEN EXISTS (SELECT 1 FROM deal c WHERE c.account = ?1 AND
		c.kind = 2 AND c.kind <> 0 AND c.cancels = d.ticket AND
		c.excluded = 0) THEN 1 ELSE 0 END
FROM deal d
WHERE d.account = ?1 AND (d.kind = 2 OR (d.kind = 3 AND d.meaning = 9)) AND
	d.excluded = 0 AND d.counts_utc_ms > ?2 AND d.counts_utc_ms <= ?3
ORDER BY d.counts_utc_ms, d.ticket;
-- name: capital_before
SELECT coalesce(money_sum(money_add(profit, commission, swap, fee)), 0) FROM deal
WHERE account = ?1 AND kind = 3 AND kind <> 0 AND meaning = 9 AND
	excluded = 0 AND coalesce(counts_utc_ms, 0) <= ?2;
-- name: flow_unplaced
SELECT 1 FROM deal
WHERE account = ?1 AND (kind = 2 OR (kind = 3 AND meaning = 9)) AND kind <> 0 AND
	utc_msc IS NULL AND excluded = 0 AND time_msc > ?2 - 54000000 LIMIT 1;

-- name: statistics_deals
-- credit that is capital (meaning 9) is a flow
SELECT ticket, time_msc, utc_msc, counts_utc_ms,
	CASE WHEN kind = 3 THEN 2 ELSE kind END, entry, reason,
	position_id, volume, profit, commission, swap, fee
FROM deal WHERE account = ? AND (kind <> 3 OR meaning = 9) AND excluded = 0
ORDER BY position_id, ticket;
-- name: statistics_imported
SELECT time_close_msc, volume_out, profit, commission, net FROM trade
WHERE account = ? AND imported = 1 AND time_close_msc <> 0
ORDER BY time_close_msc, position_id;
-- name: statistics_trades
-- ?2 since: of what was closed then; what is open is so now
SELECT t.state, count(*) FROM trade t
LEFT JOIN deal d ON d.account = t.account AND d.ticket = t.ticket_close
WHERE t.account = ?1 AND t.imported = 0 AND t.state <> 4 AND
	(CAST(?2 AS BIGINT) = 0 OR t.state IN (0, 1) OR d.counts_utc_ms >= ?2)
GROUP BY t.state;

-- name: rule_state_get
SELECT period, state FROM rule_state WHERE account = ?;
-- name: rule_state_put
INSERT INTO rule_state (account, period, state) VALUES (?, ?, ?)
ON CONFLICT (account) DO UPDATE SET period = excluded.period,
	state = excluded.state;
-- name: limits_put
INSERT INTO limits (account, limits) VALUES (?, ?)
ON CONFLICT (account) DO UPDATE SET limits = excluded.limits;
-- name: limits_clear
DELETE FROM limits WHERE account = ?;
-- name: limits_clear_rules
DELETE FROM limits WHERE account IN (
	SELECT id FROM account WHERE rule_set = ?);
-- name: verdict_add
INSERT INTO verdict (account, period, at_msc, word, status, value, level,
	balance, equity, low, baseline, estimated, rules, evidence)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
-- name: verdict_list
SELECT v.id, v.account, v.period, v.at_msc, v.word, v.status, v.value, v.level,
	v.balance, v.equity, v.low, v.baseline, v.estimated, v.rules, v.evidence,
	a.at_utc_ms, a.who, a.reason
FROM verdict v LEFT JOIN verdict_annulled a ON a.account = v.account AND
	a.verdict = v.id
WHERE v.account = ? ORDER BY v.id DESC;
-- name: verdict_annulled_list
SELECT v.id, v.at_msc, v.word, a.at_utc_ms
FROM verdict v JOIN verdict_annulled a ON a.account = v.account AND
	a.verdict = v.id
WHERE v.account = ? AND v.period = ? ORDER BY v.at_msc, v.id;
-- name: verdict_annul
INSERT INTO verdict_annulled (account, verdict, at_utc_ms, who, reason)
VALUES (?, ?, ?, ?, ?);
-- name: verdict_restore
DELETE FROM verdict_annulled WHERE account = ? AND verdict = ?;
-- name: verdict_target
-- a target of that period that was reached, and stands
SELECT 1 FROM verdict v LEFT JOIN verdict_annulled a ON a.account = v.account AND
	a.verdict = v.id
WHERE v.account = ? AND v.period = ? AND v.word = 'target_reached' AND
	a.verdict IS NULL LIMIT 1;

-- name: offset_again
-- ?3 now; the same since ?4 is one observation
UPDATE server_offset SET last_utc_ms = ?3
WHERE server = ?1 AND offset_s = ?2 AND last_utc_ms <= ?3 AND last_utc_ms >= ?4;
-- name: offset_lately
SELECT 1 FROM server_offset
WHERE server = ? AND offset_s = ? AND last_utc_ms > ?;
-- name: offset_add
INSERT INTO server_offset (server, offset_s, first_utc_ms, last_utc_ms)
VALUES (?1, ?2, ?3, ?3);
-- name: offset_list
SELECT offset_s, first_utc_ms, last_utc_ms FROM server_offset
WHERE server = ? ORDER BY first_utc_ms, offset_s;
-- name: offset_of_account
-- of its server, or its own where the server's was not noted yet
SELECT o.offset_s, o.first_utc_ms, o.last_utc_ms
FROM account a JOIN server_offset o ON o.server = a.server WHERE a.id = ?1
UNION ALL
SELECT a.offset_s, 0, 0 FROM account a
WHERE a.id = ?1 AND a.offset_s IS NOT NULL AND NOT EXISTS (
	SELECT 1 FROM server_offset o WHERE o.server = a.server)
ORDER BY 2, 1;
-- list: zone_in_force
CASE WHEN z.typed = 1 THEN z.typed_zone ELSE z.proposed_zone END
-- list: zone_vouched
CASE WHEN z.typed = 1 AND z.typed_zone IS NOT NULL THEN 1 ELSE 0 END
-- list: zone_columns
a.server, z.typed, z.typed_zone, z.who, z.typed_utc_ms, z.proposed_zone,
z.reason, z.looked_utc_ms, count(*), max(a.offset_s), min(a.offset_s),
coalesce((SELECT max(o.first_utc_ms) FROM server_offset o
	WHERE o.server = a.server), 0)
-- list: zone_from
FROM account a LEFT JOIN server_zone z ON z.server = a.server
-- list: zone_group
GROUP BY a.server, z.typed, z.typed_zone, z.who, z.typed_utc_ms,
	z.proposed_zone, z.reason, z.looked_utc_ms
-- name: zone_list
SELECT @zone_columns@ @zone_from@ @zone_group@ ORDER BY a.server;
-- name: zone_get
SELECT @zone_columns@ @zone_from@ WHERE a.server = ? @zone_group@;
-- name: zone_type
INSERT INTO server_zone (server, typed, typed_zone, who, typed_utc_ms)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (server) DO UPDATE SET typed = ?2, typed_zone = ?3, who = ?4,
	typed_utc_ms = ?5;
-- name: zone_propose
INSERT INTO server_zone (server, proposed_zone, reason, looked_utc_ms)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (server) DO UPDATE SET proposed_zone = ?2, reason = ?3,
	looked_utc_ms = ?4;
-- name: zone_typed
SELECT typed, typed_zone FROM server_zone WHERE server = ?;
-- name: zone_carry
-- what is proposed stands until it is looked at anew
INSERT INTO server_zone (server, proposed_zone, reason)
SELECT CAST(?2 AS TEXT), proposed_zone, reason FROM server_zone
WHERE server = ?1 AND proposed_zone IS NOT NULL
ON CONFLICT (server) DO NOTHING;
-- name: offset_carry
INSERT INTO server_offset (server, offset_s, first_utc_ms, last_utc_ms)
SELECT CAST(?2 AS TEXT), o.offset_s, o.first_utc_ms, o.last_utc_ms
FROM server_offset o
WHERE o.server = ?1 AND NOT EXISTS (
	SELECT 1 FROM server_offset n WHERE n.server = ?2);
-- name: zone_half_hours
SELECT DISTINCT d.symbol, d.time_msc / 1800000
FROM account a JOIN deal d ON d.account = a.id
WHERE a.server = ? AND d.kind = 0 AND d.reason NOT IN (7, 8, 9) AND
	d.symbol <> '' AND d.excluded = 0;
-- name: zone_accounts
SELECT id FROM account WHERE server = ? ORDER BY id;
-- name: zone_stale
-- accounts whose deals' UTC are by another zone than is in force
SELECT a.id FROM account a LEFT JOIN server_zone z ON z.server = a.server
WHERE a.utc_zone IS DISTINCT FROM @zone_in_force@ OR
	a.utc_typed <> @zone_vouched@
ORDER BY a.id;
-- name: zone_of_account
SELECT a.utc_zone, a.utc_typed, @zone_in_force@, @zone_vouched@
FROM account a LEFT JOIN server_zone z ON z.server = a.server WHERE a.id = ?;
-- name: zone_applied
UPDATE account SET utc_zone = ?2, utc_typed = ?3 WHERE id = ?1;

-- name: version_bump
UPDATE account SET version = version + 1
WHERE id = ?1 AND (?2 < 0 OR version = ?2);
-- name: account_exists
SELECT 1 FROM account WHERE id = ?;
-- name: period_current
SELECT id, phase, status, started_msc, ended_msc, initial_balance,
	start_balance, start_equity, paused_until_msc, who, note, high,
	entered_utc_ms
FROM phase_period WHERE account = ? AND ended_msc IS NULL AND undone = 0;
-- name: period_list
SELECT id, phase, status, started_msc, ended_msc, initial_balance,
	start_balance, start_equity, paused_until_msc, who, note, high,
	entered_utc_ms
FROM phase_period WHERE account = ? AND undone = 0
ORDER BY started_msc DESC, id DESC;
-- name: period_end
UPDATE phase_period SET ended_msc = ? WHERE account = ? AND id = ?;
-- name: period_add
INSERT INTO phase_period (account, phase, status, started_msc,
	initial_balance, start_balance, start_equity, paused_until_msc, who,
	note, high, entered_utc_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
RETURNING id;
-- name: period_update
UPDATE phase_period SET status = ?3, initial_balance = ?4,
	paused_until_msc = ?5, note = ?6, started_msc = ?7, high = ?8,
	entered_utc_ms = ?9
WHERE account = ?1 AND id = ?2;
-- name: period_undo
UPDATE phase_period SET undone = 1 WHERE account = ? AND id = ?;
-- name: period_reopen
-- the one that ended when the undone one began
UPDATE phase_period SET ended_msc = NULL WHERE account = ?1 AND id = (
	SELECT id FROM phase_period
	WHERE account = ?1 AND undone = 0 AND id < ?2
	ORDER BY started_msc DESC, id DESC LIMIT 1);
-- name: period_in_way
-- one that lasted then; the current one ends where a new one begins
SELECT phase, started_msc, ended_msc FROM phase_period
WHERE account = ?1 AND undone = 0 AND id <> ?2 AND
	((ended_msc IS NOT NULL AND ended_msc > ?3) OR
		(ended_msc IS NULL AND started_msc >= ?4))
ORDER BY started_msc DESC LIMIT 1;
-- name: phase_start
SELECT (SELECT min(counts_utc_ms) FROM deal WHERE account = ?1 AND excluded = 0),
	(SELECT max(counts_utc_ms) FROM deal WHERE account = ?2 AND kind <> 0 AND
		meaning = 4 AND excluded = 0),
	(SELECT max(ended_msc) FROM phase_period WHERE account = ?3 AND undone = 0);
-- name: phase_days
SELECT count(DISTINCT time_msc / 86400000), count(DISTINCT position_id),
	(SELECT count(*) FROM equity WHERE account = ?3 AND slot >= ?4 AND
		slot <= ?5)
FROM deal WHERE account = ?1 AND kind = 0 AND entry IN (0, 2) AND
	reason NOT IN (7, 8, 9) AND excluded = 0 AND counts_utc_ms >= ?2;
-- name: balance_at
SELECT count(*), coalesce(money_sum(money_add(profit, commission, swap, fee)), 0),
	(SELECT residue FROM sync WHERE account = ?3),
	(SELECT count(*) FROM deal WHERE account = ?4 AND excluded = 0 AND
		counts_utc_ms IS NULL)
FROM deal WHERE account = ?1 AND (kind <> 3 OR meaning = 9) AND
	excluded = 0 AND counts_utc_ms <= ?2;
-- name: balance_steps
SELECT counts_utc_ms, money_add(profit, commission, swap, fee),
	CASE WHEN kind IN (2, 3) THEN 1 ELSE 0 END
FROM deal WHERE account = ? AND (kind <> 3 OR meaning = 9) AND excluded = 0 AND
	counts_utc_ms > ? AND counts_utc_ms <= ?
ORDER BY counts_utc_ms, ticket;
-- name: meta_get
SELECT holder, prop_firm, vs_group, note, tags, rule_set FROM account
WHERE id = ?;
-- name: meta_put
UPDATE account SET holder = ?2, prop_firm = ?3, vs_group = ?4, note = ?5,
	tags = ?6, rule_set = ?7
WHERE id = ?1;

-- name: audit_add
INSERT INTO audit (at_msc, who, action, account, field, "from", "to", balance,
	equity, period)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
-- name: audit_get
SELECT account, field, "from", "to", period FROM audit
WHERE id = ? AND undone = 0 AND action IN ('edit', 'import');
-- name: audit_undone
UPDATE audit SET undone = 1 WHERE id = ?;
-- name: audit_list
SELECT u.id, u.at_msc, u.who, u.action, u.account, a.server, a.login, u.field,
	u."from", u."to", u.balance, u.equity, u.undone
FROM audit u LEFT JOIN account a ON a.id = u.account
WHERE u.id < ? ORDER BY u.id DESC LIMIT ?;
-- name: audit_list_account
SELECT u.id, u.at_msc, u.who, u.action, u.account, a.server, a.login, u.field,
	u."from", u."to", u.balance, u.equity, u.undone
FROM audit u JOIN account a ON a.id = u.account
WHERE u.id < ? AND u.account = ? ORDER BY u.id DESC LIMIT ?;

-- name: rule_set_list
SELECT id, version, name, firm, program, source_url, verified_on, rules, preset
FROM rule_set ORDER BY name;
-- name: rule_set_get
SELECT id, version, name, firm, program, source_url, verified_on, rules, preset
FROM rule_set WHERE id = ?;
-- name: rule_set_named
SELECT id, version, name, firm, program, source_url, verified_on, rules, preset
FROM rule_set WHERE name = ?;
-- name: rule_set_add
INSERT INTO rule_set (name, firm, program, source_url, verified_on, rules,
	preset)
VALUES (?, ?, ?, ?, ?, ?, ?)
RETURNING id;
-- name: rule_set_used
SELECT count(*) FROM account WHERE rule_set = ?;
-- name: rule_set_remove
DELETE FROM rule_set WHERE id = ?;
-- name: rule_set_change
UPDATE rule_set SET name = ?2, firm = ?3, program = ?4, source_url = ?5,
	verified_on = ?6, rules = ?7, preset = ?8, version = version + ?9
WHERE id = ?1;

-- name: user_get
SELECT name, role, hash, changed_msc, disabled, accounts FROM "user"
WHERE name = ?;
-- name: user_list
SELECT name, role, hash, changed_msc, disabled, accounts FROM "user"
ORDER BY name;
-- name: user_put
-- ?6 NULL: those that he has, or all of a new one
INSERT INTO "user" AS u (name, role, hash, changed_msc, disabled, accounts)
VALUES (?1, ?2, ?3, ?4, ?5, coalesce(?6, ''))
ON CONFLICT (name) DO UPDATE SET role = excluded.role, hash = excluded.hash,
	changed_msc = excluded.changed_msc, disabled = excluded.disabled,
	accounts = coalesce(?6, u.accounts);

-- name: session_add
INSERT INTO session (digest, name, csrf, user_changed_utc_ms, began_utc_ms,
	until_utc_ms)
VALUES (?, ?, ?, ?, ?, ?);
-- name: session_find
SELECT u.name, u.role, s.csrf, u.accounts FROM session s JOIN "user" u ON u.name = s.name
WHERE s.digest = ? AND s.until_utc_ms > ? AND u.disabled = 0 AND
	u.changed_msc = s.user_changed_utc_ms;
-- name: session_list
-- of a user
SELECT digest FROM session WHERE name = ?;
-- name: session_end
DELETE FROM session WHERE digest = ?;
-- name: session_end_old
DELETE FROM session WHERE until_utc_ms <= ?;
-- name: session_end_all
DELETE FROM session;

-- name: token_find
SELECT name, digest, scope, created_msc, expires_msc, who, accounts FROM token
WHERE digest = ?;
-- name: token_list
SELECT name, digest, scope, created_msc, expires_msc, who, accounts FROM token
ORDER BY name;
-- name: token_add
INSERT INTO token (name, digest, scope, created_msc, expires_msc, who, accounts)
VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;
-- name: token_remove
DELETE FROM token WHERE name = ?;

-- name: ack_put
INSERT INTO alert_ack (alert, at_utc_ms, who) VALUES (?, ?, ?)
ON CONFLICT (alert) DO UPDATE SET at_utc_ms = excluded.at_utc_ms,
	who = excluded.who;
-- name: ack_list
SELECT alert, at_utc_ms, who FROM alert_ack ORDER BY alert;
-- name: ack_remove
DELETE FROM alert_ack WHERE alert = ?;
-- name: mute_put
INSERT INTO alert_mute (alert, at_utc_ms, until_utc_ms, who) VALUES (?, ?, ?, ?)
ON CONFLICT (alert) DO UPDATE SET at_utc_ms = excluded.at_utc_ms,
	until_utc_ms = excluded.until_utc_ms, who = excluded.who;
-- name: mute_list
SELECT alert, at_utc_ms, until_utc_ms, who FROM alert_mute
WHERE until_utc_ms > ? ORDER BY alert;
-- name: mute_any
SELECT count(*) FROM alert_mute
WHERE alert = ? AND until_utc_ms > ?;
-- name: mute_remove
DELETE FROM alert_mute WHERE alert = ?;
-- name: mute_forget
DELETE FROM alert_mute WHERE until_utc_ms < ?;
-- name: ack_forget
DELETE FROM alert_ack WHERE at_utc_ms < ?;

-- list: outbox
id, target, notice, alert, what, level, body, queued_utc_ms, unsure
-- name: outbox_add
INSERT INTO alert_outbox (target, notice, alert, what, level, body,
	queued_utc_ms, sent_utc_ms, dropped)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;
-- name: outbox_waiting
SELECT @outbox@ FROM alert_outbox
WHERE target = ? AND sent_utc_ms IS NULL ORDER BY id LIMIT 500;
-- name: outbox_count
SELECT target, count(*), min(queued_utc_ms) FROM alert_outbox
WHERE sent_utc_ms IS NULL GROUP BY target ORDER BY target;
-- name: outbox_sent
UPDATE alert_outbox SET sent_utc_ms = ?2 WHERE id = ?1;
-- name: outbox_drop
UPDATE alert_outbox SET sent_utc_ms = ?2, dropped = ?3 WHERE id = ?1;
-- name: outbox_unsure
UPDATE alert_outbox SET unsure = 1 WHERE id = ?;
-- name: outbox_forget
DELETE FROM alert_outbox WHERE sent_utc_ms < ?;

-- name: told_put
INSERT INTO alert_told (target, alert, level, began_utc_ms, last_utc_ms)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (target, alert) DO UPDATE SET level = excluded.level,
	began_utc_ms = excluded.began_utc_ms,
	last_utc_ms = excluded.last_utc_ms, escalated = 0;
-- name: told_again
UPDATE alert_told SET last_utc_ms = ?3 WHERE target = ?1 AND alert = ?2;
-- name: told_escalated
UPDATE alert_told SET escalated = 1 WHERE target = ?1 AND alert = ?2;
-- name: told_list
SELECT target, alert, level, began_utc_ms, last_utc_ms, escalated
FROM alert_told ORDER BY alert, target;
-- name: told_remove
DELETE FROM alert_told WHERE target = ? AND alert = ?;

-- name: target_list
SELECT name, sent, sent_utc_ms, failures, failed_since_utc_ms, try_utc_ms,
	permanent, error,
	(SELECT count(*) FROM alert_outbox o
	 WHERE o.target = alert_target.name AND o.sent_utc_ms IS NULL)
FROM alert_target ORDER BY name;
-- name: target_put
INSERT INTO alert_target (name, sent, sent_utc_ms, failures,
	failed_since_utc_ms, try_utc_ms, permanent, error)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET sent = excluded.sent,
	sent_utc_ms = excluded.sent_utc_ms, failures = excluded.failures,
	failed_since_utc_ms = excluded.failed_since_utc_ms,
	try_utc_ms = excluded.try_utc_ms, permanent = excluded.permanent,
	error = excluded.error;
-- name: target_remove
DELETE FROM alert_target WHERE name = ?;

-- name: hook_get
SELECT target, audit_id, verdict_id, live_id FROM hook WHERE target = ?;
-- name: hook_begin
INSERT INTO hook (target, audit_id, verdict_id, live_id)
VALUES (?1, (SELECT coalesce(max(id), 0) FROM audit),
	(SELECT coalesce(max(id), 0) FROM verdict), ?2)
ON CONFLICT DO NOTHING;
-- name: hook_payouts_begin
INSERT INTO hook_payout (target, account, ticket)
SELECT CAST(?1 AS TEXT), account, ticket FROM deal
WHERE kind <> 0 AND meaning = 3 AND excluded = 0
ON CONFLICT DO NOTHING;
-- name: hook_put
INSERT INTO hook (target, audit_id, verdict_id, live_id) VALUES (?, ?, ?, ?)
ON CONFLICT (target) DO UPDATE SET audit_id = excluded.audit_id,
	verdict_id = excluded.verdict_id, live_id = excluded.live_id;
-- name: audit_after
SELECT u.id, u.at_msc, u.who, u.action, u.account, a.server, a.login, u.field,
	u."from", u."to"
FROM audit u JOIN account a ON a.id = u.account
WHERE u.id > ? AND u.at_msc < ? ORDER BY u.id LIMIT ?;
-- name: verdict_after
SELECT v.id, v.at_msc, a.server, a.login, v.word, v.status, v.value, v.level,
	v.balance, v.equity, (SELECT count(*) FROM verdict_annulled n
		WHERE n.account = v.account AND n.verdict = v.id)
FROM verdict v JOIN account a ON a.id = v.account
WHERE v.id > ? ORDER BY v.id LIMIT ?;
-- name: payout_untold
SELECT d.account, d.ticket, a.server, a.login, a.currency, d.comment, d.profit,
	d.counts_utc_ms, d.seen_utc_ms
FROM deal d JOIN account a ON a.id = d.account
WHERE d.kind <> 0 AND d.meaning = 3 AND d.excluded = 0 AND
	a.merged_into IS NULL AND NOT EXISTS (
	SELECT 1 FROM hook_payout h
	WHERE h.target = ?1 AND h.account = d.account AND h.ticket = d.ticket)
ORDER BY coalesce(d.counts_utc_ms, d.seen_utc_ms), d.account, d.ticket
LIMIT ?2;
-- name: payout_told
INSERT INTO hook_payout (target, account, ticket) VALUES (?, ?, ?)
ON CONFLICT DO NOTHING;
-- list: business_columns
-- in the order of take (business.c)
b.id, b.at_utc_ms, b.kind, b.amount, b.currency, a.id, a.server, a.login,
coalesce(b.firm, a.prop_firm), coalesce(b.holder, a.holder), b.note, b.who,
b.entered_utc_ms, b.removed
-- name: business_list
SELECT @business_columns@ FROM business_entry b
LEFT JOIN account o ON o.id = b.account
LEFT JOIN account a ON a.id = coalesce(o.merged_into, o.id)
WHERE b.removed = 0 ORDER BY b.at_utc_ms, b.id;
-- name: business_get
SELECT @business_columns@ FROM business_entry b
LEFT JOIN account o ON o.id = b.account
LEFT JOIN account a ON a.id = coalesce(o.merged_into, o.id)
WHERE b.id = ?;
-- name: business_add
INSERT INTO business_entry (at_utc_ms, kind, amount, currency, account, firm,
	holder, note, who, entered_utc_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
RETURNING id;
-- name: business_removed
UPDATE business_entry SET removed = ?2 WHERE id = ?1 AND removed <> ?2;
-- name: business_flows
-- less what a correction took back; a joined account's deals that stayed behind
-- are those that the other one has, too
SELECT d.ticket, coalesce(d.counts_utc_ms, 0), d.time_msc,
	money_add(d.profit, coalesce((SELECT money_sum(c.profit) FROM deal c
		WHERE c.account = d.account AND c.kind = 2 AND c.kind <> 0 AND
			c.cancels = d.ticket AND c.excluded = 0), 0)),
	a.currency, a.id, a.server, a.login, a.prop_firm, a.holder, d.comment
FROM deal d JOIN account a ON a.id = d.account
WHERE d.kind <> 0 AND d.meaning = 3 AND d.excluded = 0 AND
	a.merged_into IS NULL
ORDER BY coalesce(d.counts_utc_ms, d.time_msc), d.account, d.ticket;

-- list: join
name, digest, note, who, created_utc_ms, expires_utc_ms, came_utc_ms, address,
	url, certificate, token
-- name: join_list
SELECT @join@ FROM node_join ORDER BY name;
-- name: join_get
SELECT @join@ FROM node_join WHERE name = ?;
-- name: join_find
SELECT @join@ FROM node_join WHERE digest = ?;
-- name: join_forget
-- what was asked for again, or is over for a day, unless it came
DELETE FROM node_join
WHERE came_utc_ms IS NULL AND (name = ?1 OR expires_utc_ms < ?2);
-- name: join_add
INSERT INTO node_join (name, digest, note, who, created_utc_ms, expires_utc_ms)
VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;
-- name: join_come
UPDATE node_join SET came_utc_ms = ?2, address = ?3, url = ?4,
	certificate = ?5, token = ?6
WHERE digest = ?1 AND came_utc_ms IS NULL AND expires_utc_ms > ?2;
-- name: join_remove
DELETE FROM node_join WHERE name = ?;
-- name: node_renamed
UPDATE account SET node = ?2 WHERE node = ?1;

-- name: job_run_add
INSERT INTO job_run (job, started_msc, finished_msc, exit_code, summary)
VALUES (?, ?, ?, ?, ?);
-- name: job_run_trim
-- the last 2,000 runs of a job are enough
DELETE FROM job_run WHERE job = ?1 AND id <= (
	SELECT id FROM job_run WHERE job = ?1 ORDER BY id DESC
	LIMIT 1 OFFSET 2000);
-- name: job_run_list
SELECT job, started_msc, finished_msc, exit_code, summary,
	(SELECT max(finished_msc) FROM job_run AS s
	WHERE s.job = job_run.job AND s.exit_code = 0)
FROM job_run
WHERE id IN (SELECT max(id) FROM job_run GROUP BY job) AND
	(job = ?1 OR ?1 IS NULL)
ORDER BY job;

-- name: sheet_row_get
SELECT "row" FROM sheet_row WHERE sheet = ? AND tab = ? AND "key" = ?;
-- name: sheet_row_add
INSERT INTO sheet_row (sheet, tab, "key", "row")
SELECT ?1, ?2, ?3, coalesce(max("row"), 0) + 1 FROM sheet_row
WHERE sheet = ?1 AND tab = ?2;
-- name: sheet_rows
SELECT "row", "key", cells FROM sheet_row WHERE sheet = ? AND tab = ?
ORDER BY "row";
-- name: sheet_cells
UPDATE sheet_row SET cells = ? WHERE sheet = ? AND tab = ? AND "row" = ?;
-- name: sheet_all_cells
UPDATE sheet_row SET cells = ?
WHERE sheet = ? AND tab = ? AND cells IS NOT NULL;
-- name: sheet_unknown
UPDATE sheet_row SET cells = NULL WHERE cells IS NOT NULL;
-- name: sheet_tab_get
SELECT key_column FROM sheet_tab WHERE sheet = ? AND tab = ?;
-- name: sheet_tab_put
INSERT INTO sheet_tab (sheet, tab, key_column) VALUES (?, ?, ?)
ON CONFLICT (sheet, tab) DO UPDATE SET key_column = excluded.key_column;

-- name: import_known
SELECT 1 FROM trade WHERE account = ? AND position_id = ? AND imported = 0;
-- name: import_add
INSERT INTO imported_trade (account, position_id, at_msc, trade)
VALUES (?, ?, ?, ?)
ON CONFLICT (account, position_id) DO UPDATE SET at_msc = excluded.at_msc,
	trade = excluded.trade;
-- name: aside_put
INSERT INTO import_aside (file, login, json, why, at_msc)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (file, login) DO UPDATE SET json = excluded.json,
	why = excluded.why, at_msc = excluded.at_msc;
-- name: aside_list
SELECT file, login, json, why, at_msc FROM import_aside ORDER BY file, login;
-- name: aside_clear
DELETE FROM import_aside WHERE file = ? AND login = ?;

-- the tables and their columns, for a copy of all (transfer.c)
-- name: table_list
SELECT name FROM sqlite_schema WHERE type = 'table' AND
	name NOT IN ('migration', 'revision', 'lease',
	'session') AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
ORDER BY CASE name WHEN 'rule_set' THEN 0 WHEN 'account' THEN 1 ELSE 2 END,
	name;
-- name: table_list postgresql
SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND
	NOT relispartition AND relnamespace = current_schema()::regnamespace AND
	relname NOT IN ('migration', 'revision', 'written', 'lease', 'session')
ORDER BY CASE relname WHEN 'rule_set' THEN 0 WHEN 'account' THEN 1 ELSE 2 END,
	relname COLLATE "C";
-- name: column_list
SELECT name, CASE type WHEN 'REAL' THEN 1 WHEN 'TEXT' THEN 2 ELSE 0 END, 0
FROM pragma_table_info(?) ORDER BY name;
-- name: column_list postgresql
SELECT attname, CASE atttypid WHEN 'float8'::regtype THEN 1
	WHEN 'text'::regtype THEN 2 ELSE 0 END,
	CASE attidentity WHEN '' THEN 0 ELSE 1 END
FROM pg_attribute WHERE attrelid = to_regclass(quote_ident(?)) AND
	attnum > 0 AND NOT attisdropped
ORDER BY attname COLLATE "C";
-- name: equity_days
SELECT DISTINCT slot / 86400 * 86400 FROM equity WHERE span_s = 60;
-- name: revision_set
UPDATE revision SET n = ?;

-- schema: 6 postgresql
-- What the migrations up to that one make, for PostgreSQL. Money is NUMERIC,
-- which has no largest number; every key that can begins with account. Equity
-- of each minute lies in a partition a day (equity_room).
CREATE FUNCTION money_add(NUMERIC, NUMERIC) RETURNS NUMERIC
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT $1 + $2';
CREATE FUNCTION money_add(NUMERIC, NUMERIC, NUMERIC, NUMERIC) RETURNS NUMERIC
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT $1 + $2 + $3 + $4';
-- of two, NULL where one of them is
CREATE FUNCTION money_min(NUMERIC, NUMERIC) RETURNS NUMERIC
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
	'SELECT CASE WHEN $2 < $1 THEN $2 WHEN $1 <= $2 THEN $1 END';
CREATE FUNCTION money_max(NUMERIC, NUMERIC) RETURNS NUMERIC
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
	'SELECT CASE WHEN $2 > $1 THEN $2 WHEN $1 >= $2 THEN $1 END';
-- over rows
CREATE AGGREGATE money_min(NUMERIC)
	(SFUNC = numeric_smaller, STYPE = NUMERIC, PARALLEL = SAFE);
CREATE AGGREGATE money_max(NUMERIC)
	(SFUNC = numeric_larger, STYPE = NUMERIC, PARALLEL = SAFE);

CREATE TABLE revision (n BIGINT NOT NULL) WITH (fillfactor = 10);
INSERT INTO revision VALUES (0);
-- Each transaction that was committed, for an hour: where the answer to a
-- COMMIT was lost it is looked up here.
CREATE TABLE written (id BIGINT PRIMARY KEY, at_utc_ms BIGINT NOT NULL);
CREATE INDEX written_at ON written (at_utc_ms);

CREATE TABLE rule_set (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
	version BIGINT NOT NULL DEFAULT 0,
	name TEXT COLLATE "C" NOT NULL UNIQUE,
	firm TEXT, program TEXT, source_url TEXT, verified_on TEXT,
	rules TEXT NOT NULL,
	preset BIGINT NOT NULL
);

CREATE TABLE account (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
	version BIGINT NOT NULL DEFAULT 0,
	server TEXT COLLATE "C" NOT NULL,
	login BIGINT NOT NULL,
	node TEXT, currency TEXT, company TEXT, name TEXT,
	currency_digits BIGINT, trade_mode BIGINT, margin_mode BIGINT,
	leverage BIGINT,
	offset_s BIGINT,
	first_seen_msc BIGINT NOT NULL,
	holder TEXT, prop_firm TEXT, vs_group TEXT, note TEXT,
	tags TEXT NOT NULL DEFAULT '[]',
	rule_set BIGINT REFERENCES rule_set,
	UNIQUE (server, login)
);
CREATE INDEX account_login ON account (login);

CREATE TABLE phase_period (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY,
	account BIGINT NOT NULL REFERENCES account,
	phase TEXT NOT NULL,
	status TEXT NOT NULL,
	started_msc BIGINT NOT NULL,
	ended_msc BIGINT,
	initial_balance NUMERIC(39), start_balance NUMERIC(39),
	start_equity NUMERIC(39),
	paused_until_msc BIGINT NOT NULL DEFAULT 0,
	who TEXT NOT NULL,
	note TEXT,
	undone BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (account, id)
);
CREATE UNIQUE INDEX phase_period_current ON phase_period (account)
	WHERE ended_msc IS NULL AND undone = 0;
CREATE INDEX phase_period_account ON phase_period (account, started_msc);

CREATE TABLE deal (
	account BIGINT NOT NULL REFERENCES account,
	ticket BIGINT NOT NULL,
	"order" BIGINT NOT NULL,
	time BIGINT NOT NULL,
	time_msc BIGINT NOT NULL,
	type BIGINT NOT NULL,
	entry BIGINT NOT NULL,
	magic BIGINT NOT NULL,
	position_id BIGINT NOT NULL,
	reason BIGINT NOT NULL,
	volume DOUBLE PRECISION, price DOUBLE PRECISION,
	commission NUMERIC(39) NOT NULL,
	swap NUMERIC(39) NOT NULL,
	profit NUMERIC(39) NOT NULL,
	fee NUMERIC(39) NOT NULL,
	symbol TEXT NOT NULL, comment TEXT NOT NULL, external_id TEXT NOT NULL,
	sl DOUBLE PRECISION, tp DOUBLE PRECISION,
	kind BIGINT NOT NULL,
	offset_s BIGINT,
	utc_msc BIGINT,
	missing_msc BIGINT NOT NULL DEFAULT 0,
	excluded BIGINT NOT NULL DEFAULT 0,
	seen_utc_ms BIGINT,
	counts_utc_ms BIGINT,
	PRIMARY KEY (account, ticket)
);
CREATE INDEX deal_time ON deal (account, time_msc, ticket);
CREATE INDEX deal_counts ON deal (account, counts_utc_ms);
CREATE INDEX deal_position ON deal (account, position_id, ticket)
	WHERE kind = 0;
CREATE INDEX deal_position_cost ON deal (account, position_id)
	WHERE kind = 1 AND position_id <> 0;
CREATE INDEX deal_cash ON deal (account, time_msc, ticket) WHERE kind <> 0;
CREATE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql AS
	$$BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END$$;
CREATE TRIGGER deal_stays BEFORE DELETE ON deal
	FOR EACH ROW EXECUTE FUNCTION refused('a deal is never deleted');
CREATE TRIGGER deals_stay BEFORE TRUNCATE ON deal
	EXECUTE FUNCTION refused('a deal is never deleted');

CREATE VIEW cash_flow AS SELECT * FROM deal WHERE kind <> 0;

CREATE TABLE deal_version (
	account BIGINT NOT NULL,
	ticket BIGINT NOT NULL,
	replaced_msc BIGINT NOT NULL,
	deal TEXT NOT NULL
);
CREATE INDEX deal_version_ticket ON deal_version (account, ticket);

CREATE TABLE book (
	account BIGINT PRIMARY KEY REFERENCES account,
	deals BIGINT NOT NULL DEFAULT 0,
	missing BIGINT NOT NULL DEFAULT 0,
	last_msc BIGINT NOT NULL DEFAULT 0,
	trades_net NUMERIC(39) NOT NULL DEFAULT 0,
	costs NUMERIC(39) NOT NULL DEFAULT 0,
	flows NUMERIC(39) NOT NULL DEFAULT 0,
	credit NUMERIC(39) NOT NULL DEFAULT 0
);

CREATE TABLE trade (
	account BIGINT NOT NULL REFERENCES account,
	position_id BIGINT NOT NULL,
	part BIGINT NOT NULL,
	symbol TEXT NOT NULL,
	type BIGINT NOT NULL,
	state BIGINT NOT NULL,
	volume_in NUMERIC(39) NOT NULL, volume_out NUMERIC(39) NOT NULL,
	time_open_msc BIGINT NOT NULL, time_close_msc BIGINT NOT NULL,
	first_msc BIGINT NOT NULL,
	price_open DOUBLE PRECISION, price_close DOUBLE PRECISION,
	profit NUMERIC(39) NOT NULL, commission NUMERIC(39) NOT NULL,
	swap NUMERIC(39) NOT NULL, fee NUMERIC(39) NOT NULL,
	net NUMERIC(39) NOT NULL,
	reason BIGINT NOT NULL,
	close_by BIGINT NOT NULL,
	deals BIGINT NOT NULL,
	imported BIGINT NOT NULL DEFAULT 0,
	changed_msc BIGINT NOT NULL,
	ticket_close BIGINT NOT NULL DEFAULT 0,
	costs NUMERIC(39) NOT NULL DEFAULT 0,
	PRIMARY KEY (account, position_id, part)
);
CREATE INDEX trade_time ON trade (account, first_msc, position_id, part);
CREATE INDEX trade_orphan ON trade (account) WHERE state = 3;
CREATE TABLE trade_stale (
	account BIGINT NOT NULL,
	position_id BIGINT NOT NULL,
	PRIMARY KEY (account, position_id)
);

CREATE TABLE orphan_asked (
	account BIGINT NOT NULL,
	position_id BIGINT NOT NULL,
	asked_msc BIGINT NOT NULL,
	PRIMARY KEY (account, position_id)
);

CREATE TABLE sync (
	account BIGINT PRIMARY KEY REFERENCES account,
	state BIGINT NOT NULL,
	error TEXT,
	sync_msc BIGINT NOT NULL, full_msc BIGINT NOT NULL,
	balance NUMERIC(39), credit NUMERIC(39),
	residue NUMERIC(39), credit_residue NUMERIC(39),
	checked_msc BIGINT NOT NULL,
	residue_note TEXT
);
CREATE TABLE sync_cursor (
	account BIGINT PRIMARY KEY REFERENCES account,
	"full" BIGINT NOT NULL,
	begun_msc BIGINT NOT NULL,
	after_msc BIGINT NOT NULL, after_ticket BIGINT NOT NULL
);

CREATE TABLE equity (
	account BIGINT NOT NULL REFERENCES account,
	slot BIGINT NOT NULL,
	span_s BIGINT NOT NULL,
	at_msc BIGINT NOT NULL,
	balance NUMERIC(39) NOT NULL, credit NUMERIC(39) NOT NULL,
	equity NUMERIC(39) NOT NULL,
	low NUMERIC(39) NOT NULL, high NUMERIC(39) NOT NULL,
	PRIMARY KEY (account, slot, span_s)
) PARTITION BY LIST (span_s);
CREATE TABLE equity_minute PARTITION OF equity FOR VALUES IN (60)
	PARTITION BY RANGE (slot);
CREATE TABLE equity_kept PARTITION OF equity DEFAULT;
-- the partition of that second's day, made where it is not there; those that
-- were thinned and have nothing left are dropped then, unless somebody reads
CREATE FUNCTION equity_room(at BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
	day BIGINT := at / 86400 * 86400;
	name TEXT := 'equity_' || to_char(to_timestamp(day) AT TIME ZONE 'UTC',
		'YYYYMMDD');
	old TEXT;
	used BOOLEAN;
BEGIN
	IF to_regclass(name) IS NOT NULL THEN
		RETURN day;
	END IF;
	EXECUTE format('CREATE TABLE %I (LIKE equity_minute '
		'INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
	EXECUTE format('ALTER TABLE equity_minute ATTACH PARTITION %I '
		'FOR VALUES FROM (%s) TO (%s)', name, day, day + 86400);
	FOR old IN SELECT relname FROM pg_inherits
		JOIN pg_class ON pg_class.oid = inhrelid
		WHERE inhparent = 'equity_minute'::regclass AND relname <
			'equity_' || to_char(to_timestamp(day - 8 * 86400)
			AT TIME ZONE 'UTC', 'YYYYMMDD')
	LOOP
		EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', old)
			INTO used;
		CONTINUE WHEN used;
		BEGIN
			SET LOCAL lock_timeout = 200;
			EXECUTE format('DROP TABLE %I', old);
		EXCEPTION WHEN lock_not_available THEN
			NULL;
		END;
		SET LOCAL lock_timeout = 5000;
	END LOOP;
	RETURN day;
END $$;

CREATE TABLE day (
	account BIGINT NOT NULL REFERENCES account,
	day_msc BIGINT NOT NULL, next_msc BIGINT NOT NULL,
	date TEXT NOT NULL,
	balance NUMERIC(39), equity NUMERIC(39),
	estimated BIGINT NOT NULL,
	low NUMERIC(39), high NUMERIC(39),
	opened BIGINT NOT NULL, closed BIGINT NOT NULL,
	net NUMERIC(39) NOT NULL, flows NUMERIC(39) NOT NULL,
	PRIMARY KEY (account, day_msc)
);

CREATE TABLE rule_state (
	account BIGINT PRIMARY KEY REFERENCES account,
	period BIGINT NOT NULL,
	state TEXT NOT NULL
);
CREATE TABLE limits (
	account BIGINT PRIMARY KEY REFERENCES account,
	limits TEXT NOT NULL
);
CREATE TABLE verdict (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY,
	account BIGINT NOT NULL REFERENCES account,
	period BIGINT NOT NULL,
	at_msc BIGINT NOT NULL,
	word TEXT NOT NULL, status TEXT NOT NULL,
	value NUMERIC(39) NOT NULL, level NUMERIC(39) NOT NULL,
	balance NUMERIC(39) NOT NULL, equity NUMERIC(39) NOT NULL,
	low NUMERIC(39) NOT NULL, baseline NUMERIC(39) NOT NULL,
	estimated BIGINT NOT NULL,
	rules TEXT NOT NULL,
	PRIMARY KEY (account, id)
);
CREATE TRIGGER verdict_stays BEFORE UPDATE ON verdict
	FOR EACH ROW EXECUTE FUNCTION refused('a verdict is never changed');
CREATE TRIGGER verdict_is_kept BEFORE DELETE ON verdict
	FOR EACH ROW EXECUTE FUNCTION refused('a verdict is never deleted');
CREATE TRIGGER verdicts_are_kept BEFORE TRUNCATE ON verdict
	EXECUTE FUNCTION refused('a verdict is never deleted');

CREATE TABLE audit (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
	at_msc BIGINT NOT NULL,
	who TEXT NOT NULL,
	action TEXT NOT NULL,
	account BIGINT REFERENCES account,
	field TEXT, "from" TEXT, "to" TEXT,
	balance NUMERIC(39), equity NUMERIC(39),
	period BIGINT,
	undone BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX audit_account ON audit (account, id);

CREATE TABLE "user" (
	name TEXT COLLATE "C" PRIMARY KEY,
	role TEXT NOT NULL,
	hash TEXT NOT NULL,
	changed_msc BIGINT NOT NULL,
	disabled BIGINT NOT NULL
);
CREATE TABLE token (
	name TEXT COLLATE "C" PRIMARY KEY,
	digest TEXT NOT NULL UNIQUE,
	scope TEXT NOT NULL,
	created_msc BIGINT NOT NULL,
	expires_msc BIGINT NOT NULL,
	who TEXT NOT NULL
);

CREATE TABLE job_run (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
	job TEXT COLLATE "C" NOT NULL,
	started_msc BIGINT NOT NULL, finished_msc BIGINT NOT NULL,
	exit_code BIGINT NOT NULL,
	summary TEXT NOT NULL
);
CREATE INDEX job_run_job ON job_run (job, id);

CREATE TABLE sheet_row (
	sheet TEXT COLLATE "C" NOT NULL, tab TEXT COLLATE "C" NOT NULL,
	"key" TEXT COLLATE "C" NOT NULL,
	"row" BIGINT NOT NULL,
	cells BIGINT,
	PRIMARY KEY (sheet, tab, "key"),
	UNIQUE (sheet, tab, "row")
);
CREATE TABLE sheet_tab (
	sheet TEXT COLLATE "C" NOT NULL, tab TEXT COLLATE "C" NOT NULL,
	key_column BIGINT NOT NULL,
	PRIMARY KEY (sheet, tab)
);

CREATE TABLE imported_trade (
	account BIGINT NOT NULL REFERENCES account,
	position_id BIGINT NOT NULL,
	at_msc BIGINT NOT NULL,
	trade TEXT NOT NULL,
	PRIMARY KEY (account, position_id)
);
CREATE TABLE import_aside (
	file TEXT COLLATE "C" NOT NULL, login TEXT COLLATE "C" NOT NULL,
	json TEXT NOT NULL, why TEXT NOT NULL,
	at_msc BIGINT NOT NULL,
	PRIMARY KEY (file, login)
);

