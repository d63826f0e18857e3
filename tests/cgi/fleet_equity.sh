# fleet_equity.sh: the equity of all accounts together, out of the ledger.
. tests/cgi/lib
start_redis
settings DASHBOARD_AUTH=off
echo '[{"id":"vps01","url":"http://127.0.0.1:1"}]' >"$dir/nodes.json"
collector
serve dashboard.fcgi

it 'says that there is no ledger, and not that there is no money'
get /api/equity
status 503
json .error.code ledger_unavailable

make_ledger
now=$(now_msc)
one=100000000
# account, minutes ago, equity, credit
sample() {
	sql "INSERT INTO equity SELECT $1, at / 60000 * 60, 60, at, $3 * $one,
		$4 * $one, $3 * $one, $3 * $one, $3 * $one
		FROM (SELECT $now - $2 * 60000 AS at);"
}
in_ledger() { # id server currency trade_mode digits
	sql "INSERT INTO account (id, server, login, currency, trade_mode,
		currency_digits, first_seen_msc) VALUES ($1, '$2', $1, $3, $4, $5, 1);"
}
in_ledger 1 A "'USD'" 2 2
in_ledger 2 B "'USD'" 2 2
in_ledger 3 C "'JPY'" 2 0
in_ledger 4 D "'USD'" 0 2
in_ledger 5 E NULL NULL NULL
in_ledger 6 F "'USD'" 2 2
in_ledger 7 G "'EUR'" 2 2
# the whole time, with a deposit of 500 and 3 earned
sample 1 600 1000 0
sample 1 302 1001 0
sample 1 290 1503 0
sample 1 1 1503 0
# came two hours ago; credit is nothing that was earned
sample 2 118 200 0
sample 2 60 260 50
sample 2 1 260 50
sample 3 30 90000 0
sample 5 30 5 0
# last heard more than a day ago
sample 6 3000 7777 0
# silent for longer than a day, and back
sample 7 2000 1000 0
sample 7 10 900 0
deal_columns='account, ticket, "order", time, time_msc, type, entry,
	magic, position_id, reason, volume, price, commission, swap, profit,
	fee, symbol, comment, external_id, sl, tp, kind, offset_s, utc_msc,
	missing_msc, excluded, seen_utc_ms, counts_utc_ms'
at="$now - 295 * 60000"
sql "INSERT INTO deal ($deal_columns) VALUES (1, 5, 0, 1, $at, 2, 0, 0, 0, 0,
	0, 0, 0, 0, 500 * $one, 0, '', 'Deposit', '', 0, 0, 2, 0, $at, 0, 0, $at, $at);
	UPDATE revision SET n = n + 1;"

it 'adds what is of one currency and trade mode, and nothing else'
get '/api/equity?range=1d'
status 200
fits GET '/api/equity'
json '.range' 1d
json '[.curves[] | "\(.currency) \(.trade_mode) \(.currency_digits)"] | join(", ")' \
	'EUR 2 2, JPY 2 0, USD 0 2, USD 2 2'
usd='.curves[] | select(.currency == "USD" and .trade_mode == 2) | .points'
json "$usd | last | [.equity, .accounts, .held] | map(tostring) | join(\" \")" '1763 2 0'
json '.curves[] | select(.currency == "JPY") | .points | last.equity' 90000

it 'has no point before anything was known, and no account without samples'
json "$usd | first.equity" 1000
json '.curves[] | select(.trade_mode == 0) | .points | length' 0

it 'tells what came or went from what was earned'
# 1000 in the first point, 200 joined, 500 deposited, 50 of credit
json "$usd | map(.moved) | add" 1750
json "$usd | (last.equity - first.equity - (map(.moved)[1:] | add))" 13
json "$usd | map(select(.moved != 0)) | length" 4

it 'holds a last value, says so, and lets it go after a day'
json "$usd | map(select(.held > 0)) | length > 0" true
eur='.curves[] | select(.currency == "EUR") | .points'
json "$eur | first | [.equity, .accounts, .held] | map(tostring) | join(\" \")" '1000 1 1'
json "$eur | map(select(.equity == null and .accounts == 0)) | length > 20" true
json "$eur | last.equity" 900
json "$eur | map(.moved) | add" 900

it 'has 30 days in longer steps'
get '/api/equity?range=30d'
status 200
json .step_s 18000

it 'refuses another range and names it'
get '/api/equity?range=7w'
status 400
says '7w'
