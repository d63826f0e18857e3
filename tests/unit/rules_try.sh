#!/bin/sh
# rules_try.sh: `mt5fleet rules try` and `replay`: published examples, the words
# of the rule language, and paths judged at the moments of the job's runs.
set -u
build=${BUILD:-build}
dir=$(mktemp -d "${TMPDIR:-/tmp}/mt5fleet-rules.XXXXXX")
trap 'rm -rf "$dir"' EXIT

ok() { # what rc
	if [ "$2" = 0 ]; then
		echo "ok $1"
	else
		echo "not ok $1"
		sed 's/^/# /' "$dir/out"
	fi
}
# Needs no settings: a configuration that is not there does not matter.
rules() {
	MT5FLEET_CONFIG=$dir/none TMPDIR=$dir "$build/bin/mt5fleet" rules "$@" \
		>"$dir/out" 2>&1
}

rules try tests/cases/rule-examples.json && [ "$(tail -1 "$dir/out")" = "24 of 24" ]
ok "every published example comes out" $?
rules try tests/cases/rule-words.json
ok "every word does what it says" $?
rules try tests/cases/rule-firms.json
ok "and those of other firms" $?

sed 's/"total_floor": 94000/"total_floor": 94000.01/' \
	tests/cases/rule-examples.json >"$dir/wrong.json"
rules try "$dir/wrong.json"
[ $? = 1 ] && grep -q '^WRONG FTMO 1-step, day 2: expected total_floor 94000.01 got total_floor 94000$' "$dir/out" &&
	[ "$(tail -1 "$dir/out")" = "21 of 24" ]
ok "a cent more is wrong, and said" $?
echo '[{"name": "x", "initial": 1, "rules": {"max_loss": [1]}, "events": [], "expect": {"verdict": "none"}}]' >"$dir/bad.json"
rules try "$dir/bad.json"
[ $? = 1 ] && grep -q '^WRONG x: .*max_loss: not an object' "$dir/out"
ok "rules that cannot be read are wrong" $?
rules try "$dir/nothing.json"
[ $? = 1 ]
ok "a file that is not there is told" $?

rules try etc/rules.json
ok "a file of presets is tried, each by its own rules" $?
cat >"$dir/quoted.json" <<-'END'
	[{"name": "a", "initial": "x", "rules": {}, "events": [], "expect": {"verdict": "none"}},
	{"name": "b", "initial": 100, "rules": {}, "events": [{"sample": {"balance": 100, "equty": 1}}], "expect": {"verdict": "none"}},
	{"name": "c", "initial": 100, "rules": {}, "events": [{"flow": 1}, {"payout": -1}], "expect": {"verdict": "none"}},
	{"name": "d", "initial": 100, "rules": {}, "events": [{"sampl": 1}], "expect": {"verdict": "none"}},
	{"name": "e", "initial": 100, "rules": {}, "events": [{"flow": 1, "payout": 1}], "expect": {"verdict": "none"}},
	{"name": "f", "initial": 100, "rules": {}, "event": [], "expect": {"verdict": "none"}},
	{"name": "g", "initial": 100, "rules": {}, "events": [], "expect": {"total_flor": 1}},
	{"name": "h", "initial": 100, "rules": {}, "events": [], "expect": {}},
	{"name": "i", "initial": 100, "rules": {}, "events": [{"sample": {"balance": 1, "equity": 1, "low": "1"}}], "expect": {"verdict": "none"}},
	7]
END
rules try "$dir/quoted.json"
[ $? = 1 ] && cat >"$dir/should" <<-'END' && cmp -s "$dir/should" "$dir/out"
	WRONG a: expected an example got initial: not an amount: "x"
	WRONG b: expected an example got events[0].sample: unknown: "equty"
	WRONG c: expected an example got events[1].payout: not an amount above 0: -1
	WRONG d: expected an example got events[0]: unknown: "sampl"
	WRONG e: expected an example got events[0]: two events in one: "flow" and "payout"
	WRONG f: expected an example got unknown: "event"
	WRONG g: expected total_flor 1 got total_flor no such word
	WRONG h: expected nothing got nothing
	WRONG i: expected an example got events[0].sample.low: not an amount: "1"
	WRONG (no name): expected an example got not an object: 7
	0 of 10
END
ok "what is wrong with an example is quoted, with its place" $?
printf '[{"a": 1,\n "b": }]' >"$dir/bad.json"
rules try "$dir/bad.json"
[ $? = 1 ] && grep -q 'bad.json:2: "}]": not JSON from here' "$dir/out"
ok "what is no JSON is quoted, with its line" $?
cat >"$dir/set.json" <<-'END'
	{"daily_loss": {"pct": 3, "of": "baseline"}, "examples": [
	{"name": "to the cent", "initial": 102333.33, "events": [], "expect": {"daily_allowance": 3070, "daily_floor": 99263.33}},
	{"name": "finer where it is written so", "initial": 102333.33, "events": [], "expect": {"daily_allowance": 3069.9999}},
	{"name": "days with a profit since the payout", "initial": 50000, "rules": {}, "events": [], "expect": {"days_done": 0}}]}
