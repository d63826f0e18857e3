# admin.sh: what admin.fcgi answers: who may change what, and what it does.
. tests/cgi/lib
start_redis
settings
cat >"$dir/nodes.json" <<-END
	[{"id":"vps01","url":"http://127.0.0.1:1","token":"node-secret"}]
END
chmod 640 "$dir/nodes.json"
account Broker-Live 52001001 ok USD 2 2 6047.22 6040.5 -6.72
snapshot vps01 ok
serve admin.fcgi
get /auth/check # makes the ledger
user root admin
user eve viewer

it 'lets nobody change anything without a session'
for path in /api/accounts/Broker-Live/52001001/phase \
	/api/accounts/Broker-Live/52001001/vs \
	/api/accounts/Broker-Live/52001001/flow \
	/api/accounts/Broker-Live/52001001/verdict \
	/api/accounts/Broker-Live/52001001/meta; do
	send_json PUT $path '{}'
	status 401
	json .error.code unauthorized
done
for path in /auth/logout /api/refresh /api/sync-to-sheets \
	'/reconnect?node=vps01' '/mt5/connect?node=vps01' \
	'/mt5/disconnect?node=vps01' /admin/phases /admin/undo /admin/rules \
	/admin/flow /admin/verdict /admin/nodes /admin/zones /admin/rules/try /api/rules/try; do
	post "$path" 'a=b'
	status 401
done
for path in /admin/phases /admin/audit /admin/nodes /admin/zones \
	/auth/session; do
	get $path
	status 401
done
get '/auth/session?optional=1'
status 204
same 'nothing' "$(cat "$dir/body")" ''
get '/auth/session?optional=2'
status 401
get /auth/session?optional=1 session=gone
status 204

it 'shows a person the way to log in'
get /admin/phases HTTP_ACCEPT=text/html,*/*
status 303
same 'to' "$(header Location | sed 's|http://[^/]*||')" /admin/login
get /admin/login
status 200
says 'action="/auth/login"'

it 'does not log in with a wrong password or name'
send_json POST /auth/login '{"user":"root","password":"wrong"}'
status 401
says 'wrong user or password'
send_json POST /auth/login '{"user":"nobody","password":"correct-horse"}'
status 401
says 'wrong user or password'
post /auth/login 'user=root&password=wrong'
status 401
says '<form'
send_json POST /auth/login '{"user":"root"}'
status 400
same 'cookie' "$(header Set-Cookie)" ''

it 'logs in with the right one'
redis FLUSHALL >/dev/null
account Broker-Live 52001001 ok USD 2 2 6047.22 6040.5 -6.72
snapshot vps01 ok
log_in root
status 200
json .user root
fits POST /auth/login
json .role admin
json '.csrf | length' 64
says_not correct-horse
set_cookie=$(header Set-Cookie)
same 'flags' "$(echo "$set_cookie" | sed 's/=[0-9a-f]*;/=;/')" \
	'mt5fleet=; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200'
same 'id in Redis' "$(redis KEYS '*' | grep -c "${cookie##*=}")" 0
get /auth/session "$cookie"
status 200
fits GET /auth/session
json .csrf "$csrf"

if [ "$mode" = cgi ]; then
	it 'gives a secure cookie where the request came by https'
	send_json POST /auth/login '{"user":"root","password":"correct-horse"}' \
		HTTPS=on
	same 'Secure' "$(header Set-Cookie | grep -c '; Secure')" 1
	same 'for this host alone' \
		"$(header Set-Cookie | grep -c '__Host-mt5fleet=.*; Path=/;')" 1
	secure=$(header Set-Cookie | sed 's/;.*//; s/.*__Host/HTTP_COOKIE=__Host/')
	get /auth/session "$secure" HTTPS=on
	status 200
	get /auth/session "$secure"
	status 401
	settings APP_HOST=0.0.0.0
	send_json POST /auth/login '{"user":"root","password":"correct-horse"}'
	same 'Secure' "$(header Set-Cookie | grep -c '; Secure')" 1
	settings
fi

it 'takes no log-in that another site sends'
send_json POST /auth/login '{"user":"root","password":"correct-horse"}' \
	HTTP_SEC_FETCH_SITE=cross-site
status 403

it 'says to nginx who may look'
get /auth/check "$cookie"
status 204
get /auth/check
status 401
get /auth/check "HTTP_COOKIE=mt5fleet=$(printf '%064d' 7)"
status 401

it 'changes nothing without the CSRF token'
send_json PUT /api/accounts/Broker-Live/52001001/phase '{"phase":"F1"}' "$cookie"
status 403
json .error.code csrf
send_json PUT /api/accounts/Broker-Live/52001001/phase '{"phase":"F1"}' \
	"$cookie" "HTTP_X_CSRF_TOKEN=$(printf '%064d' 1)"
status 403
for path in /admin/phases /admin/undo /admin/flow /admin/rules /admin/nodes \
	/auth/logout /api/refresh /api/sync-to-sheets '/reconnect?node=vps01' \
	'/mt5/connect?node=vps01' '/mt5/disconnect?node=vps01'; do
	post "$path" 'a=b' "$cookie"
	status 403
	post "$path" 'a=b&csrf=' "$cookie"
	status 403
done

it 'says 400 where there is no phase yet, and none is given'
send_json PUT /api/accounts/Broker-Live/52001001/phase '{"status":"active"}' \
	"$cookie" "$token"
