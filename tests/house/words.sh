#!/bin/sh
# What may not stand in the code: calls that lose bytes or wait for time, narrow curses output, leftovers. TAP.
cd "$HOSHU_SRCDIR" || exit 99
n=0
result() {
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf '%s\n' "$2" | head -n 40 | sed 's/^/# /'
	fi
}
code() { grep -rnE "$1" --include='*.c' --include='*.h' --include='*.def' core data tui 2>/dev/null; }

echo 1..8
result "no strcpy, sprintf, strncpy, strtok, atoi, system, popen" \
	"$(code '\b(strcpy|strcat|sprintf|vsprintf|strncpy|strtok|atoi|atol|system|popen|gets|mktemp|tmpnam)\(' )"
result "wide output only: no narrow curses call" \
	"$(code '\b(mv|w|mvw)?(addn?str|addch|printw|insn?str|insch|echochar|border|box)\(')"
result "tests wait for a state, never for time" \
	"$(grep -rnE '\b(sleep|usleep|nanosleep|thrd_sleep|clock_nanosleep)\b *[( ]' --include='*.c' --include='*.h' --include='*.sh' --include='*.py' tests |
		grep -vE 'tests/house/words.sh|"[^"]*sleep|'"'"'[^'"'"']*sleep')"
result "nothing left to do later" \
	"$(grep -rnE '\b(TODO|FIXME|XXX|HACK)\b' --include='*.[ch]' --include='*.def' --include='*.sh' --include='*.am' --include='*.ac' --include='*.conf' --include='*.md' --exclude-dir=build --exclude-dir=build-aux . | grep -v tests/house/words.sh)"
result "no typedef of structs" "$(code 'typedef (struct|union|enum)')"
result "no file above 700 lines without a word on why in its header" \
	"$(find core data tui -name '*.c' | while read -r f; do [ "$(wc -l <"$f")" -le 700 ] || head -n 14 "$f" | grep -qi 'long because' || echo "$f"; done)"
result "headers have guards named after their path" \
	"$(find core data tui -name '*.h' | while read -r f; do g=$(echo "${f%.h}_H" | tr 'a-z/-' 'A-Z__'); grep -q "^#define $g\$" "$f" || echo "$f"; done)"
result "every source file begins with its contract" \
	"$(find core data tui -name '*.[ch]' | while read -r f; do head -c 2 "$f" | grep -q '/\*' || echo "$f"; done)"
