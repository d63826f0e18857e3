# undo.sh: who may undo a change is who may make it.
. tests/cgi/lib
start_redis
settings
echo '[]' >"$dir/nodes.json"
make_ledger
user ada admin
user mia manager
user sam manager
sql "UPDATE user SET accounts = 'account:Firm-Live/11' WHERE name = 'sam'"
sql "INSERT INTO account (id, server, login, currency, first_seen_msc)
	VALUES (1, 'Firm-Live', 11, 'USD', 1), (2, 'Firm-Live', 12, 'USD', 1),
	(3, 'Firm-Live', 13, 'USD', 1)"
serve admin.fcgi
audit() { sql "SELECT max(id) FROM audit WHERE action = 'edit' AND field LIKE '$1' AND undone = 0"; }
undo() { send_json POST /admin/undo "{\"id\":\"$1\"}" "$cookie" "$token"; }
log_in ada
post /admin/zones "csrf=$csrf&server=Firm-Live&zone=Europe/Athens" "$cookie"
status 303
post /admin/rename "csrf=$csrf&server=Firm-Live&login=11&new_server=Firm-Live&new_login=14" "$cookie"
status 303
post /admin/merge "csrf=$csrf&server=Firm-Live&login=13&into_server=Firm-Live&into_login=12" "$cookie"
status 303
send_json POST /api/business/entry '{"kind":"fee","amount":5,"currency":"USD","at_utc":"2026-01-05","server":"Firm-Live","login":"14"}' "$cookie" "$token"
status 200
send_json PUT /api/accounts/Firm-Live/14/meta '{"note":"first","version":'"$(sql 'SELECT version FROM account WHERE id = 1')"'}' "$cookie" "$token"
status 200
typed=$(audit 'zone:%') renamed=$(audit name) merged=$(audit merge) fee=$(audit 'business/%') noted=$(audit note)

it 'undoes nothing for a manager that an admin alone may change'
log_in mia
for id in $typed $renamed $merged; do
	undo "$id"
	status 403
done
same 'undone' "$(sql 'SELECT count(*) FROM audit WHERE undone = 1')" 0
get /admin/audit "$cookie"
same 'buttons' "$(grep -o 'name="id" value="[0-9]*"' "$dir/body" | tr -dc '0-9\n' | sort -n | paste -sd ' ')" \
	"$(printf '%s\n' "$fee" "$noted" | sort -n | paste -sd ' ')"

it 'nor for who may see some accounts what is for who may see all'
log_in sam
for id in $renamed $fee; do
	undo "$id"
	status 403
done
for id in $typed $merged; do
	undo "$id"
	status 404
done
undo "$noted"
status 200
same 'undone' "$(sql 'SELECT count(*) FROM audit WHERE undone = 1')" 1

it 'undoes for each what he may change'
log_in mia
undo "$fee"
status 200
log_in ada
for id in $typed $renamed $merged; do
	undo "$id"
	status 200
done

it 'names to nobody the account that was parted again from his'
user eve viewer
sql "UPDATE user SET accounts = 'account:Firm-Live/12' WHERE name = 'eve'"
get /admin/audit "$cookie"
says '13@Firm-Live'
log_in eve
get /admin/audit "$cookie"
status 200
says_not '13@Firm-Live'
