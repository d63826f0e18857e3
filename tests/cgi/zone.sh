# zone.sh: the time zone of a broker's clock, by the command and in the API.
. tests/cgi/lib
start_redis
settings
echo '[{"id":"vps01","url":"http://127.0.0.1:1"}]' >"$dir/nodes.json"
make_ledger
collector
polled vps01 ok
account Broker-Live 52001001 ok USD 2 2 6000 6040 40
snapshot vps01 ok

fleet() { MT5FLEET_CONFIG=$dir/env "$build/bin/mt5fleet" "$@" 2>>"$dir/command"; }
