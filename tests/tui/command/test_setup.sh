#!/bin/sh
# init, check and the verbs of the contract, as a person meets them. TAP.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
unset HOSHU_CONFIG_DIR XDG_RUNTIME_DIR NO_COLOR TMUX STY
export HOME="$work" XDG_DATA_HOME="$work/data" XDG_CONFIG_HOME="$work/config" XDG_STATE_HOME="$work/state" \
	XDG_CACHE_HOME="$work/cache" HOSHU_DATADIR="$HOSHU_SRCDIR" HOSHU_LOCALEDIR="$HOSHU_BUILDDIR/locale" LC_ALL=C.UTF-8
conf=$work/config/hoshu/hoshu.conf
hoshu="$HOSHU_BUILDDIR/hoshu"
lang=en
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
	out=$("$hoshu" --lang $lang "$@" 2>&1 </dev/null)
	rc=$?
	[ "$rc" = "$code" ] && printf '%s\n' "$out" | grep -q -- "$pattern"
	said "$what" $?
}
# has WHAT PATTERN: of the output before
has() {
	printf '%s\n' "$out" | grep -q -- "$2"
	said "$1" $?
}

is "check before init names the next step" 1 "run 'hoshu init'" check
is "without a terminal init wants arguments" 2 'init needs --person NAME and --tag LETTERS' init
is "a wrong tag is said and nothing is written" 1 "'tag' takes one to three capital letters" init --person sato --tag s1
[ ! -e "$conf" ]; said "no file came of it" $?
is "an unknown contract is said" 1 "there is no contract 'nowhere'; give a path, or one of: satte" init --person sato --tag S --contract nowhere
printf 'id = 1;\n' >"$work/broken.conf"
is "a broken contract is refused" 1 "broken.conf:1: 'id' takes an id" init --person sato --tag S --contract "$work/broken.conf"
is "init writes" 0 "hoshu.conf' is written" init --person 佐藤 --tag S
[ "$(stat -c %a "$conf")" = 600 ]; said "for its owner alone" $?
is "init again says so and leaves it" 0 'is there already and was left as it is' init --person 佐藤 --tag S
before=$(cat "$conf")
is "other answers do not overwrite" 1 'edit it, or run init with --replace' init --person 鈴木
[ "$before" = "$(cat "$conf")" ]; said "the file is as it was" $?
is "--replace changes what is asked" 0 'is written' init --person 鈴木 --theme light --replace
grep -q '^person = "鈴木"' "$conf" && grep -q '^tag = "S"' "$conf" && grep -q '佐藤' "$conf.old"; said "and keeps the rest, and the old file" $?

is "check finds what is left to do" 1 '15 hosts are placeholders' check
has "the contract is whole" 'Satte City Library'
has "every theme is looked at" "'high-contrast' (High contrast) is complete"
has "the locale is told" 'locale C.UTF-8, UTF-8, language en'
has "the disk is looked at" '^[ !?] [a-z]* *disk '
is "check speaks JSON" 1 '"state":"warn","area":"contract"' check --json
lang=ja
is "check speaks Japanese" 1 '要確認' check
lang=en
chmod 620 "$conf"
is "a file that others may write is found" 1 "others may write it; run: chmod 600" check
is "and used by no verb" 1 'others may write it' ticket list
chmod 600 "$conf"

sed -e 's/id = "ap1"; name = \(.*\) probe = false;/id = "ap1"; name = \1 address = "192.0.2.1"; user = "care"; key_file = "~\/key";/' \
	"$HOSHU_SRCDIR/data/contract/satte.conf" >"$work/own.conf"
is "a filled-in host" 0 "is written" init --contract "$work/own.conf" --replace
is "a missing key is found" 1 "ap1: there is no key file '$work/key'" check
has "14 hosts wait" '14 hosts are placeholders'
: >"$work/key"; chmod 644 "$work/key"
is "a key that others may read is found" 1 "ap1: others may read '$work/key'" check
has "with the command to mend it" "chmod 600 '$work/key'"
chmod 600 "$work/key"
is "a good key is fine" 1 "'$work/key' is readable by you alone" check
is "a record makes the database" 0 . ticket open --title trial --site honkan
is "the database is looked at" 1 'records.db: [0-9]* changes' check
has "a host without a pin is found" 'ap1: no key is trusted yet'
mkdir -p "$work/config/hoshu/themes"
sed 's/fg = 245/fg = 999/' "$HOSHU_SRCDIR/themes/dark.conf" >"$work/config/hoshu/themes/own.conf"
is "a broken theme of one's own is found" 1 "own.conf:[0-9]*: 'fg' takes a colour: 0 to 255" check

is "show has the sites" 0 '幸手市香日向 4-5-1 旧香日向小学校 1F' contract show
has "and the hours" '07:30-20:00'
is "show speaks JSON" 0 '"sites":\[{"number":1,"site":"honkan"' contract show --json
is "a whole file passes" 0 'is a whole contract' contract check "$work/own.conf"
is "an installed one by name" 0 'is a whole contract' contract check satte
printf 'id = "x";\nzoen = 1;\nterm = 4;\n' >"$work/broken.conf"
is "every mistake is listed" 1 "broken.conf:2: there is no setting 'zoen' here; did you mean 'zone'?" contract check "$work/broken.conf"
has "also the next" "broken.conf:3: 'term' takes settings in braces: { .. }; found 4"
is "in JSON with its line" 1 '"line":2,"complaint":' contract check "$work/broken.conf" --json
is "a missing file is said" 1 'there is no such file' contract check "$work/none.conf"
is "settings are listed" 0 'services.window.from' contract settings contract
is "of hoshu.conf too" 0 'ui.ambiguous .*auto, narrow, wide' contract settings hoshu.conf
echo 'x = 1;' >>"$conf"
is "a broken hoshu.conf stops verbs with every mistake" 1 "hoshu.conf:[0-9]*: there is no setting 'x' here" ticket list
has "and says what to run" "'hoshu check' lists them"
is "check still runs" 1 "there is no setting 'x' here" check
echo "1..$n"
