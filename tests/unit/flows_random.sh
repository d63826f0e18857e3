#!/bin/sh
# flows_random.sh: random paths whose flows have meanings, and phases that began
# in the past, against a fold written in Python. COUNT says how many; the long
# form is 1,000 and more, with another SEED each time.
build=${BUILD:-build}
name="${COUNT:=40} random paths of flows come out as the other fold says"
out=$(python3 tests/oracle/flows_random.py "$build/bin/mt5fleet" \
	"${SEED:-1}" "$COUNT" 2>&1)
if [ $? = 0 ]; then
	echo "ok $name"
else
	echo "not ok $name"
fi
echo "$out" | sed 's/^/# /'
