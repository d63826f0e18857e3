#!/bin/sh
# docs.sh: what the pages and comments name is in the tree.
cd "$(dirname "$0")/../.." || exit 1
. tests/unit/result
pages=$(git ls-files '*.md' | grep -v '^tests/cases/')

result 'each link of a page leads to a file' "$(
	for page in $pages; do
		grep -oE '\]\([^)# ]+' "$page" | sed 's/^](//' |
		grep -vE '^[a-z]+:' | while read -r to; do
			[ -e "$(dirname "$page")/$to" ] || echo "$page: $to"
		done
	done)"

# not in the way: patterns, <names>, what the build makes
result 'each path that a page names exists' "$(
	for page in $pages; do
		grep -oE '`(agent|bin|cgi-bin|cron|etc|htdocs|lib|live|monitoring|nginx|tests)/[A-Za-z0-9_./-]*[A-Za-z0-9_/]`' "$page" |
		tr -d '`' | sort -u | while read -r path; do
			[ -e "$path" ] || echo "$page: $path"
		done
	done)"

result 'each page that the code names exists' "$(
	git grep -ohE '\bdocs/[a-z-]+\.(md|yaml)' -- . ':!tests/cases' |
	sort -u | while read -r page; do
		[ -e "$page" ] || echo "$page"
	done
	git grep -nE '\b(DOMAIN|ARCHITECTURE|STYLE)\.md|\bweb-facts' -- . \
		':!tests/unit/docs.sh' ':!tests/cases')"

[ -z "$failed" ]
