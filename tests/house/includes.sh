#!/bin/sh
# The house's floors: no include climbs, no third-party header leaves its room. TAP.
cd "$HOSHU_SRCDIR" || exit 99
n=0
result() { # result TEXT OFFENDERS
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf '%s\n' "$2" | sed 's/^/# /'
	fi
}
includes() { # includes FOLDER ...: file:line:#include of each
	grep -rnE '^[[:space:]]*#[[:space:]]*include' --include='*.c' --include='*.h' "$@" 2>/dev/null
}
outside() { # outside PATTERN FOLDER ...: includes of PATTERN in files that are not below one of the folders
	pattern=$1
	shift
	allowed=$(printf '%s|' "$@")
	includes core data tui | grep -E "[<\"]($pattern)[>\"]" | grep -vE "^(${allowed%|})"
}

echo 1..13
result "core includes nothing of data or tui" "$(includes core | grep -E '"(data|tui)/')"
result "data includes nothing of tui" "$(includes data | grep -E '"tui/')"
result "includes are written from the root" \
	"$(includes core data tui | grep '"' | grep -vE '"(core|data|tui)/|"config\.h"')"
result "core touches nothing: no system header of files, sockets, terminals, processes, clocks" \
	"$(includes core | grep -E '<(unistd|fcntl|poll|signal|termios|time|locale|dirent|dlfcn|pthread|spawn|sys/[a-z]*|netinet/[a-z]*|arpa/[a-z]*)\.h>')"
result "core calls no environment, clock, locale, file" \
	"$(grep -rnE '\b(getenv|time|clock_gettime|setlocale|fopen|printf|fputs|getrandom|localtime|gmtime)\(' --include='*.c' core | grep -vE '\b[a-z]*s?nprintf\(|/\*')"
result "sqlite3.h only in data/store" "$(outside 'sqlite3\.h' data/store/)"
result "libconfig.h only in data/contract" "$(outside 'libconfig\.h' data/contract/)"
result "libssh only in data/net" "$(outside 'libssh/[a-z]*\.h' data/net/)"
result "curses only in tui/term" "$(outside 'curses\.h|ncurses[^>"]*|term\.h' tui/term/)"
result "utf8proc and libmd only in core" "$(outside 'utf8proc\.h|sha1\.h|sha2\.h|sha256\.h|md5\.h' core/)"
result "json-c and libvterm only in tests" "$(includes core data tui | grep -E '<(json|vterm)')"
result "no SQL outside data/store" \
	"$(grep -rnE '"(SELECT|INSERT|UPDATE|DELETE|CREATE|BEGIN|PRAGMA) ' --include='*.c' --include='*.h' core data tui | grep -v '^data/store/')"
result "of data/net only net.h is included by others" \
	"$(includes core data tui | grep -vE '^data/net/' | grep -E '"data/net/' | grep -v '"data/net/net\.h"')"
