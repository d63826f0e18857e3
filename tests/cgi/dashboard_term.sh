# dashboard_term.sh: workers that are told to end lose no request.
MODE=fcgi
. tests/cgi/lib
start_redis
settings DASHBOARD_AUTH=off
echo '[{"id":"vps01","url":"http://127.0.0.1:1"}]' >"$dir/nodes.json"
serve dashboard.fcgi --workers 2

request() {
	curl -s -m 20 -o /dev/null -w '%{http_code}\n' \
		"http://127.0.0.1:$port/api/accounts"
}
# Six at once, and SIGTERM to both workers in their midst.
round() {
	for i in 1 2 3 4 5 6; do
		request >>"$dir/codes" &
		clients="${clients:-} $!"
		[ $i != 3 ] || kill -TERM $(pgrep -P "$fcgi_pids")
	done
	wait $clients
	clients=''
}

it 'answers 180 of 180 requests while its workers are told to end 30 times'
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 \
	26 27 28 29 30; do
	round
done
same 'requests' "$(wc -l <"$dir/codes" | tr -d ' ')" 180
same 'answered 200' "$(grep -c '^200$' "$dir/codes")" 180

it 'ends when it has nothing to do'
workers=$(pgrep -P "$fcgi_pids")
same 'workers' "$(echo $workers | wc -w | tr -d ' ')" 2
kill -TERM "$fcgi_pids"
wait "$fcgi_pids" 2>/dev/null
for pid in $workers; do
	gone() { ! kill -0 "$pid" 2>/dev/null; }
	wait_for 'a worker ends' gone
done
fcgi_pids=''

it 'ends whenever it is told to, also while its workers begin'
# a worker that is told in the midst of its beginning must not be lost to it
n=0
while [ $n -lt 60 ]; do
	MT5FLEET_CONFIG=$dir/env spawn-fcgi -n -s "$dir/early.sock" -M 0600 -- \
		"$program" --workers 4 2>>"$dir/log" &
	early=$!
	# told after none to some milliseconds
	node -e "const end = performance.now() + $n / 4; while (performance.now() < end);"
	kill -TERM $early
	wait $early 2>/dev/null
	rm -f "$dir/early.sock"
	n=$((n + 1))
done
same 'left' "$(pgrep -f "$dir/early.sock" | wc -l | tr -d ' ')" 0

it 'replaces a worker that dies, and ends where none can begin'
MT5FLEET_CONFIG=$dir/env spawn-fcgi -n -s "$dir/two.sock" -M 0600 -- \
	"$program" --workers 2 2>>"$dir/log" &
parent=$!
two() { [ "$(pgrep -P $parent | wc -l)" = 2 ]; }
wait_for 'two workers' two
killed=$(pgrep -P $parent | head -n 1)
kill -KILL "$killed"
replaced() { two && ! pgrep -P $parent | grep -qx "$killed"; }
wait_for 'another one' replaced
kill -TERM $parent
wait $parent
same 'exit' $? 0
echo 'REDIS_URL=nonsense' >"$dir/bad"
MT5FLEET_CONFIG=$dir/bad "$program" --workers 2 </dev/null 2>/dev/null
same 'exit where it cannot begin' $? 1
