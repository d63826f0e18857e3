# zone.sh: the time zone of a broker's clock, by the command and in the API.
. tests/cgi/lib
start_redis
settings DASHBOARD_AUTH=off
echo '[{"id":"vps01","url":"http://127.0.0.1:1"}]' >"$dir/nodes.json"
make_ledger
collector
polled vps01 ok
# a position opened on 1 July 2026 at 10:00 of the broker, one in November
mt_position=$(unknown '
	time time_update time_update_msc type magic reason volume price_open sl
	tp price_current swap profit symbol comment external_id')
position() { printf '{"ticket":"%s","time_msc":%s,"identifier":"%s"%s}' \
	"$1" "$2" "$1" "$mt_position"; }
account Broker-Live 52001001 ok USD 2 2 6000 6040 40
lines=$(printf '%s' "$lines" | awk -v p="[$(position 5 1782900000000),$(position \
	6 1795168800000),$(position 7 0)]" '/^\[\{/ { print p; next } { print }')
snapshot vps01 ok
serve dashboard.fcgi
fleet() { MT5FLEET_CONFIG=$dir/env "$build/bin/mt5fleet" "$@" 2>>"$dir/command"; }
here=/api/accounts/Broker-Live/52001001
one=100000000

it 'lists nothing before an account was seen'
same 'list' "$(fleet zone list)" 'no account was seen yet'
fleet zone set Broker-Live UTC
same 'exit code' $? 1
grep -q 'no account of that server was seen: "Broker-Live"' "$dir/command" ||
	wrong 'the server is not named'

it 'has the times of positions by the offset of now, where nothing is known'
get $here/positions
fits GET '/api/accounts/{server}/{login}/positions'
json '.positions | map(.time_utc) | tostring' \
	'["2026-07-01T07:00:00.000Z","2026-11-20T07:00:00.000Z",null]'
json '.positions[2].time_utc_estimated' false
json '.positions[0].ticket' 5

# deals that came with an offset of 2 hours, now it is 3 (the fixture's)
sql "INSERT INTO account (id, server, login, currency, offset_s, first_seen_msc)
	VALUES (1, 'Broker-Live', 52001001, 'USD', 10800, 1);
INSERT INTO sync (account, state, sync_msc, full_msc, checked_msc)
	VALUES (1, 2, 9, 9, 9);"
deal() { # ticket time type entry position
	sql "INSERT INTO deal (account, ticket, \"order\", time, time_msc, type,
		entry, magic, position_id, reason, volume, price, commission,
		swap, profit, fee, symbol, comment, external_id, kind, offset_s,
		utc_msc, seen_utc_ms) VALUES (1, $1, 0, $2 / 1000, $2, $3, $4, 0, $5,
		0, 1, 1, 0, 0, 7 * $one, 0, 'EURUSD', '', '', 2 * ($3 = 2), 7200,
		$2 - 7200000, 1795200000000)"
}
deal 50 1782900000000 0 0 5
deal 51 1782903600000 2 0 0
deal 52 1795168800000 0 0 8
deal 53 1795172400000 1 1 8
sql "INSERT INTO trade (account, position_id, part, symbol, type, state, volume_in,
	volume_out, time_open_msc, time_close_msc, first_msc, profit, commission,
	swap, fee, net, reason, close_by, deals, changed_msc, ticket_open,
	ticket_close) VALUES (1, 8, 0, 'EURUSD', 0, 2, $one, $one, 1795168800000,
	1795172400000, 1795168800000, 0, 0, 0, 0, 0, 0, 0, 2, 1, 52, 53);
	UPDATE revision SET n = n + 1"
utcs() { # want
	get "$here/deals"
	fits GET '/api/accounts/{server}/{login}/deals'
	json '.deals | map(.time_utc[:16] + (if .time_utc_estimated then "~" else "" end)) | join(" ")' "$1"
}

it 'says of deals that are by the offset seen that they are estimated'
utcs '2026-07-01T08:00~ 2026-07-01T09:00~ 2026-11-20T08:00~ 2026-11-20T09:00~'
json '.history | "\(.broker_zone) \(.broker_zone_source)"' 'null null'

it 'sets a zone by the command, and every old time is right'
fleet zone set Broker-Live Mars/Olympus
same 'exit code' $? 2
grep -q 'no such time zone: "Mars/Olympus"' "$dir/command" ||
	wrong 'the zone is not quoted'
fleet zone set Broker-Live
same 'exit code' $? 2
fleet zone set Broker-Live 'New York close' || wrong "set: $?"
utcs '2026-07-01T07:00 2026-07-01T08:00 2026-11-20T08:00 2026-11-20T09:00'
json '.history | "\(.broker_zone) \(.broker_zone_source)"' \
	'New York close typed'
get "$here/cashflows"
fits GET '/api/accounts/{server}/{login}/cashflows'
json '.cashflows[0].time_utc' 2026-07-01T08:00:00.000Z
get "$here/trades"
fits GET '/api/accounts/{server}/{login}/trades'
json '.trades[0] | "\(.time_open_utc) \(.time_close_utc) \(.time_utc_estimated)"' \
	'2026-11-20T08:00:00.000Z 2026-11-20T09:00:00.000Z false'
get "$here/positions"
json '.positions | map("\(.time_utc[:16]) \(.time_utc_estimated)") | .[:2] | join(", ")' \
	'2026-07-01T07:00 false, 2026-11-20T08:00 false'
get "$here"
fits GET '/api/accounts/{server}/{login}'
json '.position_list[1].time_utc' 2026-11-20T08:00:00.000Z
get '/api/export/trades.csv?server=Broker-Live&login=52001001'
same 'csv' "$(tr -d '\r' <"$dir/body" | awk -F, '{ print $(NF-2), $(NF-1), $NF }')" \
	'time_open_utc time_close_utc time_utc_estimated
2026-11-20T08:00:00.000Z 2026-11-20T09:00:00.000Z 0'

it 'says that the terminals report another offset'
fleet zone list >"$dir/list"
grep -q 'typed by mt5fleet zone on' "$dir/list" || wrong "$(cat "$dir/list")"
fleet zone set Broker-Live UTC
fleet zone list | grep -q 'WRONG     the zone is +0 h now, the terminals report +3 h' ||
	wrong "$(fleet zone list)"

it 'forgets what was typed'
fleet zone set Broker-Live proposed || wrong "set: $?"
utcs '2026-07-01T08:00~ 2026-07-01T09:00~ 2026-11-20T08:00 2026-11-20T09:00'
same 'audit' "$(sql "SELECT group_concat(coalesce(\"to\", '-')) FROM audit
	WHERE field = 'zone:Broker-Live'")" 'New York close,UTC,-'
