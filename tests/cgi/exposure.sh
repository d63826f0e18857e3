# exposure.sh: open lots and P/L by symbol, opposite positions, pairs.
. tests/cgi/lib
start_redis
settings DASHBOARD_AUTH=off
echo '[{"id":"vps01","url":"http://127.0.0.1:1"},{"id":"vps02","url":"http://127.0.0.1:2"}]' \
	>"$dir/nodes.json"
make_ledger
collector
polled vps01 ok
polled vps02 unreachable '"no route to host"'

position() { # symbol type volume profit swap
	printf '{"ticket":"1","symbol":"%s","type":%s,"volume":%s,"profit":%s,"swap":%s}' "$@"
}
holds() { # login status currency trade_mode profit positions
	account Broker-Live "$1" "$2" "$3" 2 "$4" 1000 1000 "$5"
	lines=$(printf '%s' "$lines" | sed '$d' | sed '$d')
	lines="$lines
[$6]
[]"
}
holds 1 ok USD 2 5.5 "$(position EURUSD 0 1.5 10 -0.5),$(position EURUSD 1 0.5 -4 0)"
holds 2 ok USD 0 -3 "$(position EURUSD.pro 1 2 -3 0)"
holds 3 ok EUR 2 7 "$(position EURUSDm 1 0.25 7 0),$(position BRK.B 0 1 1 0)"
holds 4 trading_disabled USD 2 1 "$(position BRK.A 1 1 1 0)"
holds 5 ok USD 2 1 "$(position EURUSD 0 9 1 0),$(position EURUSD null 1 1 0)"
holds 6 terminal_down USD 2 1 "$(position EURUSD 0 100 1 0)"
holds 7 ok USD 2 0 ''
holds 8 ok JPY 2 2 "$(position ESZ25 0 1 null 0)"
snapshot vps01 ok
sql "INSERT INTO account (id, server, login, currency, first_seen_msc, holder, prop_firm, vs_group)
	VALUES (1, 'Broker-Live', 1, 'USD', 1, 'Ann', 'FTMO', NULL),
	(2, 'Broker-Live', 2, 'USD', 1, 'Bob', 'FTMO', NULL),
	(3, 'Broker-Live', 3, 'EUR', 1, 'Ann', 'Other, \"X\"', 'p'),
	(4, 'Broker-Live', 4, 'USD', 1, '', 'Third', 'p'),
	(6, 'Broker-Live', 6, 'USD', 1, NULL, NULL, 'gone'),
	(7, 'Broker-Live', 7, 'USD', 1, NULL, NULL, 'gone'),
	(8, 'Broker-Live', 8, 'JPY', 1, NULL, 'FTMO', 'one')"
serve dashboard.fcgi

it 'adds lots by symbol over the brokers that write it otherwise'
get /api/exposure
status 200
fits GET /api/exposure
json '.symbols | map("\(.symbol) \(.long) \(.short) \(.net) \(.gross)") | join(", ")' \
	'EURUSD 1.5 2.75 -1.25 4.25, BRK.A 0 1 -1 1, BRK.B 1 0 1 1, ESZ25 1 0 1 1'
json '.symbols[0].accounts | map("\(.login) \(.symbol) \(.net)") | join(", ")' \
	'1 EURUSD 1, 2 EURUSD.pro -2, 3 EURUSDm -0.25'

it 'leaves out what is not live, and what cannot be read whole, and counts it'
json '.accounts' 6
json '.left_out' 2
json '.left_out_accounts | map("\(.login) \(.status)") | join(", ")' '5 ok, 6 terminal_down'

it 'never adds currencies, nor demo and real; a P/L that is unknown is null'
json '.symbols[0].profits | map("\(.currency) \(.trade_mode) \(.accounts) \(.profit)") | join(", ")' \
	'EUR 2 1 7, USD 2 1 5.5, USD 0 1 -3'
