# accounts.sh: pages, filters, orders and exports of accounts, and their summary.
. tests/cgi/lib
start_redis
settings DASHBOARD_AUTH=off
echo '[{"id":"vps01","url":"http://127.0.0.1:1"},
	{"id":"vps02","url":"http://127.0.0.1:2"},
	{"id":"vps03","url":"http://127.0.0.1:3"}]' >"$dir/nodes.json"
make_ledger
collector
polled vps01 ok
polled vps02 ok
polled vps03 unreachable '"no route to host"'
i=0
while [ $i -lt 9 ]; do
	i=$((i + 1))
	account Broker-Live $((1000 + i)) ok USD 2 2 1000 $((1000 + i * 10)) $((i * 10))
done
account Broker-Live 1010 ok USD 2 2 1000 1090 90
snapshot vps01 ok
account Other-Demo 7 read_only EUR 2 0 500.1 480.05 -20.05
account Other-Demo 8 trading_disabled EUR 2 0 10 10 0
snapshot vps02 ok
one=100000000 day=$(($(now_msc) - 3600000))
limits() { # account, daily floor, its allowance
	sql "INSERT INTO limits VALUES ($1, json_object('at_msc', '200000',
		'resets_msc', '$((day + 86400000))', 'days_done', 2, 'lines', json_array(
		json_object('kind', 'daily_loss', 'level', '$2', 'size', '$3',
		'test', 'equity', 'mode', 'static', 'high', 'balance', 'broken',
		json('false'), 'estimated', json('false')))))"
}
sql "INSERT INTO account (id, server, login, currency, first_seen_msc, holder,
	prop_firm, tags) VALUES (1, 'Broker-Live', 1001, 'USD', 1, 'ZOË \"Z\" Ünal',
	'FTMO', '[\"night\"]'), (2, 'Broker-Live', 1002, 'USD', 1, '=cmd', 'Alpha, Ltd',
	'[]'), (3, 'Broker-Live', 1003, 'USD', 1, NULL, 'FTMO', '[]');
INSERT INTO phase_period (account, phase, status, started_msc, initial_balance, who)
	VALUES (1, 'F1', 'active', 1500, 1000 * $one, 'root'),
	(2, 'R', 'active', 1500, 1000 * $one, 'root'),
	(3, 'F1', 'active', 1500, 1000 * $one, 'root');"
limits 1 $((900 * one)) $((200 * one))
limits 3 $((1020 * one)) $((100 * one))
serve dashboard.fcgi
logins='.accounts | map(.login // .node) | join(" ")'

it 'gives a page at a time, each account once, in the order of the whole'
get /api/accounts
status 200
fits GET /api/accounts
json '.matching' null
whole=$(jq -r "$logins" "$dir/body")
same 'the whole' "$whole" '1009 1010 1008 1007 1006 1005 1004 1003 1002 1001 8 7 vps03'
after='' pages=''
for n in 1 2 3 4; do
	get "/api/accounts?limit=4$after"
	status 200
	fits GET /api/accounts
	json .matching 13
	pages="$pages $(jq -r "$logins" "$dir/body")"
	next=$(jq -r '.next // "" | @uri' "$dir/body")
	after="&after=$next"
	[ -n "$next" ] || break
done
same 'the pages' "$pages" " $whole"
same 'how many pages' $n 4
get '/api/accounts?limit=13'
json .next null

it 'says counts, totals and facets of all that fit, not of the page'
get '/api/accounts?limit=1&mode=demo'
json '.counts | tostring' '{"read_only":1,"trading_disabled":1}'
json '.totals | map("\(.currency) \(.accounts) \(.balance)") | join(",")' 'EUR 2 510.1'
json .matching 2
json '.facets.mode | tostring' '{"real":10,"demo":2,"none":1}'
json '.facets.currency | tostring' '{"EUR":2}'

it 'sorts by what is asked, the unknown last in both directions'
for sort in equity:8 -equity:1009 status:vps03 -status:1001 login:7 -login:1010 \
	node:1001 -node:vps03 firm:1002 phase:1001 -used:1003 used:1001 holder:1002; do
	get "/api/accounts?limit=1&sort=${sort%:*}"
	status 200
	json "\"${sort%:*} \" + ($logins)" "${sort%:*} ${sort#*:}"
done
get '/api/accounts?sort=-equity'
json '.accounts[-1].node' vps03
get '/api/accounts?sort=equity'
json '.accounts[-1].node' vps03

it 'pages by a text and by what is unknown'
after='' pages=''
for n in 1 2 3 4 5 6 7; do
	get "/api/accounts?limit=2&sort=firm$after"
	status 200
	pages="$pages $(jq -r "$logins" "$dir/body")"
	after="&after=$(jq -r '.next // "" | @uri' "$dir/body")"
done
same 'the pages' "$pages" \
	' 1002 1001 1003 1004 1005 1006 1007 1008 1009 1010 7 8 vps03'

it 'finds every word, whatever its letters'
for q in 'zo%C3%AB:1001' 'ZO%C3%8B+broker:1001' '%C3%BCnal+night:1001' \
	'%22z%22:1001' 'other-demo:8 7' 'alpha:1002' '1009:1009' 'vps03:vps03' \
	'zo%C3%AB+alpha:'; do
	get "/api/accounts?q=${q%:*}"
	status 200
	json "$logins" "${q#*:}"