status 400
json .error.message 'no phase is set yet: say which'
fits PUT '/api/accounts/{server}/{login}/phase'

it 'sets a phase, and tells it'
send_json PUT /api/accounts/Broker-Live/52001001/phase \
	'{"phase":"F1","status":"active","initial_balance":5000,"version":null}' \
	"$cookie" "$token"
status 200
json .phase.phase F1
json .phase.status active
json .phase.initial_balance 5000
version=$(jq .phase.version "$dir/body")
event=$(redis XREVRANGE live + - COUNT 1 | tail -1)
same 'event' "$(echo "$event" | jq -r '"\(.type) \(.login) \(.phase.phase) \(.who)"')" \
	'phase 52001001 F1 root'

it 'keeps in the audit who, when, from, to and what the account was worth'
same 'audit' "$(sql "SELECT who, action, field, \"to\", balance, equity FROM audit WHERE field = 'phase'" 2>&1 | head -1)" \
	'root|edit|phase|F1|604722000000|604050000000'

it 'says 409 with what is there to who has an old version'
send_json PUT /api/accounts/Broker-Live/52001001/phase \
	"{\"phase\":\"F2\",\"version\":$((version - 1))}" "$cookie" "$token"
status 409
json .error.code conflict
fits PUT '/api/accounts/{server}/{login}/phase'
json .current.phase F1
json .current.version "$version"
send_json PUT /api/accounts/Broker-Live/52001001/phase \
	'{"phase":"F2"}' "$cookie" "$token"
status 409

it 'sets the hedge group and what people note'
send_json PUT /api/accounts/Broker-Live/52001001/vs \
	"{\"vs_group\":\"A<1>\",\"version\":$version}" "$cookie" "$token"
status 200
json .phase.vs_group 'A<1>'
version=$(jq .phase.version "$dir/body")
send_json PUT /api/accounts/Broker-Live/52001001/meta \
	"{\"holder\":\"Zoë\",\"prop_firm\":\"FTMO\",\"tags\":[\"a\",\"b,c\"],\"note\":\"x\\ny\",\"version\":$version}" \
	"$cookie" "$token"
status 200
json .phase.holder Zoë
fits PUT '/api/accounts/{server}/{login}/meta'
json '.phase.tags | join("|")' 'a|b,c'
json .phase.vs_group 'A<1>'
json .phase.phase F1
version=$(jq .phase.version "$dir/body")
send_json PUT /api/accounts/Broker-Live/52001001/meta \
	"{\"holder\":null,\"version\":$version}" "$cookie" "$token"
status 200
json .phase.holder null
json .phase.prop_firm FTMO
version=$(jq .phase.version "$dir/body")

it 'quotes what it does not understand, and changes nothing'
for wrong_body in '{"phase":7}' '{"status":"won"}' '{"initial_balance":-1}' \
	'{"initial_balance":"5000"}' '{"phase":""}' '{"phas":"F1"}' \
	'{"version":"x"}' '[]' 'nonsense' '{"phase":null}'; do
	send_json PUT /api/accounts/Broker-Live/52001001/phase "$wrong_body" \
		"$cookie" "$token"
	status 400
done
for wrong_body in '{"tags":"a"}' '{"tags":[1]}' '{"rule_set":"x"}' \
	'{"holder":["x"]}'; do
	send_json PUT /api/accounts/Broker-Live/52001001/meta "$wrong_body" \
		"$cookie" "$token"
	status 400
done
send_json PUT /api/accounts/Broker-Live/52001001/phase '{"status":"won"}' \
	"$cookie" "$token"
says '\"won\"'
same 'version' "$(sql "SELECT version FROM account")" "$version"

it 'knows no account that was never seen'
send_json PUT /api/accounts/Broker-Live/7/phase '{"phase":"F1"}' \
	"$cookie" "$token"
status 404
same 'accounts' "$(sql 'SELECT count(*) FROM account')" 1

it 'has a form that works without JavaScript'
get /admin/phases "$cookie"
status 200
says '/admin/phases/Broker-Live/52001001'
says 'A&lt;1&gt;'
says_not '<script'
get /admin/phases/Broker-Live/52001001 "$cookie"
status 200
says "name=\"version\" value=\"$version\""
says "name=\"csrf\" value=\"$csrf\""
says 'value="A&lt;1&gt;"'
post /admin/phases "csrf=$csrf&server=Broker-Live&login=52001001&version=$version&phase=F2&status=&initial_balance=10000.50&holder=Zo%C3%AB&prop_firm=FTMO&vs_group=&tags=a%2C+b&rule_set=0&note=line+1%0D%0Aline+2" "$cookie"
status 303
same 'back' "$(header Location | sed 's|http://[^/]*||')" \
	/admin/phases/Broker-Live/52001001
get /admin/phases/Broker-Live/52001001 "$cookie"
says 'value="F2"'
says 'value="10000.5"'
says 'value="a, b"'
same 'note' "$(sql 'SELECT note FROM account')" 'line 1
line 2'
same 'group' "$(sql "SELECT coalesce(vs_group, '-') FROM account")" -

it 'shows the form again, with what is there, to who was too late'
post /admin/phases "csrf=$csrf&server=Broker-Live&login=52001001&version=$version&phase=Q" "$cookie"
status 409
says 'Somebody else has changed this account'
says 'value="F2"'
version=$(sql 'SELECT version FROM account')
post /admin/phases "csrf=$csrf&server=Broker-Live&login=52001001&version=$version&initial_balance=ten" "$cookie"
status 400
says '&quot;ten&quot;'
post /admin/phases "csrf=$csrf&server=Broker-Live&login=52001001&phase=Q" "$cookie"
status 400

