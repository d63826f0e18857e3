# openapi.sh: every route of both programs is in docs/openapi.yaml. That
# answers fit it is tried beside each of them (fits, in the other tests).
. tests/cgi/lib
for table in dashboard admin; do
	sed -n 's/.*{WEB_\([A-Z]*\), "\([^"]*\)".*/\1 \2/p' \
		cgi-bin/$table/routes.c >"$dir/routes"
	it "has all routes of $table.fcgi"
	while read -r method path; do
		said=$(command node tests/cgi/openapi.mjs covers "$method" "$path" 2>&1) ||
			wrong "$said"
	done <"$dir/routes"
	same 'routes' "$([ "$(wc -l <"$dir/routes")" -ge 20 ] && echo many)" many
done
