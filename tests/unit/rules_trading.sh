#!/bin/sh
# rules_trading.sh: the rules of trading, judged by the job's own code from the
# deals of the ledger: lots, holding, stop loss, being flat, inactivity, days.
set -u
build=${BUILD:-build}
dir=$(mktemp -d "${TMPDIR:-/tmp}/mt5fleet-trading.XXXXXX")
trap 'rm -rf "$dir"' EXIT

# A path: rules, deals as "minute word position lots [net] [sl]", how many days.
# A sample each ten minutes shows the balance of then; the job runs behind it.
cat >"$dir/path.js" <<'END'
const [rules, deals, days, skip] = process.argv.slice(2);
const start = Date.parse('2026-06-03T22:00:00Z'); // Thursday, 00:00 in Prague
const iso = (m) => new Date(start + m * 60000).toISOString();
const list = [{ utc: iso(-60), type: 2, entry: 0, position_id: '0', profit: 10000 }];
for (const text of deals.split(';').map((t) => t.trim()).filter(Boolean)) {
  const [minute, word, id, lots, net, sl] = text.split(/\s+/);
  // the server's own: of a rollover, a split, the day's variation margin
  const [, way, reason] = /^(in|out|turn|by)(?:-(roll|split|margin))?$/.exec(word);
  list.push({ utc: iso(Number(minute)), type: way === 'in' ? 0 : 1,
    entry: { in: 0, out: 1, turn: 2, by: 3 }[way], position_id: id,
    volume: Number(lots), profit: Number(net ?? 0),
    reason: { roll: 7, margin: 8, split: 9 }[reason] ?? 0,
    ...(sl === undefined ? {} : { sl: Number(sl) }) });
}
const samples = [], runs = [];
const [gap, until] = (skip ?? '-1 -1').split(' ').map(Number);
for (let m = 0; m <= Number(days) * 1440; m += 10) {
  const balance = list.filter((d) => d.utc <= iso(m)).reduce((n, d) => n + d.profit, 0);
  if (m >= gap && m < until) continue;
  samples.push([iso(m + 0.1), balance, balance]);
  runs.push(iso(m + 1));
}
process.stdout.write(JSON.stringify({ account: { broker_offset_s: 10800 }, phase: 'F1',
  initial_balance: 10000, period_started_utc: iso(0),
  rules: { reset: { zone: 'Europe/Prague' }, ...JSON.parse(rules) },
  deals: list, samples, phases_runs: runs }));
END
is() { # what should rules deals days [skip]
	what=$1 should=$2
	shift 2
	node "$dir/path.js" "$@" >"$dir/path.json"
	is=$(MT5FLEET_CONFIG=$dir/none TMPDIR=$dir "$build/bin/mt5fleet" rules \
		replay "$dir/path.json" 2>&1 | sed 's/.*"verdicts":\(.*\),"days_done.*/\1/')
	if [ "$is" = "$should" ]; then
		echo "ok $what"
	else
		printf 'not ok %s\n# %s\n# %s\n' "$what" "$is" "$should"
	fi
}
none='[],"status":"active"'
broken() { # word at value level
	echo "[{\"word\":\"$1\",\"at_utc\":\"$2\",\"value\":$3,\"level\":$4}],\"status\":\"breached\""
}

lots='{"max_lots":{"position":2,"all":3,"effect":"fail"}}'
is 'lots within their limits' "$none" "$lots" \
	'5 in 1 2; 6 in 2 1; 7 out 1 2; 8 in 3 2' 1
is 'lots of one position' \
	"$(broken max_lots_position 2026-06-03T22:06:00Z 2.5 2)" "$lots" \
	'5 in 1 2; 6 in 1 0.5; 7 out 1 2.5' 1
is 'lots of all positions' "$(broken max_lots 2026-06-03T22:07:00Z 3.5 3)" \
	"$lots" '5 in 1 2; 7 in 2 1.5; 9 out 2 1.5' 1
is 'a reversal opens what its volume leaves' "$none" "$lots" \
	'5 in 1 2; 7 turn 1 4; 9 out 1 2' 1
is 'and that may be too much' \
	"$(broken max_lots_position 2026-06-03T22:07:00Z 2.5 2)" "$lots" \
	'5 in 1 2; 7 turn 1 4.5; 9 out 1 2.5' 1
is 'closed by another position' "$none" "$lots" \
	'5 in 1 2; 6 in 2 1; 7 by 1 1; 7 by 2 1; 8 in 3 2' 1
is 'where it is only told there is no verdict' "$none" \
	'{"max_lots":{"all":3}}' '5 in 1 4; 9 out 1 4' 1

hold='{"min_hold":{"seconds":120,"effect":"fail"}}'
is 'held long enough' "$none" "$hold" '5 in 1 1; 7 out 1 1 50' 1
is 'not held long enough' "$(broken min_hold 2026-06-03T22:06:00Z 60 120)" \
	"$hold" '5 in 1 1; 6 out 1 1 50' 1

stop='{"stop_loss":{"within_s":60,"effect":"fail"}}'
is 'a stop loss that came with the order' "$none" "$stop" \
	'5 in 1 1 0 1.05; 90 out 1 1 0 1.05' 1
is 'without one nobody can say when it was set' "$none" "$stop" \
	'5 in 1 1 0 0; 90 out 1 1' 1

