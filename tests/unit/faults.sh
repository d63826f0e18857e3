#!/bin/sh
# faults.sh: each write, sync, new file, rename, connection and SQL step of the
# commands and jobs that write is made to fail once, one after another, and some
# of the allocations (tests/faults/faults.py). `make faults` takes all of them.
build=${BUILD:-build}
case ${SAN:-} in
1) # the sanitizers have an allocator of their own
	echo 'ok faults # SKIP with sanitizers'
	exit 0 ;;
esac
EVERY=${EVERY:-1999} BUILD=$build python3 tests/faults/faults.py
