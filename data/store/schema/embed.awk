# Makes C text of the migrations: one array a database, in the order of their numbers (records-001.sql …).
BEGIN {
	print "/* Made from schema/ by embed.awk. */"
	print "#include \"data/store/migrate.h\"\n"
}
FNR == 1 {
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/-.*/, "", name)
	if (name != open) {
		if (open != "")
			print ",\n\tNULL\n};\n"
		print "const char *const schema_" name "[] = {"
		open = name
	} else {
		print ","
	}
}
{
	sub(/[ \t]*--.*/, "")
	if ($0 == "")
		next
	gsub(/\\/, "\\\\")
	gsub(/"/, "\\\"")
	sub(/^\t+/, "")
	print "\t\"" $0 "\\n\""
}
END {
	print ",\n\tNULL\n};"
}
