#!/bin/sh
# A function that a program exports takes the place of a library's own function of the same name, inside that library too. TAP.
cd "$HOSHU_BUILDDIR" || exit 99
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
exports() { # exports FILE: names that it defines for others; not those that every linker makes, nor libc's environ
	nm -D --defined-only "$1" | awk 'NF == 3 { sub(/@.*/, "", $3); print $3 }' |
		grep -vxE '__bss_start|_edata|_end|_init|_fini|_start|__data_start|data_start|environ|__environ|_environ' | sort -u
}
copied() { # copied FILE: a library's variables that the linker placed in the program
	readelf -rW "$1" | awk '$3 ~ /_COPY$/ { sub(/@.*/, "", $5); print $5 }' | sort -u
}
taken() { # taken FILE: names of ours that a library it loads has too
	exports "$1" >"$scratch/ours"
	copied "$1" >"$scratch/copied"
	ldd "$1" | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | while read -r library; do exports "$library"; done | sort -u >"$scratch/theirs"
	[ -s "$scratch/theirs" ] || echo "no library was looked at"
	comm -12 "$scratch/ours" "$scratch/theirs" | comm -23 - "$scratch/copied"
}
n=0
result() { # result TEXT HAVE WANT
	n=$((n + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf '%s\n' "$2" | sed 's/^/# /'
	fi
}

echo 1..2
result "hoshu takes no library's name but wcwidth, by which ncurses measures" "$(taken hoshu)" wcwidth
result "hoshu-net takes no library's name" "$(taken hoshu-net)" ""