flat='{"flat":{"at":"22:45","effect":"fail"}}'
is 'flat in time' "$none" "$flat" '5 in 1 1; 2805 out 1 1' 4
is 'open over the week-end' "$(broken flat 2026-06-05T20:45:00Z 1 0)" "$flat" \
	'5 in 1 1; 2806 out 1 1' 4
is 'open over it while nobody looked' \
	"$(broken flat 2026-06-05T20:45:00Z 2 0)" "$flat" \
	'5 in 1 1; 6 in 2 1; 5000 out 1 1; 5001 out 2 1' 5 '2000 6000'

is 'a trade in time' "$none" '{"inactivity_days":2}' \
	'5 in 1 1; 2000 out 1 1; 4880 in 2 1' 5
is 'no trade for two days' \
	"$(broken inactivity_days 2026-06-07T07:20:00Z 2 2)" \
	'{"inactivity_days":2}' '5 in 1 1; 2000 out 1 1; 4881 in 2 1' 5
is 'nor since the beginning' \
	"$(broken inactivity_days 2026-06-05T22:00:00Z 2 2)" \
	'{"inactivity_days":2}' '' 3

is 'the days are over' "$(broken max_days 2026-06-06T22:00:00Z 3 3)" \
	'{"max_days":3}' '5 in 1 1; 90 out 1 1 100' 4
is 'the target was reached in time' \
	'[{"word":"target_reached","at_utc":"2026-06-03T23:30:06Z","value":11000,"level":11000}],"status":"target_reached"' \
	'{"max_days":3,"profit_target":{"pct":10}}' \
	'5 in 1 1; 90 out 1 1 1000' 4
is 'days from the first trade: there is none' "$none" \
	'{"max_days":{"days":2,"from":"first_trade"}}' '' 5
is 'days from the first trade' "$(broken max_days 2026-06-06T22:00:00Z 2 2)" \
	'{"max_days":{"days":2,"from":"first_trade"}}' '1500 in 1 1' 5

# What the server does by itself: nobody trades, and a split restates.
is 'a split opens no lots' "$none" "$lots" \
	'5 in 1 2; 6 out-split 1 2; 6 in-split 1 6; 7 in 2 1; 8 out 1 6' 1
is 'lots behind a split are those that were traded' \
	"$(broken max_lots 2026-06-03T22:07:00Z 3.5 3)" "$lots" \
	'5 in 1 2; 6 out-split 1 2; 6 in-split 1 6; 7 in 2 1.5' 1
is 'a part of what a split left is closed' "$none" "$lots" \
	'5 in 1 2; 6 out-split 1 2; 6 in-split 1 6; 7 out 1 3; 8 in 2 2' 1
is 'new lots on top restate, too' "$none" "$lots" \
	'5 in 1 2; 6 in-split 1 2; 7 out 1 2; 8 in 2 2; 9 out 1 2; 10 in 3 1' 1
is 'and what is left of them is open' \
	"$(broken max_lots 2026-06-03T22:08:00Z 3.5 3)" "$lots" \
	'5 in 1 2; 6 in-split 1 2; 7 out 1 2; 7 in 2 1; 8 in 3 1.5' 1
is 'a reverse split' "$(broken max_lots 2026-06-03T22:08:00Z 4 3)" "$lots" \
	'5 in 1 2; 6 out-split 1 2; 6 in-split 1 0.2; 7 out 1 0.1; 8 in 2 2; 8 in 3 1' 1
is 'a rollover opens and closes nothing' "$none" "$lots" \
	'5 in 1 2; 6 out-roll 1 2; 6 in-roll 1 2; 7 in 2 1; 8 out 1 2' 1
is 'the rest behind a split is not flat' \
	"$(broken flat 2026-06-05T20:45:00Z 1 0)" "$flat" \
	'5 in 1 1; 6 out-split 1 1; 6 in-split 1 4; 7 out 1 1' 4
is 'flat behind a split' "$none" "$flat" \
	'5 in 1 1; 6 out-split 1 1; 6 in-split 1 4; 7 out 1 1; 8 out 1 3' 4
is 'rolled over on Friday evening it is open' \
	"$(broken flat 2026-06-05T20:45:00Z 1 0)" "$flat" \
	'5 in 1 1; 2804 out-roll 1 1; 2806 in-roll 1 1' 4
is 'a rollover is no activity' \
	"$(broken inactivity_days 2026-06-06T22:05:00Z 3 3)" \
	'{"inactivity_days":3}' \
	'5 in 1 1; 2885 out-roll 1 1; 2885 in-roll 1 1' 4
is 'nor is the day'"'"'s variation margin' \
	"$(broken inactivity_days 2026-06-06T22:05:00Z 3 3)" \
	'{"inactivity_days":3}' \
	'5 in 1 1; 2885 out-margin 1 1 -5; 2885 in-margin 1 1' 4
is 'held over a rollover it is held from its opening' "$none" \
	'{"min_hold":{"seconds":120,"effect":"fail"}}' \
	'5 in 1 1; 7 out-roll 1 1; 7 in-roll 1 1; 8 out 1 1' 1

is 'the first break counts, whatever is judged with it' \
	"$(broken min_hold 2026-06-03T22:06:00Z 60 120)" \
	'{"max_loss":{"pct":10},"min_hold":{"seconds":120,"effect":"fail"}}' \
	'5 in 1 1; 6 out 1 1 -500; 7 in 2 1; 15 out 2 1 -900' 1