it 'lists the audit, and undoes'
get /admin/audit "$cookie"
status 200
says F2
says 6047.22
id=$(sql "SELECT max(id) FROM audit WHERE field = 'phase'")
post /admin/undo "csrf=$csrf&id=$id" "$cookie"
status 303
get /admin/phases/Broker-Live/52001001 "$cookie"
says 'value="F1"'
event=$(redis XREVRANGE live + - COUNT 1 | tail -1)
same 'event' "$(echo "$event" | jq -r .phase.phase)" F1
post /admin/undo "csrf=$csrf&id=$id" "$cookie"
status 404
post /admin/undo "csrf=$csrf&id=x" "$cookie"
status 400
send_json POST /admin/undo '{"id":999999}' "$cookie" "$token"
status 404

it 'begins a new phase as active, though the form sends the status of before'
current="ended_msc IS NULL AND undone = 0 AND account IN (
	SELECT id FROM account WHERE login = 52001001)"
sql "UPDATE phase_period SET status = 'breached' WHERE $current"
get /admin/phases/Broker-Live/52001001 "$cookie"
says 'name="status_was" value="breached"'
now=$(sql 'SELECT version FROM account')
post /admin/phases "csrf=$csrf&server=Broker-Live&login=52001001&version=$now&phase_was=F1&phase=F1&status_was=breached&status=breached" "$cookie"
status 303
same 'the same phase' "$(sql "SELECT status FROM phase_period WHERE $current")" breached
now=$(sql 'SELECT version FROM account')
post /admin/phases "csrf=$csrf&server=Broker-Live&login=52001001&version=$now&phase_was=F1&phase=R&status_was=breached&status=breached" "$cookie"
status 303
same 'another phase' "$(sql "SELECT phase, status FROM phase_period WHERE $current")" 'R|active'
now=$(sql 'SELECT version FROM account')
post /admin/phases "csrf=$csrf&server=Broker-Live&login=52001001&version=$now&phase_was=R&phase=F2&status_was=active&status=paused" "$cookie"
same 'a status that was chosen' "$(sql "SELECT phase, status FROM phase_period WHERE $current")" 'F2|paused'

it 'says what a deposit is for, by page and by API, and takes it back'
sql "INSERT INTO deal (account, ticket, \"order\", time, time_msc, type, entry,
	magic, position_id, reason, commission, swap, profit, fee, symbol,
	comment, external_id, kind, offset_s, utc_msc, counts_utc_ms)
	SELECT id, 7077, 0, 1782150000, 1782150000000, 2, 0, 0, 0, 0, 0, 0,
	-5240000000, 0, '', '<b>DIV</b> US500', '', 2, 0, 1782150000000,
	1782150000000 FROM account WHERE login = 52001001"
flow() { sql 'SELECT meaning, kind, meaning_who, meaning_why FROM deal WHERE ticket = 7077'; }
version() { sql "SELECT version FROM account WHERE login = 52001001"; }
say_flow() { # body
	send_json PUT /api/accounts/Broker-Live/52001001/flow "$1" "$cookie" "$token"
}
say_flow "{\"ticket\":\"7077\",\"meaning\":\"fee\",\"note\":\"swap\",\"version\":$(version)}"
status 200
fits PUT '/api/accounts/{server}/{login}/flow'
same 'a fee is a cost' "$(flow)" '5|1|root|swap'
say_flow '{"ticket":"7077","meaning":"fee","version":0}'
status 409
json .current.phase F2
say_flow "{\"ticket\":\"7077\",\"meaning\":\"gift\",\"version\":$(version)}"
status 400
says 'not \"gift\"'
say_flow "{\"ticket\":\"7077\",\"meaning\":\"deposit\",\"version\":$(version)}"
status 400
says 'a deposit is above 0; deal 7077 is -52.4'
say_flow "{\"ticket\":\"7078\",\"meaning\":\"fee\",\"version\":$(version)}"
status 404
say_flow "{\"ticket\":\"7x\",\"meaning\":\"fee\",\"version\":$(version)}"
status 400
says 'ticket'
say_flow "{\"meaning\":\"fee\"}"
status 400
say_flow "{\"ticket\":\"7077\",\"meaning\":\"fee\",\"kind\":1}"
status 400
says 'unknown member'
get /admin/phases/Broker-Live/52001001 "$cookie"
says '&lt;b&gt;DIV&lt;/b&gt; US500'
says 'root: swap'
says 'action="/admin/flow"'
post /admin/flow "csrf=$csrf&server=Broker-Live&login=52001001&version=$(version)&ticket=7077&meaning=payout&note=" "$cookie"
status 303
same 'a payout' "$(flow)" '3|2|root|'
post /admin/flow "csrf=$csrf&server=Broker-Live&login=52001001&version=$(version)&ticket=7077&meaning=deposit&note=" "$cookie"
status 400
says 'a deposit is above 0; deal 7077 is -52.4'
post /admin/flow "csrf=$csrf&server=Broker-Live&login=52001001&version=$(version)&ticket=7077&meaning=correction&cancels=x" "$cookie"
status 400
says '&quot;x&quot;'
post /admin/flow "csrf=$csrf&server=Broker-Live&login=52001001&version=0&ticket=7077&meaning=fee" "$cookie"
status 409
id=$(sql "SELECT max(id) FROM audit WHERE field = 'flow 7077'")
same 'the audit' "$(sql "SELECT \"from\", \"to\" FROM audit WHERE id = $id")" 'fee: swap|payout'
post /admin/undo "csrf=$csrf&id=$id" "$cookie"
status 303
same 'put back' "$(flow)" '5|1|root|swap'
say_flow "{\"ticket\":\"7077\",\"meaning\":null,\"version\":$(version)}"
status 200
same 'guessed again' "$(flow)" '6|1||the comment says so: "div"'

