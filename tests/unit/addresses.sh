#!/bin/sh
# addresses.sh: the site may be below a path of its host, so no page of ours names an
# address from the host's root: forms and links go through req->base (page_link,
# page_form), the page's own through at().
set -u
cd "$(dirname "$0")/../.." || exit 1
failed=0
none() { # what, findings
	if [ -z "$2" ]; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		echo "$2" | sed 's/^/# /'
		failed=1
	fi
}
none 'no link, form or source of the programs begins at the root' "$(
	grep -rnE '(href|action|src)=\\"/[a-z"\\]' cgi-bin lib --include='*.c')"
none 'nor one of the page' "$(
	grep -nE '(href|src)="/' htdocs/index.html
	grep -rnE '(href|src)="/|(href|src)=\{[`"]/|fetch\([`"]/|URL\([`"]/' htdocs/src \
		--include='*.ts' --include='*.tsx')"
none 'a redirect is made by response_redirect' "$(
	grep -rn '"Location"' cgi-bin lib --include='*.c' |
	grep -v '^lib/web/response.c')"
exit $failed
