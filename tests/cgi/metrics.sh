# metrics.sh: GET /metrics as Prometheus reads it, checked by promtool.
. tests/cgi/lib
start_redis
settings DASHBOARD_AUTH=off
echo '[{"id":"vps01","url":"http://127.0.0.1:1"},
 {"id":"vps02","url":"http://127.0.0.1:2"}]' >"$dir/nodes.json"

serve dashboard.fcgi

lint() { # as Prometheus' own tool judges names, types and format
	if ! command -v promtool >/dev/null; then
		it "passes promtool check metrics # SKIP no promtool"
		return
	fi
	it "passes promtool check metrics: $1"
	found=$(promtool check metrics <"$dir/body" 2>&1) || wrong "$found"
}

it 'has only what is known while nothing runs'
get /metrics
status 200
says 'mt5fleet_redis_up 1'
says 'mt5fleet_ledger_up 0'
says 'mt5fleet_collector_up 0'
says_not 'mt5fleet_collector_age_seconds'
says 'mt5fleet_build_info{version="'
lint 'nothing runs'

collector
polled vps01 ok
account Broker-Live 52001001 ok USD 2 2 6000 6040 40
account 'Bro\"ker\\' 52001002 ok JPY 0 0 1000 1000 0
snapshot vps01 ok
make_ledger
day=$(($(now_msc) - 3600000))
one=100000000
sql "
INSERT INTO account (id, server, login, currency, currency_digits, first_seen_msc)
	VALUES (1, 'Broker-Live', 52001001, 'USD', 2, 1);
INSERT INTO phase_period (account, phase, status, started_msc, initial_balance,
	who) VALUES (1, 'F1', 'active', 1500, 5000 * $one, 'root');
INSERT INTO sync (account, state, sync_msc, full_msc, balance, credit, residue,
	credit_residue, checked_msc)
	VALUES (1, 2, 9, 9, 6000 * $one, 0, -3 * $one / 2, 0, 9);
INSERT INTO book (account, deals) VALUES (1, 0);
INSERT INTO day (account, day_msc, next_msc, date, balance, equity, estimated,
	opened, closed, net, flows) VALUES (1, $day, $day + 86400000, '2026-11-21',
	6000 * $one, 6010 * $one, 0, 0, 0, 0, 0);
INSERT INTO limits VALUES (1, json_object('at_msc', '200000', 'resets_msc',
	CAST($day + 86400000 AS TEXT), 'days_done', 0, 'lines', json_array(
	json_object('kind', 'daily_loss', 'level', CAST(5800 * $one AS TEXT),
		'size', CAST(300 * $one AS TEXT), 'test', 'equity', 'mode', 'static',
		'high', 'balance', 'broken', json('false'), 'estimated',
		json('false')))));
INSERT INTO job_run (job, started_msc, finished_msc, exit_code, summary) VALUES
	('trades', 1000, 2500, 0, 'x'), ('trades', 5000, 6000, 3, 'x'),
	('sheets', 1000, 3000, 3, 'x');
INSERT INTO alert_outbox (target, notice, alert, what, level, body,
	queued_utc_ms)
	VALUES ('desk', 'n1', 'a', 0, 2, '{}', 1000),
	('boss', 'n1', 'a', 0, 2, '{}', 2000);
UPDATE revision SET n = n + 1;"
redis SET alerts '{"alerts":[{"key":"a","level":"critical","open":true},
 {"key":"b","level":"warn","open":false},{"key":"c","level":"info","open":true}]}' \
	>/dev/null
account='server="Broker-Live",login="52001001",node="vps01",currency="USD"'

it 'has the figures of live accounts'
get /metrics
says 'mt5fleet_ledger_up 1'
says 'mt5fleet_ledger_disk_free_bytes '
says_not 'mt5fleet_ledger_disk_free_bytes 0'
says 'mt5fleet_collector_up 1'
says 'mt5fleet_collector_age_seconds '
says 'mt5fleet_nodes{status="ok"} 1'
says 'mt5fleet_nodes{status="stale"} 1'
says "mt5fleet_balance{$account} 6000"
says "mt5fleet_equity{$account} 6040"
says "mt5fleet_profit{$account} 40"
says "mt5fleet_profit_day{$account} 30"
says "mt5fleet_profit_phase{$account} 1040"
says "mt5fleet_snapshot_age_seconds{$account} "
says 'mt5fleet_node_latency_seconds{node="vps01"} '
says_not 'mt5fleet_node_latency_seconds{node="vps02"}'
says 'mt5fleet_equity{server="Bro\"ker\\",login="52001002"'

it 'has what stands beside the money, of each account'
says "mt5fleet_account_live{$account} 1"
says "mt5fleet_positions{$account} 1"
says "mt5fleet_orders{$account} 0"
says "mt5fleet_terminal_build{$account} 5200"
says "mt5fleet_reconciliation_difference{$account} -1.5"
says_not 'mt5fleet_reconciliation_difference{server="Bro\"'
says 'mt5fleet_agent_info{node="vps01",version="'

it 'has what the programs use'
says 'mt5fleet_process_resident_memory_bytes{program="dashboard.fcgi"} '
says 'mt5fleet_processes{program="dashboard.fcgi"} '
says 'mt5fleet_redis_memory_bytes '
says_not 'mt5fleet_redis_memory_bytes 0'
says 'mt5fleet_redis_memory_max_bytes 0'
says 'mt5fleet_live_stream_entries 0'
says 'mt5fleet_ledger_size_bytes '
says_not 'mt5fleet_ledger_size_bytes 0'
says 'mt5fleet_alert_outbox_waiting 2'
says 'mt5fleet_alert_outbox_oldest_age_seconds '

it 'has what the rules leave, in their units'
says "mt5fleet_rule_left{$account,kind=\"daily_loss\",unit=\"money\"} 240"
says "mt5fleet_rule_used_ratio{$account,kind=\"daily_loss\"} 0.2"
says_not 'kind="profit_target"'

it 'has the jobs, the last success beside the last run'
says 'mt5fleet_job_last_run_timestamp_seconds{job="trades"} 6'
says 'mt5fleet_job_last_success_timestamp_seconds{job="trades"} 2.5'
says 'mt5fleet_job_exit_code{job="trades"} 3'
says 'mt5fleet_job_duration_seconds{job="trades"} 1'
says_not 'mt5fleet_job_last_success_timestamp_seconds{job="sheets"}'

it 'has the open alerts by level, none as 0'
says 'mt5fleet_alerts{level="critical"} 1'
says 'mt5fleet_alerts{level="warn"} 0'
says 'mt5fleet_alerts{level="info"} 1'
lint 'a fleet'

it 'has no figure that is not live, only its age'
redis RENAME snapshot:vps01 last:vps01 >/dev/null
get /metrics
says_not mt5fleet_equity{
says_not mt5fleet_rule_left{
says_not mt5fleet_positions{
says "mt5fleet_account_live{$account} 0"
says "mt5fleet_reconciliation_difference{$account} -1.5"
says "mt5fleet_snapshot_age_seconds{$account} "

it 'names no account and no node to a stranger'
settings DASHBOARD_AUTH=required
redis RENAME last:vps01 snapshot:vps01 >/dev/null
if [ "$mode" = cgi ]; then
	get /metrics
	says 'mt5fleet_accounts{status="ok"} 2'
	says 'mt5fleet_job_exit_code{job="trades"} 3'
	says_not login=
	says 'mt5fleet_alert_outbox_waiting 2'
	says_not node=
	says_not vps01
fi