it 'annuls a verdict with a reason, by page and by API, and takes it back'
sql "UPDATE phase_period SET status = 'breached' WHERE $current"
sql "INSERT INTO verdict (account, period, at_msc, word, status, value, level,
	balance, equity, low, baseline, estimated, rules, evidence)
	SELECT account, id, 1782150000000, 'max_loss', 'breached', 1, 2, 3, 4, 5,
	6, 0, '{\"max_loss\":{\"pct\":10}}', '{\"phase\":\"<F2>\"}' FROM phase_period
	WHERE $current"
id=$(sql 'SELECT max(id) FROM verdict')
say_verdict() { # body
	send_json PUT /api/accounts/Broker-Live/52001001/verdict "$1" "$cookie" "$token"
}
phase_status() { sql "SELECT status FROM phase_period WHERE $current"; }
say_verdict "{\"id\":\"$id\",\"annulled\":true,\"reason\":\" \",\"version\":$(version)}"
status 400
says 'a reason is needed'
say_verdict "{\"id\":\"999\",\"annulled\":true,\"reason\":\"x\",\"version\":$(version)}"
status 404
say_verdict "{\"id\":\"$id\",\"annulled\":\"yes\",\"version\":$(version)}"
status 400
says annulled
say_verdict "{\"id\":\"$id\",\"annulled\":false,\"version\":$(version)}"
status 400
says 'is not annulled'
get /admin/phases/Broker-Live/52001001 "$cookie"
says '&lt;F2&gt;'
says 'action="/admin/verdict"'
post /admin/verdict "csrf=$csrf&server=Broker-Live&login=52001001&version=$(version)&id=$id&reason=a+bad+tick" "$cookie"
status 303
same 'the status' "$(phase_status)" active
same 'it is marked' "$(sql 'SELECT who, reason FROM verdict_annulled')" 'root|a bad tick'
get /admin/phases/Broker-Live/52001001 "$cookie"
says 'annulled by root: a bad tick'
post /admin/verdict "csrf=$csrf&server=Broker-Live&login=52001001&version=$(version)&id=x&reason=y" "$cookie"
status 400
says '&quot;x&quot;'
say_verdict "{\"id\":\"$id\",\"annulled\":false,\"version\":$(version)}"
status 200
fits PUT '/api/accounts/{server}/{login}/verdict'
same 'it stands' "$(phase_status)" breached
say_verdict "{\"id\":\"$id\",\"annulled\":true,\"reason\":\"again\",\"version\":$(version)}"
status 200
id=$(sql "SELECT max(id) FROM audit WHERE field = 'verdict $id'")
post /admin/undo "csrf=$csrf&id=$id" "$cookie"
status 303
same 'undone' "$(sql 'SELECT count(*) FROM verdict_annulled')$(phase_status)" 0breached
sql "UPDATE phase_period SET status = 'paused' WHERE $current"

it 'puts in a phase that began in the past, and quotes what cannot be'
put_phase() { # members
	send_json PUT /api/accounts/Broker-Live/52001001/phase \
		"{$1,\"version\":$(version)}" "$cookie" "$token"
}
put_phase '"started_utc":"2099-01-01T00:00:00Z"'
status 400
says '2099-01-01T00:00:00.000Z is in the future'
put_phase '"started_utc":"1999-01-01T00:00:00Z"'
status 400
says 'is before the first deal that is known'
put_phase '"started_utc":"June"'
status 400
says 'not a UTC moment: \"June\"'
put_phase '"high":-5'
status 400
post /admin/phases "csrf=$csrf&server=Broker-Live&login=52001001&version=$(version)&started_utc=June" "$cookie"
status 400
says '&quot;June&quot;'
get /admin/phases/Broker-Live/52001001 "$cookie"
says 'By the stored deals: began'
put_phase '"high":9999999'
status 200
json .phase.high 9999999
put_phase '"high":null'
status 200
json .phase.high null

it 'edits rule sets, and quotes what is wrong in one'
get /admin/rules/0 "$cookie"
status 200
rules=$(jq -c '[.. | objects | select(has("rules")) | .rules][0]' etc/rules.json |
	jq -sRr @uri)
post /admin/rules "csrf=$csrf&id=0&version=0&name=Mine&firm=&program=&source_url=&verified_on=&rules=$rules" "$cookie"
status 303
get /admin/rules "$cookie"
says Mine
id=$(sql "SELECT id FROM rule_set WHERE name = 'Mine'")
get /admin/rules/$id "$cookie"
says 'value="Mine"'
post /admin/rules "csrf=$csrf&id=$id&version=0&name=Mine&rules=%7B%22targt%22%3A1%7D" "$cookie"
status 400
says 'targt'
post /admin/rules "csrf=$csrf&id=$id&version=7&name=Mine&rules=$rules" "$cookie"
status 409
get /admin/rules/99 "$cookie"
status 404