END
rules try "$dir/set.json" && [ "$(tail -1 "$dir/out")" = "3 of 3" ]
ok "a rule set may carry its examples; amounts hold to the cent" $?

path=tests/cases/rules-false-target/path.json
rules replay $path &&
	[ "$(cat "$dir/out")" = '{"verdicts":[],"status":"active","days_done":4}' ]
ok "days are counted up to the sample, not up to the run" $?
node -e '
	const p = JSON.parse(require("fs").readFileSync(process.argv[1]));
	p.phases_runs = [];
	for (let t = Date.parse("2026-06-10T22:10:00Z"); t <= Date.parse("2026-06-14T10:00:00Z"); t += 600000)
		p.phases_runs.push(new Date(t).toISOString());
	process.stdout.write(JSON.stringify(p));' $path >"$dir/dense.json"
rules replay "$dir/dense.json" &&
	[ "$(cat "$dir/out")" = '{"verdicts":[],"status":"active","days_done":4}' ]
ok "a run each ten minutes gives the same" $?
node -e '
	const p = JSON.parse(require("fs").readFileSync(process.argv[1]));
	p.phases_runs = p.phases_runs.filter((t) => t < "2026-06-14T06" || t > "2026-06-14T09:30");
	p.deals[p.deals.length - 1].utc = "2026-06-14T07:30:00Z";
	p.deals.sort((a, b) => a.utc < b.utc ? -1 : 1);
	process.stdout.write(JSON.stringify(p));' $path >"$dir/gap.json"
rules replay "$dir/gap.json" && [ "$(cat "$dir/out")" = \
	'{"verdicts":[{"word":"target_reached","at_utc":"2026-06-14T07:30:05Z","value":110100,"level":110000}],"status":"target_reached","days_done":4}' ]
ok "a target reached while nobody judged is seen" $?
# The broker's midnight is 22:00 UTC until 8 March, 21:00 from then on; all is
# judged in April. Two losses, an hour before and behind 22:00.
cat >"$dir/clock.js" <<'END'
const [month_day, account] = process.argv.slice(2);
const at = (text) => `2026-${month_day}T${text}:00Z`;
const losses = [['21:20', -300], ['23:00', -250]];
let balance = 10000;
const samples = [[at('12:00'), balance, balance]];
for (const [t, net] of losses)
	samples.push([at(t.replace(/.$/, '5')), balance += net, balance]);
process.stdout.write(JSON.stringify({ account: JSON.parse(account), phase: 'F1',
	initial_balance: 10000, period_started_utc: at('12:00'),
	rules: { reset: { zone: 'server' }, daily_loss: { pct: 5 } }, samples,
	deals: [{ utc: '2026-03-01T12:00:00Z', type: 2, profit: 10000 },
		...losses.map(([t, net], i) => ({ utc: at(t), type: 1, entry: 1,
			position_id: String(i + 1), profit: net }))],
	phases_runs: ['2026-03-01T12:00:00Z', '2026-03-09T00:00:00Z', '2026-04-01T12:00:00Z', '2026-04-01T12:01:00Z'] }));
END
clock() { # what date account should
	node "$dir/clock.js" "$2" "$3" >"$dir/clock.json"
	rules replay "$dir/clock.json" && grep -q "$4" "$dir/out"
	ok "$1" $?
}
none='"verdicts":\[\]'
daily='"daily_loss","at_utc":"2026-03-..T23:05:00Z","value":9450,"level":9500'
clock 'a day before the clocks changed is cut by the clock of then' 03-05 \
	'{"broker_zone": "New York close"}' "$none"
clock 'one behind by the clock of then' 03-10 \
	'{"broker_zone": "New York close"}' "$daily"
clock 'a zone that keeps its time' 03-05 '{"broker_zone": "Etc/GMT-3"}' "$daily"
clock 'without a zone by the offset that was seen then' 03-05 \
	'{"broker_offsets": [["2026-03-01T00:00:00Z", 7200], ["2026-03-08T22:00:00Z", 10800]]}' "$none"
clock 'and seen later' 03-10 \
	'{"broker_offsets": [["2026-03-01T00:00:00Z", 7200], ["2026-03-08T22:00:00Z", 10800]]}' "$daily"
clock 'an offset that never changed' 03-05 '{"broker_offset_s": 10800}' "$daily"
rules replay tests/cases/rule-words.json
[ $? = 1 ]
ok "what is no path is refused" $?
[ -z "$(ls -d "$dir"/mt5fleet-replay.* 2>/dev/null)" ]
ok "nothing is left behind" $?