done

it 'filters by one or more words, and by none'
for f in 'status=read_only:7' 'status=unreachable,trading_disabled:8 vps03' \
	'phase=F1:1003 1001' 'phase=F1,R:1003 1002 1001' 'firm=ftmo:1003 1001' \
	'firm=Alpha%2C+Ltd:1002' 'currency=EUR&status=read_only:7' \
	'currency=none:vps03' 'phase=none&currency=EUR:8 7' 'mode=demo:8 7' \
	'firm=Nobody:'; do
	get "/api/accounts?${f%:*}"
	status 200
	json "\"${f%:*} \" + ($logins)" "${f%:*} ${f#*:}"
done

it 'gives the members that are asked for'
get '/api/accounts?limit=1&fields=login,account.balance,account.profit,pl.day,claims'
json '.accounts[0] | tostring' \
	'{"login":"1009","claims":null,"account":{"balance":1000,"profit":90},"pl":{"day":null}}'
get '/api/accounts?status=unreachable&fields=login,age_s,account.balance,phase.phase'
json '.accounts[0] | tostring' '{"login":null,"age_s":null,"account":null,"phase":null}'

it 'quotes what cannot be'
for given in 'limit=0' 'limit=1001' 'limit=' 'limit=1e3' 'sort=sideways' 'sort=-' 'sort=' \
	'status=fine' 'status=ok,' 'mode=paper' 'phase=' 'fields=colour' \
	'fields=account.colour' 'fields=login.x' 'fields=' 'after=zzz' 'after=' \
	'after=-profit:x:1:n:s' 'after=-profit:1:n:s' 'after=firm:99=a:1:n:s&sort=firm'; do
	get "/api/accounts?$given"
	status 400
	json '.error.code' bad_request
	value=${given%%&*}
	says "\\\"$(printf '%s' "${value#*=}")\\\""
done
get "/api/accounts?limit=1&sort=day&after=$next-profit:1:1:n:s"
status 400
says 'sort=-profit'

it 'says 304 to who has the page, whatever its age'
get '/api/accounts?limit=2&sort=-equity'
tag=$(header ETag)
get '/api/accounts?limit=2&sort=-equity' "HTTP_IF_NONE_MATCH=$tag"
status 304
get '/api/accounts?limit=3&sort=-equity' "HTTP_IF_NONE_MATCH=$tag"
status 200
same 'nginx keeps it' "$(header X-Accel-Expires)" ''

it 'sums up without rows'
get /api/summary
status 200
fits GET /api/summary
json .accounts 13
json '.counts | tostring' '{"ok":10,"read_only":1,"trading_disabled":1,"unreachable":1}'
json '.totals | map("\(.currency) \(.accounts) \(.equity)") | join(",")' \
	'EUR 2 490.05,USD 10 10540'
json '.firms | map("\(.firm) \(.accounts)") | sort | join(",")' \
	'Alpha, Ltd 1,FTMO 2,null 10'
json '.firms[] | select(.firm == "FTMO") | .totals[0].equity' 2040
json '.phases | map("\(.phase) \(.accounts)") | sort | join(",")' 'F1 2,R 1,null 10'
json '.worst | map("\(.login) \(.rule) \(.used) \(.left)") | join(",")' \
	'1003 daily_loss 0.9 10,1001 daily_loss 0.45 110'
tag=$(header ETag)
get /api/summary "HTTP_IF_NONE_MATCH=$tag"
status 304
get '/api/summary?worst=1&firm=FTMO'
json .accounts 2
json '.worst | length' 1
get '/api/summary?worst=0'
json '.worst | length' 0
for given in worst=101 worst=-1 worst=x status=fine; do
	get "/api/summary?$given"
	status 400
	says "\\\"${given#*=}\\\""
done

it 'exports all that fit as CSV'
get '/api/export/accounts.csv?fields=login,phase.holder,account.balance,error,claims&sort=login'
status 200
same 'its type' "$(header Content-Type)" 'text/csv; charset=utf-8'
same 'lines' "$(tr -d '\r' <"$dir/body" | head -5)" 'login,phase.holder,account.balance,error,claims
"7",,500.1,,
"8",,10,,
"1001","ZOË ""Z"" Ünal",1000,,
"1002","'\''=cmd",1000,,'
same 'the last' "$(tr -d '\r' <"$dir/body" | tail -1)" ',,,"no route to host",'
get '/api/export/accounts.csv?firm=FTMO&bom=1'
same 'lines' "$(wc -l <"$dir/body")" 3
same 'columns' "$(head -1 "$dir/body" | tr , '\n' | wc -l)" 42
get '/api/export/accounts.csv?bom=maybe'
status 400
says '\"maybe\"'

it 'exports all that fit as lines of JSON'
get '/api/export/accounts.ndjson?sort=login'
status 200
same 'its type' "$(header Content-Type)" 'application/x-ndjson'
same 'lines' "$(jq -c '.login' "$dir/body" | wc -l)" 13
jq -c . "$dir/body" | command node tests/cgi/openapi.mjs is Row /dev/stdin >"$dir/said" ||
	wrong "$(cat "$dir/said")"
get '/api/export/accounts.ndjson?fields=login&currency=EUR&sort=login'
same 'lines' "$(tr '\n' ' ' <"$dir/body")" '{"login":"7"} {"login":"8"} '
