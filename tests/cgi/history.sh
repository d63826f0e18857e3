# history.sh: what dashboard.fcgi tells out of the ledger.
. tests/cgi/lib
start_redis
test_clock
settings DASHBOARD_AUTH=off
echo '[{"id":"vps01","url":"http://127.0.0.1:1"}]' >"$dir/nodes.json"
collector
polled vps01 ok
account Broker-Live 52001001 ok USD 2 2 6000 6040 40
account Broker-Live 52001002 ok USD 2 2 100 100 0
snapshot vps01 ok
serve dashboard.fcgi

it 'knows nothing of the past without a ledger, and says so'
get /api/accounts
status 200
json '.accounts[0].phase' null
json '.accounts[0].pl.total' null
json '.accounts[0].pl.floating' 40
get /api/accounts/Broker-Live/52001001/trades
status 503
json .error.code ledger_unavailable
get /health
json .ledger.ok false
json .status degraded

make_ledger
day=$(($(now_msc) - 3600000))
one=100000000
deal_columns='account, ticket, "order", time, time_msc, type, entry,
	magic, position_id, reason, volume, price, commission, swap, profit,
	fee, symbol, comment, external_id, sl, tp, kind, offset_s, utc_msc,
	missing_msc, excluded, seen_utc_ms, counts_utc_ms'
trade_columns='account, position_id, part, symbol, type, state, volume_in,
	volume_out, time_open_msc, time_close_msc, first_msc, price_open,
	price_close, profit, commission, swap, fee, net, reason, close_by, deals,
	imported, changed_msc, ticket_close, costs'
sql "
INSERT INTO rule_set (id, name, firm, rules, preset)
	VALUES (3, 'FTMO 2-step', 'FTMO', '{}', 1);
INSERT INTO account (id, version, server, login, currency, currency_digits,
	first_seen_msc, holder, tags, rule_set)
	VALUES (1, 4, 'Broker-Live', 52001001, 'USD', 2, 1, 'Zoë', '[\"a\"]', 3);
INSERT INTO account (id, server, login, currency, first_seen_msc)
	VALUES (2, '=cmd', 7, 'USD', 1);
INSERT INTO phase_period (account, phase, status, started_msc,
	initial_balance, who) VALUES (1, 'F1', 'active', 1500, 5000 * $one, 'root');
INSERT INTO sync (account, state, sync_msc, full_msc, balance, credit, residue,
	credit_residue, checked_msc, residue_note)
	VALUES (1, 2, 9, 9, 6000 * $one, 0, -1450000000, 0, 9, 'archived deals');
INSERT INTO book (account, deals) VALUES (1, 3);
INSERT INTO day (account, day_msc, next_msc, date, balance, equity, estimated,
	opened, closed, net, flows) VALUES (1, $day, $day + 86400000, '2026-11-21',
	6000 * $one, 6010 * $one, 0, 0, 0, 0, 0);
INSERT INTO limits VALUES (1, json_object('at_msc', '200000', 'resets_msc',
	CAST($day + 86400000 AS TEXT), 'days_done', 2, 'lines', json_array(
	json_object('kind', 'daily_loss', 'level', CAST(5800 * $one AS TEXT),
		'size', CAST(250 * $one AS TEXT), 'test', 'equity', 'mode', 'static',
		'high', 'balance', 'broken', json('false'), 'estimated', json('false')),
	json_object('kind', 'max_loss', 'level', CAST(4500 * $one AS TEXT),
		'size', CAST(500 * $one AS TEXT), 'test', 'equity', 'mode', 'static',
		'high', 'equity', 'broken', json('false'), 'estimated', json('false')),
	json_object('kind', 'profit_target', 'level', CAST(6100 * $one AS TEXT),
		'size', CAST(500 * $one AS TEXT), 'test', 'balance', 'mode', 'static',
		'high', 'balance', 'broken', json('false'), 'estimated', json('false')),
	json_object('kind', 'min_trading_days', 'level', CAST(4 * $one AS TEXT),
		'value', CAST(2 * $one AS TEXT), 'test', 'balance', 'mode', 'static',
		'high', 'balance', 'broken', json('false'), 'estimated', json('false')))));
INSERT INTO deal ($deal_columns)
	VALUES (1, 9007199254740993, 1, 1, 1000, 2, 0, 0, 0, 0, 0, 0,
	0, 0, 5000 * $one, 0, '', 'Deposit, \"first\"', '', 0, 0, 2, 0, 1000, 0, 0, 1000, 1000);
