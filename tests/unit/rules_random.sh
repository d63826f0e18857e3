#!/bin/sh
# rules_random.sh: random rule paths against a fold written in Python. COUNT says
# how many; the long form (make long) is 1,000, with another SEED each time.
build=${BUILD:-build}
name="${COUNT:=60} random rule paths come out as the other fold says"
out=$(python3 tests/oracle/rules_random.py "$build/bin/mt5fleet" \
	"${SEED:-1}" "$COUNT" 2>&1)
if [ $? = 0 ]; then
	echo "ok $name"
else
	echo "not ok $name"
fi
echo "$out" | sed 's/^/# /'
