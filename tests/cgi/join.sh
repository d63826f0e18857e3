# join.sh: machines that join, and what is done to the list of nodes, as
# admin.fcgi answers it.
. tests/cgi/lib
start_redis
settings SITE_URL=https://fleet.test SITE_TLS=files \
	"TLS_CERT_FILE=$dir/site.pem" "TLS_KEY_FILE=$dir/site.key"
make_cert() { # name
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -days 9 -subj /CN=x -addext subjectAltName=IP:10.0.0.7 \
		-keyout "$dir/$1.key" -out "$dir/$1.pem" 2>/dev/null
}
fingerprint_of() {
	openssl x509 -in "$dir/$1.pem" -noout -fingerprint -sha256 |
		sed 's/.*=//'
}
make_cert site
make_cert agent
make_cert other
echo '[{"id":"vps01","url":"http://127.0.0.1:1","note":"stays"}]' \
	>"$dir/nodes.json"
chmod 640 "$dir/nodes.json"
serve admin.fcgi
get /auth/check # makes the ledger
user root admin
user eve viewer
https_log_in() { # name
	send_json POST /auth/login \
		"{\"user\":\"$1\",\"password\":\"correct-horse\"}" HTTPS=on
	cookie=HTTP_COOKIE=$(header Set-Cookie | sed 's/;.*//')
	csrf=$(jq -r .csrf "$dir/body")
}
https_log_in root
act() { # words of the form
	post /admin/nodes "csrf=$csrf&$1" "$cookie" HTTPS=on
}
# the token in the line, as a person would copy it
invited() { # name
	act "action=invite&id=$1&note=a+note"
	join=$(sed -n "s/.*MT5FLEET_JOIN=\([0-9a-f]*\) sh.*/\1/p" "$dir/body")
}
come() { # token certificate-name [agent_token] [url]
	jq -n --arg t "$1" --rawfile c "$dir/$2.pem" \
		--arg a "${3:-0123456789abcdef0123456789abcdef}" \
		--arg u "${4:-https://10.0.0.7:8000}" \
		'{token: $t, certificate: $c, agent_token: $a, url: $u}' \
		>"$dir/join.json"
	ask POST /join CONTENT_TYPE=application/json <"$dir/join.json"
}
encoded() { printf '%s' "$1" | jq -sRr @uri; }

it 'gives one line for Linux and one for Windows, with the pin of the site'
invited vps07
status 200
same 'token' "${#join}" 64
pin=$(openssl x509 -in "$dir/site.pem" -pubkey -noout |
	openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64)
says "curl -fsSk --pinnedpubkey"
says "sha256//$pin"
says 'https://fleet.test/join/join.sh | MT5FLEET_JOIN='
says 'mt5fleet-agent.exe'
hash_of_key=$(openssl x509 -in "$dir/site.pem" -pubkey -noout |
	openssl pkey -pubin -outform der | tail -c 65 | sha256sum |
	tr 'a-f' 'A-F' | cut -c 1-64)
says "$hash_of_key"
has_header Cache-Control no-store

it 'stores a digest of the token, and nothing of it in Redis'
same 'in the ledger' "$(sql "SELECT count(*) FROM node_join WHERE digest = '$join'
	OR name || coalesce(note, '') LIKE '%$join%'")" 0
same 'digest' "$(sql 'SELECT digest FROM node_join')" \
	"$(printf %s "$join" | sha256sum | cut -c 1-64)"
same 'in Redis' "$(redis KEYS '*' | grep -c "$join")" 0
get /admin/nodes "$cookie" HTTPS=on
says 'not yet'
says_not "$join"

it 'tells a machine where it comes from'
get /join/address
status 200
json .address 127.0.0.1
fits GET /join/address

it 'lets nobody invite but an admin'
saved=$cookie saved_csrf=$csrf
https_log_in eve
act 'action=invite&id=vps08'
status 403
cookie=$saved csrf=$saved_csrf

it 'refuses what is no join, and quotes no secret'
for body in '' '[]' '[1]' '{}' '{"token":1}' '{"token":""}' '"x"' '{"token":null}' \
	'{"token":{"a":1}}'; do
	send_json POST /join "$body"
	status 400
	fits POST /join
done
redis DEL login:join:127.0.0.1 >/dev/null
echo garbage >"$dir/garbage.pem"
cat "$dir/agent.pem" "$dir/other.pem" >"$dir/two.pem"
: >"$dir/none.pem"
for certificate in garbage two none; do
	come "$join" $certificate
	status 400
	says certificate
	says_not "$join"
done
for url in http://10.0.0.7:8000 'https://10.0.0.7:8000/?x' https:// ftp://x \
	'https://a b' "https://$(printf 'a%.0s' $(seq 400))"; do
	come "$join" agent '' "$url"
	status 400
	says url
done
for agent_token in short 'with a blank in it 0123456789abcdef0123456789'; do
	come "$join" agent "$agent_token"
	status 400
	says_not "$agent_token"
done
redis DEL login:join:127.0.0.1 >/dev/null
head -c 40000 /dev/zero | tr '\0' ' ' >"$dir/large"
ask POST /join CONTENT_TYPE=application/json <"$dir/large"
status 413
come "$(printf '%064d' 7)" agent
status 403
json .error.code join_refused
says 'is not known'
says_not "$(printf '%064d' 7)"
fits POST /join
same 'unused still' "$(sql 'SELECT count(*) FROM node_join WHERE came_utc_ms IS NULL')" 1