INSERT INTO deal ($deal_columns)
	VALUES (1, 12, 1, 2, 2000, 0, 0, 5, 77, 3, 0.1, 1.1, -7000000,
	0, 0, 0, 'EURUSD', '', '', 0, 0, 0, 0, 2000, 0, 0, 2000, 2000);
INSERT INTO deal ($deal_columns)
	VALUES (1, 11, 1, 2, 2000, 1, 1, 5, 77, 4, 0.1, 1.2, 0,
	-$one, 1000 * $one, 0, 'EURUSD', 'sl', '', 0, 0, 0, 0, 2000, 0, 0, 2000, 2000);
UPDATE deal SET meaning = 1, meaning_why = 'an amount above 0' WHERE type = 2;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1203)
INSERT INTO trade ($trade_columns)
	SELECT 1, i, 0, 'EURUSD', 0, 2, 10000000, 10000000, i * 1000,
	i * 1000 + 5, i * 1000, 1.1, NULL, -1250000000, 0, 0, 0, -1250000000, 4,
	0, 2, 0, 1, i, 0 FROM n;
UPDATE trade SET imported = 1 WHERE account = 1 AND position_id = 1203;
INSERT INTO trade ($trade_columns)
	SELECT 2, 1, 0, '@SUM(1)', 0, 0, 10000000, 0, 5, 0, 5, 1.5,
	NULL, 0, 0, 0, 0, 0, -1, 0, 1, 0, 1, 0, 0;
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 59)
INSERT INTO equity SELECT 1, $day / 60000 * 60 + i * 60, 60,
	$day / 60000 * 60000 + i * 60000 + 5, i * $one, 0, i * $one,
	(i - 1) * $one, (i + 1) * $one FROM n;
