#!/bin/sh
# A damaged database, as a person meets it: said, put back, and the device named anew. TAP.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
unset HOSHU_CONFIG_DIR XDG_RUNTIME_DIR NO_COLOR TMUX STY
export HOME="$work" XDG_DATA_HOME="$work/data" XDG_CONFIG_HOME="$work/config" XDG_STATE_HOME="$work/state" \
	XDG_CACHE_HOME="$work/cache" HOSHU_DATADIR="$HOSHU_SRCDIR" HOSHU_LOCALEDIR="$HOSHU_BUILDDIR/locale" LC_ALL=C.UTF-8
hoshu="$HOSHU_BUILDDIR/hoshu"
db=$work/data/hoshu/satte/records.db
n=0
said() {
	n=$((n + 1))
	if [ "$2" = 0 ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1 (exit $rc)"
		printf '%s\n' "$out" | sed 's/^/# /'
	fi
}
# is WHAT EXIT PATTERN VERB...: the verb's exit code, and a pattern that its output holds
is() {
	what=$1 code=$2 pattern=$3
	shift 3
	out=$("$hoshu" --lang en "$@" 2>&1 </dev/null)
	rc=$?
	[ "$rc" = "$code" ] && printf '%s\n' "$out" | grep -q -- "$pattern"
	said "$what" $?
}

is "init" 0 'is written' init --person sato --tag S
is "nothing to restore yet" 1 "no '" restore
is "a ticket" 0 '#S1' ticket open --title "kept"
is "a backup" 0 'verified' backup
is "it is listed as good" 0 'records-.*  good' restore --list
is "the log agrees" 0 'everything is as it was written' fsck
printf 'this is no database, and long enough to be read as a header of one, which it is not at all' >"$db"
is "damage is said with the backup's name" 1 "records.db' is damaged or missing.*records-.*hoshu restore" ticket list
[ "$(head -c 19 "$db")" = "this is no database" ]; said "and nothing was written over it" $?
is "a name from outside the folder is refused" 1 'is not the name of a backup' restore ../records.db
is "read-only may list" 0 'records-.*  good' --read-only restore --list
is "but puts nothing back" 1 "may only read: 'restore' was not done" --read-only restore
[ "$(head -c 19 "$db")" = "this is no database" ]; said "and the file is as it was" $?
is "nor does a read-only session set up" 1 "may only read: 'init' was not done" --read-only init --person suzuki --tag X
is "restore puts the newest good one back" 0 'was put back' restore
head -c 19 "$work"/data/hoshu/satte/records.db.damaged-* | grep -q 'this is no database'; said "and keeps what was there" $?
is "the ticket is back" 0 'kept' ticket list
is "writing asks for a new tag" 1 'hoshu device TAG' ticket open --title "refused"
is "a used tag is refused" 1 "'S' was used before" device s
is "a new one is taken" 0 'this device is T' device t
is "and numbers carry it" 0 '#T1' ticket open --title "after"
is "the log agrees again" 0 'everything is as it was written' fsck
is "undo" 0 'taken back' undo
is "redo" 0 '' redo
is "the ticket is there again" 0 'T1' ticket list
echo "1..$n"
