# dashboard.sh: what dashboard.fcgi answers, as a CGI program from the shell.
. tests/cgi/lib
start_redis
settings DASHBOARD_AUTH=off
cat >"$dir/nodes.json" <<-END
	[{"id":"vps01","url":"http://127.0.0.1:1"},
	 {"id":"vps02","url":"http://127.0.0.1:2",
	  "accounts":[{"server":"Broker-Live","login":"52001002"}]}]
END
make_ledger
serve dashboard.fcgi

it 'knows nothing before the first poll, and says null'
get /api/accounts
status 200
fits GET /api/accounts
json '.accounts | length' 2
json '.accounts | map(.account) | tostring' '[null,null]'
json '.accounts | map(.status) | unique | tostring' '["stale"]'
json '.accounts | map(.age_s) | unique | tostring' '[null]'
json '.accounts[0].login' 52001002
json '.totals | length' 0
json '.live_id' 0-0

it 'is not healthy without a collector'
get /health
status 503
json .status down
json .collector null

collector
polled vps01 ok
polled vps02 ok
account Broker-Live 52001001 ok USC 2 2 6047.22 6047.22 0
account Other-Demo 52001001 read_only USD 2 0 0.1 0.3 0.2
snapshot vps01 ok
account Broker-Live 52001002 ok USD 2 0 0.2 0.1 -0.1
snapshot vps02 ok
redis XADD live '5-1' type account data '{}' >/dev/null

it 'shows each account, sorted by P/L'
get /api/accounts
status 200
fits GET /api/accounts
has_header Content-Type application/json
json '.accounts | map(.account.profit) | tostring' '[0.2,0,-0.1]'
json '.accounts[0].server' Other-Demo
json '.accounts[0].login' 52001001
json '.accounts[0].terminal.build' 5200
json '.accounts[0].pl.floating' 0.2
json '.accounts[0].pl.day' null
json '.accounts[0].phase' null
json '.accounts[0].age_s < 60' true
json '.counts | tostring' '{"ok":2,"read_only":1}'
json .live_id 5-1

it 'adds up exactly, currencies and modes apart'
get /api/accounts
json '.totals | map("\(.currency) \(.trade_mode) \(.accounts) \(.left_out)") | join(", ")' \
	'USC 2 1 0, USD 0 2 0'
json '.totals[1].balance' 0.3
json '.totals[1].equity' 0.4
json '.totals[1].profit' 0.1
json '.totals[0].day' null

it 'answers for one account, with its positions and orders'
get /api/accounts/Other-Demo/52001001
status 200
fits GET '/api/accounts/{server}/{login}'
json .status read_only
json '.position_list[0].ticket' 9007199254740993
json '.order_list | length' 0
json .positions 1

it 'lists positions and orders by themselves'
get /api/accounts/Broker-Live/52001002/positions
status 200
fits GET '/api/accounts/{server}/{login}/positions'
json '.positions[0].symbol' EURUSD
get /api/accounts/Broker-Live/52001002/orders
status 200
fits GET '/api/accounts/{server}/{login}/orders'
json '.orders | tostring' '[]'

it 'answers to a login alone where it is unique'
get /api/accounts/52001002
status 200
json .server Broker-Live

it 'gives the candidates where it is not'
get /api/accounts/52001001
status 409
fits GET '/api/accounts/{login}'
json .error.code ambiguous
json '.candidates | map(.server) | sort | join(" ")' 'Broker-Live Other-Demo'

it 'says 404 for an account that is not here'
get /api/accounts/Broker-Live/7
status 404
fits GET '/api/accounts/{server}/{login}'
json .error.code not_found

it 'says 400 for a login that is no number, and quotes it'
get /api/accounts/Broker-Live/7x
status 400
says '\"7x\"'

it 'knows /account as the first system had it'
get '/account?server=Broker-Live&login=52001002'
status 200
fits GET /account
json .login 52001002
get /account
status 409
get '/account/cached?login=52001002'
status 200

it 'tells of each agent'
get /api/agents/status
status 200
fits GET /api/agents/status
json '.agents | map(.node) | join(" ")' 'vps01 vps02'
json '.agents[0].agent.version' 1.0.0
json '.agents[0].accounts | length' 2
json '.agents[0].latency_ms' 3

it 'tells of each terminal'
get /mt5/status
status 200
fits GET /mt5/status
json '.terminals | length' 3
json '.terminals[0].ping_last' 31234

it 'is healthy'
collector
get /health
status 200
fits GET /health
json .status ok
json .nodes.ok 2
json .redis.ok true
json .ledger.ok true
json '.collector.age_s < 60' true
get /connection-status
status 200
fits GET /connection-status
json '.nodes | map(.status) | unique | tostring' '["ok"]'

