# openapi.sh: every route of both programs is in docs/openapi.yaml, and what it
# says of them is sound. That answers fit it is tried beside each of them (fits,
# in the other tests).
. tests/cgi/lib
for table in dashboard admin; do
	sed -n 's/.*{WEB_\([A-Z]*\), "\([^"]*\)".*/\1 \2/p' \
		cgi-bin/$table/routes.c >"$dir/routes"
	it "has all routes of $table.fcgi"
	said=$(command node tests/cgi/openapi.mjs covers <"$dir/routes" 2>&1) ||
		wrong "$said"
	same 'routes' "$([ "$(wc -l <"$dir/routes")" -ge 20 ] && echo many)" many
done

it 'says of each object what it may hold'
said=$(command node tests/cgi/openapi.mjs closed 2>&1) || wrong "$said"

it 'says who may call, and keeps the rules of Redocly'
said=$(command node tests/cgi/openapi.mjs lint 2>&1) || wrong "$said"

it 'finds a member that is forgotten, or not in the contract'
echo '{"ok":true,"error":null}' >"$dir/part"
said=$(command node tests/cgi/openapi.mjs is Part "$dir/part" 2>&1) ||
	wrong "$said"
echo '{"ok":true}' >"$dir/part"
if said=$(command node tests/cgi/openapi.mjs is Part "$dir/part" 2>&1); then
	wrong 'a missing member fits'
fi
same 'it says' "$said" "Part; \$ must have required property 'error'; {\"ok\":true}"
echo '{"ok":true,"error":null,"other":1}' >"$dir/part"
if said=$(command node tests/cgi/openapi.mjs is Part "$dir/part" 2>&1); then
	wrong 'another member fits'
fi