it 'shows the floors of a path that is typed, with rules not saved yet'
get /admin/rules/$id "$cookie"
says 'formaction="/admin/rules/try"'
try='%7B%22max_loss%22%3A%7B%22pct%22%3A10%2C%22mode%22%3A%22trailing_eod%22%7D%2C%22daily_loss%22%3A%7B%22pct%22%3A5%2C%22effect%22%3A%22pause%22%7D%7D'
post /admin/rules/try "csrf=$csrf&id=$id&version=1&name=Mine&rules=$try&phase=F1&initial=100000&path=reset%20104,000%0Asample%20104000%2098999%0Apayout%201000" "$cookie"
status 200
says '<td>94000</td><td>10000</td><td>99000</td><td>5000</td><td>5000</td><td>none</td>'
says '<td>94000</td><td>4999</td><td>99000</td><td>5000</td><td>-1</td><td>daily</td>'
says 'trailing_eod'
same 'nothing is stored' "$(sql "SELECT count(*) FROM rule_set WHERE rules LIKE '%trailing_eod%' AND name = 'Mine'")" 0
post /admin/rules/try "csrf=$csrf&id=$id&version=1&name=Mine&rules=$try&phase=F1&initial=100000&path=reset%20104000%0Asampel%201" "$cookie"
status 400
says 'line 2: unknown: &quot;sampel&quot;'
post /admin/rules/try "csrf=$csrf&id=$id&version=1&name=Mine&rules=$try&phase=F1&initial=1e5&path=" "$cookie"
status 400
says 'not an amount above 0: &quot;1e5&quot;'
post /admin/rules/try "csrf=$csrf&id=$id&version=1&name=Mine&rules=%7B%22targt%22%3A1%7D&phase=F1&initial=100&path=" "$cookie"
status 400
says 'unknown: &quot;targt&quot;'
post /admin/rules/try "csrf=$csrf&id=$id&version=1&name=Mine&rules=%7B%22max_lots%22%3A%7B%22all%22%3A2%7D%2C%22flat%22%3A%7B%22at%22%3A%2221%3A45%22%7D%2C%22stop_loss%22%3A%7B%22within_s%22%3A60%7D%7D&phase=F1&initial=1000&path=open%201.5%0Aopen%201" "$cookie"
status 200
says '<th>max_lots</th><th>stop_loss</th><th>flat</th>'
says '<td>0.5</td><td>due in 60 s</td><td>due in 43.75 h</td>'
says '<td>broken, -0.5</td>'
send_json POST /api/rules/try "{\"rule_set\":$id,\"initial\":100000,\"phase\":\"F1\",\"events\":[{\"reset\":{\"balance\":104000,\"equity\":104000}},{\"payout\":2000}]}" "$cookie" "$token"
status 200
fits POST /api/rules/try
json '.steps | map("\(.event) \(.total_floor) \(.daily_floor) \(.verdict)") | join("; ")' \
	'null 90000 95000 none; reset 90000 99000 none; payout 90000 97000 none'
send_json POST /api/rules/try '{"rules":{"max_loss":{"money":2000}},"initial":50000,"events":[{"sample":{"balance":50000}}]}' "$cookie" "$token"
status 400
says 'events[0].sample.equity: missing'
send_json POST /api/rules/try '{"rule_set":999,"initial":50000,"events":[]}' "$cookie" "$token"
status 404
send_json POST /api/rules/try "{\"rule_set\":$id,\"rules\":{},\"initial\":50000,\"events\":[]}" "$cookie" "$token"
status 400

it 'saves rules only where the examples beside them come out'
with='%7B%22max_loss%22%3A%7B%22pct%22%3A10%7D%2C%22examples%22%3A%5B%7B%22name%22%3A%22ten%22%2C%22initial%22%3A100%2C%22events%22%3A%5B%5D%2C%22expect%22%3A%7B%22total_floor%22%3A91%7D%7D%5D%7D'
post /admin/rules "csrf=$csrf&id=0&version=0&name=Tried&rules=$with" "$cookie"
status 400
says 'example &quot;ten&quot;: expected total_floor 91 got total_floor 90'
post /admin/rules "csrf=$csrf&id=0&version=0&name=Tried&rules=$(echo "$with" | sed s/A91/A90/)" "$cookie"
status 303
version=$(sql 'SELECT version FROM account')
send_json PUT /api/accounts/Broker-Live/52001001/meta \
	"{\"rule_set\":$id,\"version\":$version}" "$cookie" "$token"
status 200
json .phase.rule_set.name Mine
version=$(jq .phase.version "$dir/body")
send_json PUT /api/accounts/Broker-Live/52001001/meta \
	"{\"rule_set\":999,\"version\":$version}" "$cookie" "$token"
status 400
says 999

it "sets the time zone of a broker's clock, and all its deals follow"
sql "INSERT INTO deal (account, ticket, \"order\", time, time_msc, type, entry,
	magic, position_id, reason, commission, swap, profit, fee, symbol,
	comment, external_id, kind, offset_s, utc_msc)
	SELECT id, 77, 0, 1782900000, 1782900000000, 2, 0, 0, 0, 0, 0, 0, 5, 0,
	'', '', '', 2, 7200, 1782892800000 FROM account
	WHERE server = 'Broker-Live'"
