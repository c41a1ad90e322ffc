# Makes ambiguous.def from EastAsianWidth.txt of the Unicode Character Database (Debian: package unicode-data):
#     awk -f core/base/ambiguous.awk /usr/share/unicode/EastAsianWidth.txt > core/base/ambiguous.def
# Private use is left out: text.c does not draw it. Neighbouring ranges are joined.
function value(hex,    i, n) {
	n = 0
	for (i = 1; i <= length(hex); i++)
		n = n * 16 + index("0123456789ABCDEF", substr(hex, i, 1)) - 1
	return n
}
function flush_range() {
	if (last != "")
		printf "AMBIGUOUS(0x%04X, 0x%04X)\n", first, last
}
BEGIN { first = last = "" }
NR == 1 { sub(/^# */, ""); sub(/\.txt.*/, ""); printf "/* East Asian Ambiguous, private use left out: %s, by ambiguous.awk. */\n", $0; next }
/^[0-9A-F]/ {
	split($0, field, /[;# ]+/)
	if (field[2] != "A")
		next
	n = split(field[1], range, /\.\./)
	low = value(range[1])
	high = value(range[n])
	if ((low >= 57344 && low <= 63743) || low >= 983040)
		next
	if (last != "" && low == last + 1) {
		last = high
		next
	}
	flush_range()
	first = low
	last = high
}
END { flush_range() }
