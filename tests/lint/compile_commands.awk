# awk -v dir=… -v c=… -v cxx=… -f compile_commands.awk FILE…: what compiles each
# file, as clang's tools and editors read it.
function quoted(text) {
	gsub(/["\\]/, "\\\\&", text)
	return "\"" text "\""
}

BEGIN {
	for (i = 1; i < ARGC; i++) {
		file = ARGV[i]
		command = (file ~ /\.cpp$/ ? cxx : c) " -c " file
		printf("%s{\"directory\": %s, \"file\": %s, \"command\": %s}",
		    (i > 1 ? ",\n" : "[\n"), quoted(dir), quoted(file),
		    quoted(command))
	}
	print "\n]"
}
