# business.sh: fees, resets and payouts: entered, taken from deals, never twice.
. tests/cgi/lib
start_redis
settings DASHBOARD_AUTH=off
echo '[]' >"$dir/nodes.json"
make_ledger
user ada admin
user eve viewer
sql "INSERT INTO account (id, server, login, currency, first_seen_msc, holder, prop_firm)
	VALUES (1, 'Firm-Live', 11, 'USD', 1, 'Ann', 'FTMO'),
	(2, 'Firm-Live', 12, 'EUR', 1, 'Bob, \"B\"', 'FTMO'),
	(3, 'Firm-Live', 13, 'JPY', 1, NULL, NULL)"
units=100000000
payout() { # account ticket day amount [excluded]
	sql "INSERT INTO deal (account, ticket, \"order\", time, time_msc, type, entry, magic,
		position_id, reason, volume, price, commission, swap, profit, fee, symbol, comment,
		external_id, kind, meaning, excluded, seen_utc_ms, counts_utc_ms)
		VALUES ($1, $2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, -($4) * $units, 0, '', 'payout', '', 2, 3,
		${5:-0}, $(date -ud "$3" +%s)000, $(date -ud "$3" +%s)000)"
}
payout 1 901 2026-03-02 1000
payout 1 902 2026-05-04 500
payout 2 903 2026-05-05 300
payout 3 904 2026-05-06 70000
payout 3 905 2026-05-07 1 3
serve admin.fcgi
admin=$program
log_in ada
enter() { send_json POST /api/business/entry "$1" "$cookie" "$token"; }
book() { program=$build/bin/dashboard.fcgi; get "${1:-/api/business}"; program=$admin; }
sums() { jq -r ".$1 | map(\"\(.name) \(.currency) \(.cost) \(.paid_out) \(.net) \(.roi_pct)\") | join(\", \")" "$dir/body"; }

it 'takes payouts from the deals, whole where no split is entered'
book
status 200
fits GET /api/business
json '.entries | map("\(.ticket) \(.source) \(.amount)") | join(", ")' \
	'904 deal 70000, 903 deal 300, 902 deal 500, 901 deal 1000'
json '.firms | map(.split_unknown) | tostring' '[1,2,1]'

it 'enters fees, resets, refunds, splits'
for e in '{"kind":"fee","amount":155.5,"currency":"USD","at_utc":"2026-01-05","server":"Firm-Live","login":"11"}' \
	'{"kind":"reset","amount":"44.5","currency":"USD","at_utc":"2026-02-01","server":"Firm-Live","login":11,"note":"2nd, \"try\""}' \
	'{"kind":"refund","amount":100,"currency":"USD","at_utc":"2026-03-03","server":"Firm-Live","login":11}' \
	'{"kind":"cost","amount":20,"currency":"EUR","at_utc":"2026-05-01","note":"VPS"}' \
	'{"kind":"split","amount":80,"firm":"FTMO","at_utc":"2026-01-01"}' \
	'{"kind":"split","amount":90,"server":"Firm-Live","login":"11","at_utc":"2026-04-01"}'; do
	enter "$e"
	status 200
	fits POST /api/business/entry
done
book
fits GET /api/business
same firms "$(sums firms)" 'FTMO EUR 0 240 240 null, FTMO USD 100 1250 1150 1150, null EUR 20 0 -20 -100, null JPY 0 70000 70000 null'
same holders "$(sums holders)" 'Ann USD 100 1250 1150 1150, Bob, "B" EUR 0 240 240 null, null EUR 20 0 -20 -100, null JPY 0 70000 70000 null'
same months "$(sums months)" '2026-01 USD 155.5 0 -155.5 -100, 2026-02 USD 44.5 0 -44.5 -100, 2026-03 USD -100 800 900 null, 2026-05 EUR 20 240 220 1100, 2026-05 JPY 0 70000 70000 null, 2026-05 USD 0 450 450 null'
json '.entries[] | select(.ticket == "902") | "\(.gross) \(.share_pct) \(.amount)"' '500 90 450'

it 'counts a payout once, entered before or after its deal came'
enter '{"kind":"payout","amount":800,"currency":"USD","at_utc":"2026-03-10","server":"Firm-Live","login":11}'
enter '{"kind":"payout","amount":245,"currency":"USDT","at_utc":"2026-05-07","server":"Firm-Live","login":12}'
book
json '.entries | map(select(.kind == "payout")) | map("\(.ticket) \(.source) \(.amount) \(.currency)") | join(", ")' \
	'903 entered 245 USDT, 904 deal 70000 JPY, 902 deal 450 USD, 901 entered 800 USD'
enter '{"kind":"payout","amount":60,"currency":"USD","at_utc":"2026-06-01","server":"Firm-Live","login":11}'
payout 1 906 2026-06-04 60
book
json '.entries | map(select(.kind == "payout" and .login == "11") | .ticket) | tostring' '["906","902","901"]'