it 'takes a machine by its token, once'
come "$join" agent
status 200
json .node vps07
json .state waiting
json .fingerprint "$(fingerprint_of agent)"
fits POST /join
come "$join" other
status 403
says 'was used already'
same 'nodes' "$(jq length "$dir/nodes.json")" 1

it 'refuses a token that is over'
invited vps08
sql "UPDATE node_join SET expires_utc_ms = 1 WHERE name = 'vps08'"
come "$join" other
status 403
says 'has expired'
get /admin/nodes "$cookie" HTTPS=on
says 'the token has expired'
act 'action=reject&id=vps08'
status 303

it 'shows an admin the fingerprint, and no token of the agent'
get /admin/nodes "$cookie" HTTPS=on
says "$(fingerprint_of agent)"
says https://10.0.0.7:8000
says 127.0.0.1
says_not 0123456789abcdef0123456789abcdef

it 'approves only what the admin has seen'
act "action=approve&id=vps07&fingerprint=$(encoded "$(fingerprint_of other)")"
status 400
says 'is another'
act 'action=approve&id=vps07'
status 400
act "action=approve&id=vps99&fingerprint=$(encoded "$(fingerprint_of agent)")"
status 400
same 'nodes' "$(jq length "$dir/nodes.json")" 1
act "action=approve&id=vps07&fingerprint=$(encoded "$(fingerprint_of agent)")"
status 303
same 'entry' "$(jq -c '.[1]' "$dir/nodes.json")" '{"id":"vps07","url":"https://10.0.0.7:8000","token":"0123456789abcdef0123456789abcdef","ca":"vps07.pem","note":"a note"}'
same 'first' "$(jq -r '.[0].note' "$dir/nodes.json")" stays
same 'mode' "$(stat -c %a "$dir/nodes.json")" 640
same 'certificate' "$(cmp "$dir/vps07.pem" "$dir/agent.pem" && echo same)" same
same 'no second copy' "$(sql 'SELECT count(*) FROM node_join')" 0
same 'audit' "$(sql "SELECT who, field FROM audit WHERE action = 'node' ORDER BY id" | tr '\n' ' ')" \
	'root|join token join|joins root|join token root|reject root|approve '
same 'nothing secret' "$(sql "SELECT count(*) FROM audit WHERE \"to\" LIKE '%0123456789abcdef0123%'")" 0

it 'invites nobody as a node that there is'
act 'action=invite&id=vps07'
status 400
says 'already'
act 'action=invite&id=a/b'
status 400

it 'renames a node with its certificate, and its accounts go along'
sql "INSERT INTO account (server, login, node, first_seen_msc)
	VALUES ('Broker-Live', 52001001, 'vps07', 1)"
act 'action=rename&id=vps07&to=vps01'
status 400
act 'action=rename&id=vps07&to=a/b'
status 400
act 'action=rename&id=vps07&to='
status 400
same 'untouched' "$(cmp "$dir/vps07.pem" "$dir/agent.pem" && echo same)" same
act 'action=rename&id=vps07&to=london-7'
status 303
same 'entry' "$(jq -r '.[1] | .id + " " + .ca' "$dir/nodes.json")" \
	'london-7 london-7.pem'
same 'certificates' "$(cd "$dir" && echo vps*.pem london*.pem)" \
	'vps*.pem london-7.pem'
same 'account' "$(sql 'SELECT node FROM account')" london-7

it 'retires an account, and expects it again'
act 'action=retire&id=-&server=Broker-Live&login=1'
status 400
act 'action=retire&id=-&server=Broker-Live&login=x'
status 400
act 'action=retire&id=-&server=Broker-Live&login=52001001'
status 303
same 'entry' "$(jq -c '.[1].retired' "$dir/nodes.json")" \
	'[{"server":"Broker-Live","login":"52001001"}]'
get /admin/nodes "$cookie" HTTPS=on
says 'Expect it again'
act 'action=expect&id=-&server=Broker-Live&login=52001001'
status 303
same 'entry' "$(jq -c '.[1].retired' "$dir/nodes.json")" null

it 'says what a rotation cannot do'
act 'action=rotate&id=vps01'
status 400
says 'no token and certificate of its own'
act 'action=rotate&id=london-7'
status 503
same 'nothing changed' "$(jq -r '.[1].token' "$dir/nodes.json")" \
	0123456789abcdef0123456789abcdef

it 'removes a node and its certificate'
act 'action=remove&id=london-7'
status 303
same 'nodes' "$(jq -r 'map(.id) | join(" ")' "$dir/nodes.json")" vps01
same 'certificate' "$(cd "$dir" && echo london*.pem)" 'london*.pem'
act 'action=remove&id=london-7'
status 400

it 'does not try one address for ever'
n=0
while [ $n -lt 25 ]; do
	come "$(printf '%064d' $n)" agent
	n=$((n + 1))
done
status 429
fits POST /join
same 'left over' "$(ls "$dir" | grep -c 'nodes.json.')" 0

it 'makes no line where there is nothing to pin'
settings SITE_URL=https://fleet.test SITE_TLS=files \
	"TLS_CERT_FILE=$dir/gone.pem" "TLS_KEY_FILE=$dir/site.key"
act 'action=invite&id=vps09'
status 503
says gone.pem
settings
https_log_in root
act 'action=invite&id=vps09'
status 503
says 'a machine joins by https'
same 'no token' "$(sql "SELECT count(*) FROM node_join WHERE name = 'vps09'")" 0