INSERT INTO audit (at_msc, who, action, account, field, \"from\", \"to\")
	VALUES (7, 'root', 'edit', 1, 'phase', NULL, 'F1');
INSERT INTO audit (at_msc, who, action, field, \"to\")
	VALUES (8, 'root', 'node', 'add', 'vps09');
UPDATE revision SET n = n + 1;
" || exit 1

it 'finds the ledger once it is there'
phase_shown() {
	get /api/accounts
	[ "$(jq -r '.accounts[0].phase.phase' "$dir/body")" = F1 ]
}
wait_for 'the phase' phase_shown
get /health
json .status ok

it 'shows phase, P/L and what the rules leave'
get /api/accounts
fits GET /api/accounts
json '.accounts[0].login' 52001001
json '.accounts[0].phase | "\(.status) \(.holder) \(.initial_balance) \(.version) \(.rule_set.name) \(.tags[0])"' \
	'active Zoë 5000 4 FTMO 2-step a'
json '.accounts[0].pl | tostring' \
	'{"floating":40,"day":30,"day_pct":0.4992,"total":1040,"total_pct":20.8,"estimated":false}'
json '.accounts[0].rules | "\(.today_left) \(.total_left) \(.target_left) \(.used_today) \(.used_total) \(.days_done)/\(.days_needed) \(.estimated)"' \
	'240 1540 100 0.04 0 2/4 false'
json '.accounts[0].rules | "\(.today_test) \(.total_test) \(.target_test) \(.total_mode) \(.total_high) \(.total_room)"' \
	'equity equity balance static equity null'
json '.accounts[0].rule_lines | map("\(.kind) \(.unit) \(.level) \(.left) \(.used)") | join("; ")' \
	'daily_loss money 5800 240 0.04; max_loss money 4500 1540 0; profit_target money 6100 100 null; min_trading_days days 4 2 0.5'
json '.accounts[1].rule_lines' null
json '.accounts[1].phase' null
json '.accounts[1].rules' null
json '.accounts[1].pl.day' null
json '.totals[0] | "\(.day) \(.day_left_out)"' '30 1'

it 'has another answer once the day is over, and does not say 304'
day_end() { # ends_msc tag: which shows when this was read
	sql "UPDATE day SET next_msc = $1; UPDATE revision SET n = n + 1;
		UPDATE account SET tags = '[\"$2\"]' WHERE id = 1;"
}
day_is() {
	get /api/accounts
	[ "$(jq -r '.accounts[0].pl.day' "$dir/body")" $1 null ]
}
read_anew() {
	get /api/accounts
	[ "$(jq -r '.accounts[0].phase.tags[0]' "$dir/body")" = b ]
}
day_end $(($(now_msc) + 300000)) b
wait_for 'the ledger' read_anew
json '.accounts[0].pl.day' 30
tag=$(header ETag)
get /api/accounts "HTTP_IF_NONE_MATCH=$tag"
status 304
ahead_600s
wait_for 'the end of the day' day_is =
get /api/accounts "HTTP_IF_NONE_MATCH=$tag"
status 200
ahead_0s
day_end $((day + 86400000)) a
wait_for 'the day' day_is !=

it 'takes no balance for what the deals say where it is another one'
account Broker-Live 52001001 ok USD 2 2 6001 6040 40
snapshot vps01 ok
get /api/accounts/Broker-Live/52001001
json .pl.estimated true
json .rules.estimated true
account Broker-Live 52001001 ok USD 2 2 6000 6040 40
account Broker-Live 52001002 ok USD 2 2 100 100 0
snapshot vps01 ok

it 'pages through trades, newest first, each once'
get '/api/accounts/Broker-Live/52001001/trades?limit=500'
status 200
fits GET '/api/accounts/{server}/{login}/trades'
json '.trades | length' 500
json '.trades[0] | "\(.position_id) \(.volume) \(.price_close) \(.net) \(.state) \(.reason)"' \
	'1203 0.1 null -12.5 closed 4'
json '.trades[:2] | map("\(.imported) \(.swap) \(.fee)") | join(", ")' \
	'true null null, false 0 0'
json '.history | "\(.state) \(.residue) \(.residue_note)"' 'ok -14.5 archived deals'
jq -r '.trades[].position_id' "$dir/body" >"$dir/ids"
while next=$(jq -r '.next // empty' "$dir/body"); [ -n "$next" ]; do
	get "/api/accounts/Broker-Live/52001001/trades?limit=500&after=$next"
	status 200
	jq -r '.trades[].position_id' "$dir/body" >>"$dir/ids"
done
same 'trades' "$(sort -un "$dir/ids" | wc -l | tr -d ' ')" 1203
same 'lines' "$(wc -l <"$dir/ids" | tr -d ' ')" 1203
get '/api/accounts/Broker-Live/52001001/trades?order=oldest&limit=1'
json '.trades[0].position_id' 1
get '/api/accounts/Broker-Live/52001001/trades?limit=1000&after=1203000.1203.0'
json '.trades | length' 1000
get '/api/accounts/Broker-Live/52001001/trades?limit=1&order=oldest&after=1203000.1203.0'
json '.trades | length' 0
json .next null

it 'gives deals as MT5 gave them, in the order of time and ticket'
get '/api/accounts/Broker-Live/52001001/deals'
status 200
fits GET '/api/accounts/{server}/{login}/deals'
json '.deals | map(.ticket) | join(" ")' '9007199254740993 11 12'
json '.deals[0] | "\(.profit) \(.comment) \(.type) \(.position_id)"' \
	'5000 Deposit, "first" 2 0'
json '.deals[2] | "\(.commission) \(.volume) \(.price)"' '-0.07 0.1 1.1'
json '.deals[0] | keys | length' 27
get '/api/accounts/Broker-Live/52001001/deals?limit=2'
json .next 2000.11
get '/api/accounts/Broker-Live/52001001/deals?limit=2&after=2000.11'
json '.deals | map(.ticket) | join(" ")' 12
json .next null
get '/api/accounts/Broker-Live/52001001/deals?position_id=77'
fits GET '/api/accounts/{server}/{login}/deals'
json '.deals | map(.ticket) | join(" ")' '11 12'
json .next null
get '/api/accounts/Broker-Live/52001001/deals?position_id=6'
json '.deals | length' 0
get '/api/accounts/Broker-Live/52001001/deals?position_id=5x'
status 400
says '\"5x\"'

it 'tells deposits apart'
get /api/accounts/Broker-Live/52001001/cashflows
fits GET '/api/accounts/{server}/{login}/cashflows'
json '.cashflows | length' 1
json '.cashflows[0] | "\(.ticket) \(.amount) \(.kind)"' \
	'9007199254740993 5000 flow'
json '.cashflows[0] | "\(.meaning) \(.meaning_reason) \(.meaning_by) \(.cancels)"' \
	'deposit an amount above 0 null null'

it 'gives equity over time in steps'
get '/api/accounts/Broker-Live/52001001/equity?range=1d'
status 200
fits GET '/api/accounts/{server}/{login}/equity'
json '.equity | length' 60
json '.equity[3] | "\(.equity) \(.low) \(.high)"' '3 2 4'
get '/api/accounts/Broker-Live/52001001/equity?range=1d&points=20'
json '.equity | length | . > 10 and . <= 20' true
json '.equity[-1].equity' 59
json '.equity | map(.high) | max' 60
get '/api/accounts/Broker-Live/52001001/equity?points=9'
status 400
says '\"9\"'
get '/api/accounts/Broker-Live/52001001/equity?range=all'
json '.equity | length < 3' true
json '.equity | map(.low) | min' -1
json '.equity | map(.high) | max' 60
get '/api/accounts/Broker-Live/52001001/equity?range=2w'
status 400
says '\"2w\"'

it 'tells phases, verdicts, audit and rule sets'
get /api/accounts/Broker-Live/52001001/phases
fits GET '/api/accounts/{server}/{login}/phases'
json '.phases[0] | "\(.phase) \(.initial_balance) \(.who) \(.end_utc)"' \
	'F1 5000 root null'
json '.verdicts | length' 0
get /api/audit
fits GET /api/audit
json '.audit | map(.field) | join(" ")' 'add phase'
get '/api/audit?limit=1'
json .next 2
get '/api/audit?limit=1&before=2'
json '.audit[0] | "\(.who) \(.login) \(.to)"' 'root 52001001 F1'
json .next null
get '/api/audit?server=Broker-Live&login=52001001'
json '.audit | length' 1
get /api/rules
fits GET /api/rules
json '.rules[0].name' 'FTMO 2-step'

it 'quotes a bad page'
for wrong_query in limit=0 limit=1001 limit=x order=up after=1 after=1.2 \
	after=a.b.c after=1.2.3.4 after=1.2.-3; do
	get "/api/accounts/Broker-Live/52001001/trades?$wrong_query"
	status 400
done
get '/api/accounts/Broker-Live/52001001/trades?after=x.y'
says '\"x.y\"'

it 'tells null of an account whose deals were never read, and 404 of none'
get /api/accounts/Broker-Live/52001002/trades
status 200
fits GET '/api/accounts/{server}/{login}/trades'
json .trades null
json .history null
get /api/accounts/Broker-Live/52001002/deals
json .deals null
get '/api/accounts/Broker-Live/52001002/deals?position_id=1'
json .deals null
get /api/accounts/Broker-Live/52001002/equity
json .equity null
get /api/accounts/Broker-Live/99/trades
status 404

# an imported trade of -12.5 is among them
it 'sums up what the deals amount to, by day'
get "/api/accounts/Broker-Live/52001001/statistics"
status 200
fits GET '/api/accounts/{server}/{login}/statistics'
json '.statistics | "\(.net) \(.profit) \(.commission) \(.swap) \(.flows)"' \
	'986.43 987.5 -0.07 -1 5000'
json '.days | map("\(.date) \(.net) \(.opened) \(.closed)") | join(", ")' \
	'1970-01-01 986.43 1 2'
json .since_utc null
get "/api/accounts/Broker-Live/52001001/statistics?since=phase"
status 200
fits GET '/api/accounts/{server}/{login}/statistics'
json '.since_utc' 1970-01-01T00:00:01.500Z
json '.statistics.flows' 0
get "/api/accounts/Broker-Live/52001002/statistics"
status 200
fits GET '/api/accounts/{server}/{login}/statistics'
json .statistics null
json .days null
get "/api/accounts/Broker-Live/52001001/statistics?since=ever"
status 400
says ever

it 'exports all trades, a page at a time'
get /api/export/trades.csv
status 200
has_header Content-Type 'text/csv; charset=utf-8'
same 'lines' "$(wc -l <"$dir/body" | tr -d ' ')" 1205
same 'third line' "$(sed -n 3p "$dir/body" | tr -d '\r')" \
	'"Broker-Live",52001001,"USD",1,0,"EURUSD",0,0.1,0.1,1000,1005,1.1,,-12.5,0,0,0,-12.5,closed,4,,,0'
same 'imported' "$(tail -1 "$dir/body" | tr -d '\r')" \
	'"Broker-Live",52001001,"USD",1203,0,"EURUSD",0,0.1,0.1,1203000,1203005,1.1,,-12.5,0,,,-12.5,closed,4,,,0'
same 'defused' "$(sed -n 2p "$dir/body" | tr -d '\r')" \
	"\"'=cmd\",7,\"USD\",1,0,\"'@SUM(1)\",0,0.1,0,5,,1.5,,0,0,0,0,0,open,,,,0"
get '/api/export/trades.csv?server=Broker-Live&login=52001001&bom=1'
same 'lines' "$(wc -l <"$dir/body" | tr -d ' ')" 1204
same 'mark' "$(head -c 3 "$dir/body" | od -An -tx1 | tr -d ' ')" efbbbf
get '/api/export/trades.csv?bom=maybe'
status 400
get '/api/export/trades.csv?server=Broker-Live'
status 400