it 'removes an entry; the audit undoes that, and the entering'
id=$(jq -r '.entries[] | select(.kind == "reset") | .id' "$dir/body")
ask DELETE "/api/business/entry/$id" "$cookie" "$token" </dev/null
status 200
fits DELETE '/api/business/entry/{id}'
ask DELETE "/api/business/entry/$id" "$cookie" "$token" </dev/null
status 404
fits DELETE '/api/business/entry/{id}'
book
json '.entries | map(select(.kind == "reset")) | length' 0
audit=$(sql "SELECT max(id) FROM audit WHERE field = 'business/$id'")
same 'the audit' "$(sql "SELECT \"from\" FROM audit WHERE id = $audit")" \
	'reset 44.5 USD 2026-02-01 FTMO: 2nd, "try"'
send_json POST /admin/undo "{\"id\":\"$audit\"}" "$cookie" "$token"
status 200
book
json '.entries | map(select(.kind == "reset") | .amount) | tostring' '[44.5]'
audit=$(sql "SELECT id FROM audit WHERE \"to\" LIKE 'cost 20 EUR%'")
send_json POST /admin/undo "{\"id\":\"$audit\"}" "$cookie" "$token"
status 200
book
json '.entries | map(select(.kind == "cost")) | length' 0
send_json POST /admin/undo "{\"id\":\"$audit\"}" "$cookie" "$token"
[ "$(sed -n 's/^Status: \([0-9]*\).*/\1/p' "$dir/head")" != 200 ] || wrong 'undone twice'

it 'quotes what cannot be, and stores nothing of it'
n=$(sql 'SELECT count(*) FROM business_entry')
while read -r body; do
	enter "$body"
	status 400
	fits POST /api/business/entry
done <<'END'
{"kind":"gift","amount":1,"currency":"USD"}
{"kind":"fee","amount":-1,"currency":"USD"}
{"kind":"fee","amount":0,"currency":"USD"}
{"kind":"fee","amount":"1,5","currency":"USD"}
{"kind":"fee","amount":1e300,"currency":"USD"}
{"kind":"fee","amount":1}
{"kind":"fee","amount":1,"currency":"usd"}
{"kind":"fee","amount":1,"currency":"USD","at_utc":"2199-01-01"}
{"kind":"fee","amount":1,"currency":"USD","at_utc":"yesterday"}
{"kind":"fee","amount":1,"currency":"USD","login":"11"}
{"kind":"split","amount":101,"firm":"FTMO"}
{"kind":"split","amount":80}
{"kind":"fee","amount":1,"currency":"USD","odd":1}
END
enter '{"kind":"fee","amount":1,"currency":"USD","server":"None","login":"1"}'
status 404
same 'what is stored' "$(sql 'SELECT count(*) FROM business_entry')" "$n"
log_in eve
enter '{"kind":"fee","amount":1,"currency":"USD"}'
status 403

it 'gives it as CSV'
book /api/export/business.csv
status 200
has_header Content-Type 'text/csv; charset=utf-8'
says '"Bob, ""B"""'
says '2026-03-10T00:00:00.000Z,"payout",800,"USD",,1000,"Firm-Live",11,"FTMO","Ann","entered",901'

it 'counts a payout of two joined accounts once, one that was taken back not at all'
sql "INSERT INTO account (id, server, login, first_seen_msc, merged_into) VALUES (4, 'Old-Live', 12, 1, 2)"
payout 4 903 2026-05-05 300
payout 3 907 2026-07-01 5000
payout 3 908 2026-07-02 -5000
payout 3 909 2026-07-03 900
payout 3 910 2026-07-04 -400
sql 'UPDATE deal SET meaning = 7, cancels = ticket - 1 WHERE ticket IN (908, 910)'
book
fits GET /api/business
json '.entries | map(select(.ticket == "903")) | length' 1
json '.entries | map(select(.at_utc > "2026-07") | "\(.ticket) \(.amount)") | join(", ")' '909 500'

it 'says no month where the UTC is not known, and no sum where the currency is not'
sql "INSERT INTO account (id, server, login, first_seen_msc) VALUES (5, 'New-Live', 15, 1)"
payout 5 920 2026-08-01 10
payout 3 921 2026-08-02 77
sql 'UPDATE deal SET counts_utc_ms = NULL, time_msc = seen_utc_ms - 86400000 * 100 WHERE ticket = 921'
book
fits GET /api/business
json '.entries[] | select(.ticket == "921") | "\(.at_utc) \(.amount)"' 'null 77'
json '.months[] | select(.name == null) | "\(.currency) \(.paid_out)"' 'JPY 77'
json '.months[] | select(.name == "2026-08") | "\(.currency) \(.entries) \(.paid_out) \(.net)"' 'null 1 null null'
