# sql.awk: lib/ledger/ledger.sql as C: enum ledger_sql, its texts, migrations.
function flush_text() {
	if (kind == "")
		return
	if (kind == "list")
		lists[name] = text
	else if (kind == "name") {
		names[++n] = name
		texts[n] = text
	} else
		steps[++m] = text
	kind = text = ""
}
# @trade_columns@ stands for what `-- list: trade_columns` begins
function expanded(line,    name) {
	while (match(line, /@[a-z_]+@/)) {
		name = toupper(substr(line, RSTART + 1, RLENGTH - 2))
		if (!(name in lists)) {
			print "ledger.sql:" NR ": no list: " name > "/dev/stderr"
			exit 1
		}
		line = substr(line, 1, RSTART - 1) lists[name] \
		    substr(line, RSTART + RLENGTH)
	}
	return line
}
function quoted(line) {
	gsub(/\\/, "\\\\", line)
	gsub(/"/, "\\\"", line)
	return "\t\"" line "\\n\"\n"
}
/^-- (name|migration|list): / {
	flush_text()
	kind = substr($2, 1, length($2) - 1)
	name = toupper($3)
	if (kind == "migration" && $3 != m + 1) {
		print "ledger.sql:" NR ": migration " m + 1 " expected" \
		    > "/dev/stderr"
		exit 1
	}
	next
}
kind == "list" && !/^ *--/ && !/^$/ {
	sub(/^[ \t]+/, "")
	text = text (text == "" ? "" : " ") $0
	next
}
kind != "" && !/^ *--/ && !/^$/ { text = text quoted(expanded($0)) }
END {
	flush_text()
	print "/* made from lib/ledger/ledger.sql */"
	print "enum ledger_sql {"
	for (i = 1; i <= n; i++)
		print "\tSQL_" names[i] ","
	print "\tSQL_COUNT\n};\n\n#ifdef LEDGER_SQL_TEXTS"
	print "static const char *const sql_texts[SQL_COUNT] = {"
	for (i = 1; i <= n; i++)
		printf "\t[SQL_%s] =\n%s,\n", names[i], texts[i]
	print "};\n#endif\n\n#ifdef LEDGER_SQL_MIGRATIONS\nstatic const char *const sql_migrations[] = {"
	for (i = 1; i <= m; i++)
		printf "%s,\n", steps[i]
	print "};\n#endif"
}