get /admin/zones "$cookie"
status 200
says 'Broker-Live'
says 'not known'
post /admin/zones "csrf=$csrf&server=Broker-Live&zone=Mars/Olympus" "$cookie"
status 400
says 'no such time zone: &quot;Mars/Olympus&quot;'
post /admin/zones "csrf=$csrf&server=Nobody&zone=UTC" "$cookie"
status 404
says 'Nobody'
post /admin/zones "csrf=$csrf&server=Broker-Live" "$cookie"
status 400
post /admin/zones "csrf=$csrf&server=Broker-Live&zone=New+York+close" "$cookie"
status 303
# 1 July 2026 10:00 is 07:00 UTC, in November it were 08:00
same 'UTC' "$(sql 'SELECT utc_msc, utc_estimated FROM deal WHERE ticket = 77')" \
	'1782889200000|0'
get /admin/zones "$cookie"
says 'typed by root on'
get /admin/audit "$cookie"
says 'zone:Broker-Live'
post /admin/undo "csrf=$csrf&id=$(sql "SELECT max(id) FROM audit
	WHERE field = 'zone:Broker-Live'")" "$cookie"
status 303
same 'UTC' "$(sql 'SELECT utc_msc, utc_estimated FROM deal WHERE ticket = 77')" \
	'1782892800000|1'

it 'adds, disables and mends nodes, the file replaced whole'
get /admin/nodes "$cookie"
status 200
says vps01
says_not node-secret
post /admin/nodes "csrf=$csrf&action=add&id=vps02&url=https://10.0.0.2:8000&token=t2&note=second" "$cookie"
status 303
same 'nodes' "$(jq -r 'map(.id) | join(" ")' "$dir/nodes.json")" 'vps01 vps02'
same 'token kept' "$(jq -r '.[0].token' "$dir/nodes.json")" node-secret
same 'mode' "$(stat -c %a "$dir/nodes.json")" 640
post /admin/nodes "csrf=$csrf&action=add&id=vps02&url=https://10.0.0.3:8000" "$cookie"
status 400
says 'given twice'
post /admin/nodes "csrf=$csrf&action=add&id=vps+3&url=ftp://x" "$cookie"
status 400
says 'ftp://x'
post /admin/nodes "csrf=$csrf&action=disable&id=vps02" "$cookie"
status 303
post /admin/nodes "csrf=$csrf&action=maintenance&id=vps02" "$cookie"
status 303
same 'flags' "$(jq -c '.[1] | [.enabled, .maintenance]' "$dir/nodes.json")" \
	'[false,true]'
post /admin/nodes "csrf=$csrf&action=enable&id=vps02" "$cookie"
post /admin/nodes "csrf=$csrf&action=ready&id=vps02" "$cookie"
same 'flags' "$(jq -c '.[1] | [.enabled, .maintenance]' "$dir/nodes.json")" \
	'[true,false]'
post /admin/nodes "csrf=$csrf&action=explode&id=vps02" "$cookie"
status 400
same 'left over' "$(ls "$dir" | grep -c 'nodes.json.')" 0
get /admin/audit "$cookie"
says disable
says_not t2

it 'asks for a poll'
redis-cli -s "$dir/redis.sock" SUBSCRIBE refresh >"$dir/heard" &
listener=$!
subscribed() { [ "$(redis PUBSUB NUMSUB refresh | tail -1)" = 1 ]; }
wait_for 'a listener' subscribed
post /api/refresh "csrf=$csrf" "$cookie"
status 202
heard() { grep -q '^message' "$dir/heard"; }
wait_for 'the word' heard
kill $listener

