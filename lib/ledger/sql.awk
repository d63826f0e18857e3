# sql.awk: lib/ledger/ledger.sql as C: enum ledger_sql, its texts, migrations.
function flush_text() {
	if (kind == "")
		return
	if (kind == "name") {
		names[++n] = name
		texts[n] = text
	} else
		steps[++m] = text
	kind = text = ""
}
function quoted(line) {
	gsub(/\\/, "\\\\", line)
	gsub(/"/, "\\\"", line)
	return "\t\"" line "\\n\"\n"
}
/^-- (name|migration): / {
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
kind != "" && !/^ *--/ && !/^$/ { text = text quoted($0) }
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
	print "};\n\nstatic const char *const sql_migrations[] = {"
	for (i = 1; i <= m; i++)
		printf "%s,\n", steps[i]
	print "};\n#endif"
}
