#!/bin/sh
# cron.sh: what makes Debian's cron ignore a whole file is not in ours.
set -u
file=cron/mt5fleet.cron
failed=0
check() { # what command...
	what=$1
	shift
	if "$@"; then echo "ok - $what"; else echo "not ok - $what"; failed=1; fi
}
lines() { grep -vE '^(#|$|[A-Z0-9_]+=)' $file; }
absent() { ! grep -q "$1" "${2:-$file}"; }

check 'ends in a line feed' test "$(tail -c 1 $file | od -An -tx1 | tr -d ' ')" = 0a
check 'no carriage return' absent "$(printf '\r')"
check 'not writable by a group' test -z "$(find $file -perm /022)"
check 'installed under a name that cron reads' \
	grep -qE 'cron\.d/[A-Za-z0-9_-]+" cron/mt5fleet.cron$' bin/install
commands() { lines | tr -s ' \t' ' ' | cut -d' ' -f7-; }
no_percent() { ! commands | grep -q '%'; }
check 'no % in a command' no_percent
fields() { lines | awk '$6 != "root" || NF < 7 { exit 1 }'; }
check 'five times, the user, a command' fields
moments() {
	lines | awk '{ for (i = 1; i <= 5; i++)
		if ($i !~ /^(\*|\*\/[0-9]+|[0-9]+)$/) exit 1 }'
}
check 'times that cron understands' moments
for job in collect phases trades sheets backup; do
	check "$job is run" grep -qE "(^| )job $job 2>&1 \|" $file
	check "$job is a job of ours" test -d "cron/$job"
done
known() { # each job of cron's to etc/job
	for name in $(commands | grep -oE 'job [a-z-]+' | cut -d' ' -f2); do
		grep -qE "^	(.*\| )?$name( \|.*)?\)" etc/job || return 1
	done
}
check 'job knows each of them' known
check 'and refuses another' sh -c 'etc/job run x 2>&1 | grep -q "no such job: \"x\""'
check 'collect each minute' grep -qE '^\* \* \* \* \* +root +job collect' $file
check 'nobody is mailed' grep -qx 'MAILTO=""' $file
exit $failed
