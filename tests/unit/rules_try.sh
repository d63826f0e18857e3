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
rules replay tests/cases/rule-words.json
[ $? = 1 ]
ok "what is no path is refused" $?
[ -z "$(ls -d "$dir"/mt5fleet-replay.* 2>/dev/null)" ]
ok "nothing is left behind" $?
