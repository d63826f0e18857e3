#!/bin/sh
# symbols.sh: what the objects of each program define and call: no function is
# there twice, and no two files need each other in a circle.
export LC_ALL=C
build=${BUILD:-build}
cd "$(dirname "$0")/../.." || exit 1

. tests/unit/result

objects() { # folder...: of their sources, each by its own name
	for source in $(git ls-files --cached --others --exclude-standard \
	    "$@" | grep '\.c$'); do
		case $source in
		*_windows.c | agent/windows/*) continue ;;
		esac
		[ ! -e "$source" ] || echo "$build/obj/${source%.c}.o"
	done
}

# "file symbol", file without .o; what: U for those it calls, D for its own
symbols() { # what object...
	what=$1
	shift
	nm -gA "$@" | sed 's/^\([^:]*\)\.o: */\1 /' | awk -v what="$what" '
	$(NF - 1) == "U" { if (what == "U") print $1, $NF; next }
	$(NF - 1) ~ /^[TDBRGSC]$/ && what == "D" { print $1, $NF }'
}

# Files that need each other, out of lines "file file"
circles() {
	tsort 2>&1 >/dev/null | sed -n "s|^tsort: \($build/obj/\)*||p" |
		grep -v 'input contains a loop' | sort -u
}

calls() { # folder...: "file file" where one calls the other
	objs=$(objects "$@")
	# shellcheck disable=SC2086
	symbols D $objs | awk '{ print $2, $1 }' | sort >"$dir/defined"
	# shellcheck disable=SC2086
	symbols U $objs | awk '{ print $2, $1 }' | sort |
		join - "$dir/defined" | awk '$2 != $3 { print $2, $3 }'
}

includes() { # folder...: "file file" where one includes the other's header
	for file in $(git ls-files --cached --others --exclude-standard \
	    "$@" | grep '\.[ch]$'); do
		[ -e "$file" ] || continue
		sed -n "s|^#include \"\(.*\)\.h\"|${file%.?} \1|p" "$file"
	done | awk '$1 != $2'
}

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

lib=$(objects lib)
for program in agent bin cgi-bin/* cron/*/ live; do
	[ -d "$program" ] || continue
	# shellcheck disable=SC2046,SC2086
	symbols D $lib $(objects "${program%/}/*.c") >"$dir/all"
	[ -s "$dir/all" ] || echo "$build none" >"$dir/all"
	result "${program%/} and lib/ define each function once" "$(
		awk '{ print $2 }' "$dir/all" | sort | uniq -d |
		while read -r name; do
			grep " $name\$" "$dir/all"
		done)"
done

for folder in lib/* agent bin cgi-bin/* cron/*/ live; do
	[ -d "$folder" ] || continue
	folder=${folder%/}
	result "no circle of calls in $folder" "$(calls $folder | circles)"
done
for folder in lib/web lib/auth lib/program agent cgi-bin/admin \
    cgi-bin/dashboard live; do
	result "no circle of includes in $folder" "$(includes $folder | circles)"
done

[ -z "$failed" ]