json '.currencies | map("\(.currency) \(.trade_mode) \(.accounts) \(.positions) \(.profit)") | join(", ")' \
	'EUR 2 1 2 8, JPY 2 1 1 null, USD 2 2 3 6.5, USD 0 1 1 -3'

it 'marks opposite positions within a firm and of a holder'
json '.opposites | map("\(.symbol) \(.of) \(.name) \(.accounts | map(.login) | join("+"))") | join(", ")' \
	'EURUSD firm FTMO 1+2, EURUSD holder Ann 1+3'
json '.symbols | map(.opposite) | tostring' '[true,false,false,false]'

it 'does not take the hedge within one account for one'
get '/api/exposure?q=ann&firm=FTMO'
fits GET /api/exposure
json '.accounts' 1
json '.symbols[0] | "\(.long) \(.short) \(.opposite)"' '1.5 0.5 false'
json '.opposites | length' 0

it 'says nothing of a leg that may be one not given to who asks'
given=$(MT5FLEET_CONFIG=$dir/env "$build/bin/mt5fleet" token add one --scope read \
	--account Broker-Live/3 --account Broker-Live/7)
get /api/exposure "HTTP_AUTHORIZATION=Bearer $given"
status 200
json '.pairs | map("\(.vs_group) \(.state) \(.accounts | map(.login) | join("+"))") | join(", ")' \
	'gone unknown 7, p unknown 3'
json '.pairs[1].symbols | map("\(.symbol) \(.net) \(.missing)") | join(", ")' \
	'BRK.B 1 null, EURUSD -0.25 null'

it 'shows the legs of a pair, their sums, and which is missing'
get '/api/exposure?q=ann&firm=FTMO'
json '.pairs | map("\(.vs_group) \(.state)") | join(", ")' \
	'gone unknown, one alone, p leg_missing'
json '.pairs[2].symbols | map("\(.symbol) \(.missing)") | join(", ")' \
	'EURUSD long, BRK.A long, BRK.B short'
json '.pairs[2].sums | map("\(.currency) \(.accounts) \(.equity) \(.profit) \(.total)") | join(", ")' \
	'EUR 1 1000 7 null, USD 1 1000 1 null'
json '.pairs[0].sums[0] | "\(.accounts) \(.left_out)"' '1 1'
json '.pairs[0].accounts[0] | "\(.counted) \(.positions) \(.equity)"' 'false null null'

it 'proposes pairs of those without a group'
json '.proposals | map("\(.symbol) \(.same_lots) \(.long.login) \(.long.lots) \(.short.login) \(.short.lots)") | join(", ")' \
	'EURUSD false 1 1 2 2'

it 'quotes what it does not know'
get '/api/exposure?limit=3'
status 400
says limit
get '/api/exposure?mode=paper'
status 400
says paper
fits GET /api/exposure

it 'never adds what is another instrument by the rest of its name'
lines=
names='EUR/USD EUR/GBP BTC-USD BTC-EURm SAN.ES SAN.FR BRK-A BRK-B Soybean_Oil Soybean_Meal
	XAUUSD.ECN XAUUSDm XAUUSD-STD XAUUSD.Pro XAUUSD_i GOLD.RAW GOLD+'
all=
for symbol in $names; do
	case $symbol in Soy*) symbol="${symbol%_*} ${symbol#*_}" ;; esac
	all="$all,$(position "$symbol" 0 1 1 0)"
done
holds 9 ok USD 2 17 "${all#,}"
snapshot vps01 ok
get /api/exposure
fits GET /api/exposure
json '.symbols | map("\(.symbol) \(.long)") | join(", ")' \
	'XAUUSD 5, GOLD 2, BRK-A 1, BRK-B 1, BTC-EURm 1, BTC-USD 1, EUR/GBP 1, EUR/USD 1, SAN.ES 1, SAN.FR 1, Soybean Meal 1, Soybean Oil 1'