it 'passes words on to an agent'
post '/reconnect' "csrf=$csrf" "$cookie"
status 400
post '/reconnect?node=vps09' "csrf=$csrf" "$cookie"
status 404
says vps09
post '/reconnect?node=vps01' "csrf=$csrf" "$cookie"
status 502
json .error.code unreachable
cat >"$dir/agent.mjs" <<-'END'
	import http from 'node:http';
	http.createServer((q, a) => {
		const good = q.headers.authorization === 'Bearer node-secret';
		a.writeHead(good ? 501 : 401, {'Content-Type': 'application/json'});
		a.end(JSON.stringify({method: q.method, url: q.url}));
	}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
END
command node "$dir/agent.mjs" >"$dir/agent.port" &
agent=$!
agent_listens() { [ -s "$dir/agent.port" ]; }
wait_for 'an agent' agent_listens
echo "[{\"id\":\"vps01\",\"url\":\"http://127.0.0.1:$(cat "$dir/agent.port")\",\"token\":\"node-secret\"},
	{\"id\":\"vps02\",\"url\":\"http://127.0.0.1:$(cat "$dir/agent.port")\",\"token\":\"wrong\"}]" >"$dir/nodes.json"
post '/mt5/disconnect?node=vps01' "csrf=$csrf" "$cookie"
status 501
json '"\(.method) \(.url)"' 'POST /mt5/disconnect'
post '/mt5/disconnect?node=vps02' "csrf=$csrf" "$cookie"
status 502
json .error.code agent_refused
kill $agent

if [ "$mode" = cgi ]; then
	it 'starts the sheets job that lies beside it, and ends no request for it'
	mkdir "$dir/bin"
	cp "$program" "$dir/bin/admin.fcgi"
	program=$dir/bin/admin.fcgi
	post /api/sync-to-sheets "csrf=$csrf" "$cookie"
	status 501
	printf '#!/bin/sh\necho $PPID $# "${MT5FLEET_CONFIG:-}" >%s/started\n' \
		"$dir" >"$dir/bin/sheets"
	chmod +x "$dir/bin/sheets"
	post /api/sync-to-sheets "csrf=$csrf" "$cookie"
	status 202
	started() { [ -s "$dir/started" ]; }
	wait_for 'the job' started
	same 'job' "$(sed 's/^[0-9]* //' "$dir/started")" "0 $dir/env"
	program=$build/bin/admin.fcgi
fi

it 'lets a viewer look and change nothing'
log_in eve
json .role viewer
get /admin/phases "$cookie"
status 200
get /auth/check "$cookie"
status 204
for path in phase vs meta flow verdict; do
	send_json PUT /api/accounts/Broker-Live/52001001/$path '{}' \
		"$cookie" "$token"
	status 403
	json .error.code forbidden
done
for path in /api/sync-to-sheets '/reconnect?node=vps01' \
	'/mt5/connect?node=vps01' '/mt5/disconnect?node=vps01' /admin/phases \
	/admin/undo /admin/rules /admin/flow /admin/verdict /admin/nodes /admin/zones; do
	post "$path" "csrf=$csrf" "$cookie"
	status 403
done
get /admin/nodes "$cookie"
says_not 'action="/admin/nodes"'
get /admin/zones "$cookie"
status 200
says_not 'action="/admin/zones"'

it 'ends a session by logging out'
post /auth/logout "csrf=$csrf" "$cookie"
status 303
same 'cookie' "$(header Set-Cookie | grep -c 'Max-Age=0')" 1
get /auth/session "$cookie"
status 401

it 'ends sessions of a user whose password changed'
log_in root
get /auth/session "$cookie"
status 200
user root admin 2
get /auth/session "$cookie"
status 401

it 'says 429 after ten wrong passwords, even to the right one'
redis FLUSHALL >/dev/null
n=0
while [ $n -lt 10 ]; do
	send_json POST /auth/login '{"user":"root","password":"wrong"}'
	status 401
	n=$((n + 1))
done
send_json POST /auth/login '{"user":"root","password":"correct-horse"}'
status 429
has_header Retry-After 600
json .error.code too_many
redis FLUSHALL >/dev/null
log_in root
status 200

if [ "$mode" = cgi ]; then
	it 'shuts nobody out for what another one at his address does'
	redis FLUSHALL >/dev/null
	n=0
	while [ $n -lt 12 ]; do
		send_json POST /auth/login '{"user":"eve","password":"wrong"}' \
			REMOTE_ADDR=192.0.2.1
		n=$((n + 1))
	done
	status 429
	send_json POST /auth/login '{"user":"root","password":"correct-horse"}' \
		REMOTE_ADDR=192.0.2.1
	status 200

	it 'counts no try against the name that is refused for its address'
	redis FLUSHALL >/dev/null
	n=0
	while [ $n -lt 53 ]; do
		send_json POST /auth/login '{"user":"root","password":"wrong"}' \
			REMOTE_ADDR=192.0.2.1
		n=$((n + 1))
	done
	status 429
	send_json POST /auth/login '{"user":"root","password":"correct-horse"}' \
		REMOTE_ADDR=192.0.2.2
	status 200

	it 'lets a user in from where he was, however many try his name elsewhere'
	redis SET login:user:root 51 EX 600 >/dev/null
	for n in 1 2 3 4; do
		send_json POST /auth/login '{"user":"root","password":"wrong"}' \
			REMOTE_ADDR=192.0.2.2
		status 401
	done
	send_json POST /auth/login '{"user":"root","password":"correct-horse"}' \
		REMOTE_ADDR=192.0.2.2
	status 200

	it 'slows down who guesses from many networks, and shuts nobody out by that'
	redis SET login:user:root 5000 EX 600 >/dev/null
	for n in 1 2 3; do
		send_json POST /auth/login '{"user":"root","password":"wrong"}' \
			REMOTE_ADDR=192.0.2.$((n + 10))
		status 401
	done
	for n in 1 2 3; do
		send_json POST /auth/login '{"user":"root","password":"wrong"}' \
			REMOTE_ADDR=192.0.2.9
		status 401
	done
	send_json POST /auth/login '{"user":"root","password":"correct-horse"}' \
		REMOTE_ADDR=192.0.2.9
	status 429
	send_json POST /auth/login '{"user":"root","password":"correct-horse"}' \
		REMOTE_ADDR=192.0.2.3
	status 200

	it 'counts a network of IPv6 as one'
	redis FLUSHALL >/dev/null
	n=0
	while [ $n -lt 10 ]; do
		send_json POST /auth/login '{"user":"root","password":"wrong"}' \
			REMOTE_ADDR=2001:db8:1:2::$n
		status 401
		n=$((n + 1))
	done
	send_json POST /auth/login '{"user":"root","password":"correct-horse"}' \
		REMOTE_ADDR=2001:db8:1:2:3:4:5:6
	status 429
	send_json POST /auth/login '{"user":"root","password":"correct-horse"}' \
		REMOTE_ADDR=2001:db8:1:3::1
	status 200

	it 'has failed log-ins in the audit, and no name that nobody has'
	same 'from where' "$(sql "SELECT count(*) FROM audit
		WHERE action = 'login' AND field = 'refused' AND who = 'root'
		AND \"to\" LIKE '2001:db8:1:2:%'")" 10
	send_json POST /auth/login '{"user":"my-secret","password":"root"}' \
		REMOTE_ADDR=192.0.2.77
	status 401
	same 'no such user' "$(sql "SELECT who FROM audit WHERE \"to\" = '192.0.2.77'")" \
		'(no such user)'
	same 'what was typed' "$(sql "SELECT count(*) FROM audit WHERE who = 'my-secret'")" 0

	it 'sprays passwords over names a hundred times an address at most'
	redis FLUSHALL >/dev/null
	redis SET login:from:192.0.2.1 100 EX 600 >/dev/null
	send_json POST /auth/login '{"user":"nobody","password":"wrong"}' \
		REMOTE_ADDR=192.0.2.1
	status 429
	redis FLUSHALL >/dev/null
	log_in root
	status 200

	it 'hashes one password at a time'
	# the turn is another one's: the log-in waits in the kernel until it is over
	exec 7>>"$dir/password.lock"
	flock 7
	inode=$(stat -c %i "$dir/password.lock")
	waits() { grep -q -- "-> FLOCK .*:$inode " /proc/locks; }
	(send_json POST /auth/login '{"user":"root","password":"correct-horse"}'
		status 200
		echo "$bad" >"$dir/waited") 7>&- &
	waiting=$!
	wait_for 'a log-in that waits for its turn' waits
	same 'an answer meanwhile' "$(ls "$dir/waited" 2>/dev/null)" ''
	exec 7>&-
	wait $waiting
	same 'what was wrong then' "$(cat "$dir/waited")" ''
