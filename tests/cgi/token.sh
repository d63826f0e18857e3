# token.sh: tokens of programs, made by the command, used on the API.
. tests/cgi/lib
start_redis
settings DASHBOARD_AUTH=required
echo '[{"id":"vps01","url":"http://127.0.0.1:1"}]' >"$dir/nodes.json"
make_ledger
collector
polled vps01 ok
account Broker-Live 52001001 ok USD 2 2 6000 6040 40
snapshot vps01 ok

fleet() { MT5FLEET_CONFIG=$dir/env "$build/bin/mt5fleet" "$@" 2>>"$dir/command"; }
refused() { # code words...
	want=$1
	shift
	fleet "$@" >"$dir/said"
	same "exit code of $*" $? "$want"
	same "stdout of $*" "$(cat "$dir/said")" ''
}

it 'prints the token as the only line, and never again'
read_=$(fleet token add grafana --scope read)
metrics=$(fleet token add prometheus --scope metrics --expires 90d)
write=$(fleet token add bot --scope write --expires 2100-01-01)
same 'length' ${#read_} 64
fleet token list >"$dir/list"
same 'tokens' "$(awk '{print $1, $2}' "$dir/list" | tr '\n' ',')" \
	'bot write,grafana read,prometheus metrics,'
! grep -qe "$read_" "$dir/list" "$dir/command" ||
	wrong 'the token is shown again'
same 'in the ledger' "$(sql "SELECT count(*) FROM token WHERE digest = '$read_'")" 0
same 'audit' "$(sql "SELECT group_concat(field || ' ' || \"to\") FROM audit WHERE action = 'token'")" \
	'grafana read,prometheus metrics,bot write'

it 'refuses what is wrong, and says it'
refused 1 token add grafana --scope read
refused 2 token add x
refused 2 token add x --scope all
refused 2 token add 'a b' --scope read
refused 2 token add x --scope read --expires 2001-01-01
refused 2 token add x --scope read --expires soon
refused 1 token remove nobody
grep -q 'not "soon"' "$dir/command" || wrong 'the bad expiry is not quoted'

serve dashboard.fcgi
as() { echo "HTTP_AUTHORIZATION=Bearer $1"; }

it 'reads with a token, and not without'
get /api/accounts
status 401
get /api/accounts "$(as "$read_")"
status 200
json '.accounts[0].login' 52001001
get /api/accounts "$(as "$write")"
status 200
get /api/accounts "$(as "${read_%?}x")"
status 401
get /api/accounts 'HTTP_AUTHORIZATION=Basic Z3JhZmFuYTp4'
status 401

it 'reads /metrics alone with the scope metrics'
get /metrics "$(as "$metrics")"
status 200
says 'mt5fleet_equity{server="Broker-Live"'
get /api/accounts "$(as "$metrics")"
status 403
says 'the role viewer is required'
get /metrics "$(as "${metrics%?}x")"
status 200
says_not login=

it 'no longer takes one that is expired or removed'
sql "UPDATE token SET expires_msc = 1000 WHERE name = 'grafana'"
get /api/accounts "$(as "$read_")"
status 401
sql "UPDATE token SET expires_msc = 0 WHERE name = 'grafana'"
get /api/accounts "$(as "$read_")"
status 200
fleet token remove grafana
get /api/accounts "$(as "$read_")"
status 401

it 'lets nobody in by a token while the ledger cannot be read'
mv "$dir/ledger.db" "$dir/away.db"
chmod 0 "$dir/ledger.db"* 2>/dev/null
if [ "$mode" = cgi ]; then
	get /api/accounts "$(as "$write")"
	status 503
	get /metrics "$(as "$metrics")"
	status 200
	says_not login=
fi
mv "$dir/away.db" "$dir/ledger.db"

program=$build/bin/admin.fcgi
read_=$(fleet token add viewer --scope read)

it 'changes with the scope write alone, without a CSRF token'
send_json PUT /api/accounts/Broker-Live/52001001/phase '{"phase":"F1"}' \
	"$(as "$read_")"
status 403
send_json PUT /api/accounts/Broker-Live/52001001/phase '{"phase":"F1"}' \
	"$(as "$write")"
status 200
same 'who' "$(sql "SELECT who FROM audit WHERE action = 'edit' LIMIT 1")" token:bot
post /api/refresh '' "$(as "$metrics")"
status 403

it 'opens the WebSocket for who may read'
get /auth/check "$(as "$read_")"
status 204
get /auth/check "$(as "$metrics")"
status 401