it 'counts for Prometheus'
get /metrics
status 200
says 'mt5fleet_nodes{status="ok"} 2'
says 'mt5fleet_equity{server="Other-Demo",login="52001001",node="vps01",currency="USD"} 0.3'

it 'describes itself'
get /api
status 200
fits GET /api
json '.routes | map(select(.path == "/api/accounts")) | length' 1
get /docs
status 200
says openapi.yaml
says_not '<script'
get /docs/openapi.yaml
status 200
says 'openapi: 3'

it 'quotes a parameter it does not know'
get '/api/accounts?colour=x'
status 400
json .error.code bad_request
says '\"colour\"'

it 'refuses a query that cannot be decoded'
get '/account?login=%zz'
status 400
get '/account?login=%00'
status 400
get '/account?login=1&login=2'
status 400
says '\"login\"'

it 'says 404 for a path it does not have'
get /api/nothing
status 404
json .error.code not_found

it 'says 405 and what it allows'
send_json POST /api/accounts '{}'
status 405
has_header Allow 'GET, HEAD'

it 'answers HEAD with the head alone'
ask HEAD /api/accounts </dev/null
status 200
same 'the body' "$(cat "$dir/body")" ''
same 'a length' "$([ "$(header Content-Length)" -gt 100 ] && echo yes)" yes

it 'says 304 to who has it already, and 200 when it changed'
get /api/accounts
tag=$(header ETag)
get /api/accounts "HTTP_IF_NONE_MATCH=$tag"
status 304
same 'the body' "$(cat "$dir/body")" ''
account Broker-Live 52001002 ok USD 2 0 0.2 0.1 -0.3
snapshot vps02 ok
get /api/accounts "HTTP_IF_NONE_MATCH=$tag"
status 200

it 'is not kept by a browser, nor anything but answers by nginx'
get /api/accounts
has_header Cache-Control 'private, no-cache'
get /api/nothing
has_header Cache-Control no-store

redis DEL snapshot:vps02 >/dev/null
polled vps02 unreachable '"connection refused"'

it 'keeps the last values of a node that is gone, out of the totals'
get /api/accounts
json '.accounts[] | select(.node == "vps02") | .status' unreachable
fits GET /api/accounts
json '.accounts[] | select(.node == "vps02") | .account.balance' 0.2
json '.accounts[] | select(.node == "vps02") | .since_utc' \
	2026-06-22T18:53:58.950Z
json '.totals[1] | "\(.accounts) \(.left_out) \(.balance)"' '1 1 0.1'
json .counts.unreachable 1
get /health
status 200
json .status degraded
get /metrics
says 'mt5fleet_accounts{status="unreachable"} 1'
# that it is not live, and its age: no figure
same 'metrics of it' "$(sed -n 's/{.*login="52001002".*}//p' "$dir/body" |
	sed 's/seconds .*/seconds/')" "mt5fleet_account_live 0
mt5fleet_snapshot_age_seconds"

it 'is stale, not unreachable, when the collector is gone as well'
redis SET node:vps02 '{"node":"vps02","status":"unreachable","since_msc":1,"polled_msc":1}' >/dev/null
get /api/accounts
json '.accounts[] | select(.node == "vps02") | .status' stale

it 'sums nothing to null, not to 0'
redis DEL snapshot:vps01 >/dev/null
get /api/accounts
json '.totals | map(.balance) | unique | tostring' '[null]'
json '.totals | map(.left_out) | add' 3

account Broker-Live 52001001 ok USC 2 2 1 2 3
snapshot vps01 ok

it 'shows an account that moved once, where it is live'
account Broker-Live 52001001 stale USC 2 2 9 9 9
snapshot vps02 ok
get /api/accounts
json '[.accounts[] | select(.login == "52001001" and .server == "Broker-Live")] | length' 1
json '.accounts[] | select(.login == "52001001" and .server == "Broker-Live") | .node' vps01

it 'says so where another account is there than the pinned one'
get /api/accounts
json '.accounts[] | select(.login == "52001002") | .status' wrong_account
json '.accounts[] | select(.login == "52001002") | .account' null

it 'does not break on a damaged snapshot'
redis SET snapshot:vps02 'not json' >/dev/null
get /api/accounts
status 200
json '.accounts | length' 2
json '.accounts[] | select(.node == "vps02") | .status' stale

if [ "$mode" = fcgi ]; then
	it 'keeps the old list of nodes while nodes.json is broken'
	cp "$dir/nodes.json" "$dir/good.json"
	echo '[{"id":"vps01"' >"$dir/nodes.json"
	get /api/accounts
	status 200
	json '.accounts | length' 2
	get /health
	json .status degraded
	says nodes.json:1
	echo '[{"id":"vps01","url":"http://127.0.0.1:1"}]' >"$dir/nodes.json"
	get /api/accounts
	json '.accounts | length' 1
	get /health
	json .nodes_error null