fi

it 'says 503 without Redis'
stop_redis
send_json POST /auth/login '{"user":"root","password":"correct-horse"}'
status 503
json .error.code cache_unavailable
get /auth/session "$cookie"
status 200
start_redis

it 'keeps sessions in the ledger: Redis alone lets nobody in, and none out'
redis FLUSHALL >/dev/null
get /auth/session "$cookie"
status 200
id=$(printf '%064d' 7)
redis SET "session:$(printf %s "$id" | sha256sum | cut -d' ' -f1)" \
	'{"user":"root","role":"admin","csrf":"x","changed_msc":1}' >/dev/null
get /auth/session "HTTP_COOKIE=mt5fleet=$id"
status 401

it 'says 503 while the ledger is held by another writer, and changes nothing'
log_in root
account Broker-Live 52001001 ok USD 2 2 6047.22 6040.5 -6.72
snapshot vps01 ok
version=$(sql 'SELECT version FROM account')
mkfifo "$dir/hold"
sqlite3 "$dir/ledger.db" <"$dir/hold" >"$dir/held" &
holder=$!
exec 8>"$dir/hold"
echo 'BEGIN IMMEDIATE; SELECT 1;' >&8
held() { [ -s "$dir/held" ]; }
wait_for 'the lock' held
send_json PUT /api/accounts/Broker-Live/52001001/phase \
	"{\"phase\":\"Q\",\"version\":$version}" "$cookie" "$token"
status 503
json .error.code ledger_unavailable
exec 8>&-
wait $holder
same 'version' "$(sql 'SELECT version FROM account')" "$version"
send_json PUT /api/accounts/Broker-Live/52001001/phase \
	"{\"phase\":\"Q\",\"version\":$version}" "$cookie" "$token"
status 200

# The program as a CGI of its own, started by a script that takes something away.
without() { # the script's lines
	printf '#!/bin/sh\n%s\nexec "%s"\n' "$1" "$bin_admin" >"$dir/without"
	chmod 755 "$dir/without"
	program=$dir/without
}
if [ "$mode" = cgi ]; then
	bin_admin=$dir/admin.fcgi # where another user reaches it, too
	cp "$build/bin/admin.fcgi" "$bin_admin"
	before=$(sql 'SELECT version, phase FROM account, phase_period
		ORDER BY phase_period.id DESC LIMIT 1')

	it 'says 503 on a full disk, and changes nothing'
	without "trap '' XFSZ; ulimit -f 8"
	version=$(sql 'SELECT version FROM account')
	send_json PUT /api/accounts/Broker-Live/52001001/phase \
		"{\"phase\":\"R\",\"version\":$version}" "$cookie" "$token"
	status 503
	json .error.code ledger_unavailable

	it 'says 503 on a ledger that cannot be written, and changes nothing'
	chmod 755 "$dir"
	chmod 644 "$dir/env" "$dir"/ledger.db*
	chmod 777 "$dir/redis.sock" "$dir/nodes.json"
	without 'exec setpriv --reuid=65534 --regid=65534 --clear-groups \'
	sed -i 's|^exec "|"|' "$dir/without"
	send_json PUT /api/accounts/Broker-Live/52001001/phase \
		"{\"phase\":\"R\",\"version\":$version}" "$cookie" "$token"
	status 503
	json .error.code ledger_unavailable

	it 'is back by itself when the disk is'
	program=$bin_admin
	same 'the account' "$(sql 'SELECT version, phase FROM account,
		phase_period ORDER BY phase_period.id DESC LIMIT 1')" "$before"
	send_json PUT /api/accounts/Broker-Live/52001001/phase \
		"{\"phase\":\"R\",\"version\":$version}" "$cookie" "$token"
	status 200
fi

it 'keeps every secret out of the log'
same 'secrets' "$(grep -c -e correct-horse -e node-secret -e "$csrf" "$dir/log")" 0