else
	it 'does not take a list of nodes it cannot read for an empty one'
	cp "$dir/nodes.json" "$dir/good.json"
	echo '[{"id":"vps01"' >"$dir/nodes.json"
	get /api/accounts
	status 503
	json .error.code nodes_unavailable
	get /health
	status 503
	says nodes.json:1
	cp "$dir/good.json" "$dir/nodes.json"
fi

it 'says 503 at once without Redis, and is well again with it'
stop_redis
get /api/accounts
status 503
json .error.code cache_unavailable
fits GET /api/accounts
get /health
status 503
json .redis.ok false
get /metrics
says 'mt5fleet_redis_up 0'
start_redis
get /api/accounts
status 200

it 'says 503 within two seconds when Redis hangs'
kill -STOP "$redis_pid"
t0=$(now_msc)
get /api/accounts
status 503
same 'in time' "$([ $(($(now_msc) - t0)) -lt 2000 ] && echo yes)" yes
kill -CONT "$redis_pid"
get /api/accounts
status 200

# what follows changes the settings, which FastCGI reads at its start
[ "$mode" = cgi ] || exit 0

it 'lets nginx keep what nobody unknown can multiply'
get /api/accounts
same 'without a cookie' "$(header X-Accel-Expires)" 1
get /api/accounts 'HTTP_COOKIE=mt5fleet=made-up'
status 200
same 'with one made up' "$(header X-Accel-Expires)" ''
get /api/accounts 'HTTP_COOKIE=;;;'
same 'with one that is none' "$(header X-Accel-Expires)" ''
get /api/accounts 'HTTP_AUTHORIZATION=Bearer made-up'
same 'with a token made up' "$(header X-Accel-Expires)" ''

it 'wants a log-in unless reading is open'
settings DASHBOARD_AUTH=required
for path in /api/accounts /api/accounts/a/1 /api/agents/status /account \
	/mt5/status /connection-status; do
	get $path
	status 401
	json .error.code unauthorized
done
get /health
says '"redis":{"ok":true'
get /metrics
says_not login=
id=$(printf '%064d' 1)
user eve viewer
hash=$(printf %s "$id" | sha256sum | cut -d' ' -f1)
session() { # digest user
	sql "INSERT INTO session VALUES ('$1', '$2', 'x', (SELECT changed_msc
		FROM user WHERE name = '$2'), 0, 9000000000000)"
}
session $id eve
get /api/accounts "HTTP_COOKIE=mt5fleet=$id"
status 401
# nor is anybody in whom Redis alone knows
redis SET session:$hash '{"user":"eve","role":"viewer","csrf":"x","changed_msc":1}' >/dev/null
get /api/accounts "HTTP_COOKIE=mt5fleet=$id"
status 401
session $hash eve
get /api/accounts "HTTP_COOKIE=a=b; mt5fleet=$id"
status 200
same 'a session is kept' "$(header X-Accel-Expires)" 1
sql "UPDATE user SET disabled = 1"
get /api/accounts "HTTP_COOKIE=mt5fleet=$id"
status 401
mv "$dir/ledger.db" "$dir/away" # who is out stays out without the ledger
get /api/accounts "HTTP_COOKIE=mt5fleet=$id"
status 401
mv "$dir/away" "$dir/ledger.db"
sql "UPDATE user SET disabled = 0"
redis FLUSHALL >/dev/null # logs nobody out
get /api/accounts "HTTP_COOKIE=mt5fleet=$id"
status 200
mv "$dir/ledger.db" "$dir/away" # who was seen lately reads on
get /api/accounts "HTTP_COOKIE=mt5fleet=$id"
status 200
redis FLUSHALL >/dev/null # but nobody of whom nothing is known
get /api/accounts "HTTP_COOKIE=mt5fleet=$id"
status 503
mv "$dir/away" "$dir/ledger.db"
sql "UPDATE session SET until_utc_ms = 1"
get /api/accounts "HTTP_COOKIE=mt5fleet=$id"
status 401
get /api/accounts "HTTP_COOKIE=mt5fleet=$(printf '%064d' 2)"
status 401
get /api/accounts "HTTP_COOKIE=mt5fleet=*"
status 401

it 'says what is wrong with its configuration and ends'
settings REDIS_URL=http://x CACHE_TTL=soon
: >"$dir/log"
get /api/accounts
same 'exit code' "$exit_code" 1
same 'quoted' "$(grep -c '"soon"' "$dir/log")" 1
settings REDIS_URL=http://x
get /api/accounts
same 'exit code' "$exit_code" 1
same 'quoted' "$(grep -c '"http://x"' "$dir/log")" 1
