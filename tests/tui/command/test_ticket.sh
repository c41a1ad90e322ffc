#!/bin/sh
# The verbs of tickets, notes and talks against a real store. TAP.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
export HOME="$work" XDG_DATA_HOME="$work/data" XDG_CONFIG_HOME="$work/config" XDG_STATE_HOME="$work/state" \
	XDG_CACHE_HOME="$work/cache" TZ=UTC LC_ALL=C
hoshu="$HOSHU_BUILDDIR/hoshu --lang en"
n=0
# is WHAT EXIT PATTERN VERB...: the verb's exit code, and a pattern that its output holds
is() {
	what=$1 code=$2 pattern=$3
	shift 3
	n=$((n + 1))
	out=$($hoshu "$@" 2>&1)
	rc=$?
	if [ "$rc" = "$code" ] && printf '%s\n' "$out" | grep -q -- "$pattern"; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what (exit $rc)"
		printf '%s\n' "$out" | sed 's/^/# /'
	fi
}

is "a contract is chosen" 0 . init --person sato --tag S --contract "$HOSHU_SRCDIR/data/contract/satte.conf" --language en

is "a call is noted with its guideline" 0 '#S1 opened; recovery guideline' ticket open 'system does not answer' --site honkan --caller tanaka --contact -2h
is "what has not happened cannot be recorded" 1 'future' ticket open 'tomorrow' --contact +1h
is "found by ourselves starts no clock" 0 '#S2 opened$' ticket open 'backup failed' --no-contact
is "a kind without a clock" 0 '#S3 opened$' ticket open 'a question' --kind inquiry
is "a minor fault" 0 '#S4 opened' ticket open 'paper jam' --severity minor --cause delivered --contact -1h
is "nearest guideline first" 0 '"number":"S1".*"number":"S2".*"number":"S4"' ticket list --json
is "the clock stands in it" 0 '"state":"running","judged":"no","provisional":"yes"' ticket list --json
is "CSV has a head" 0 '^number,id,kind' ticket list --csv
is "narrowed by kind" 0 '"tickets":\[{"number":"S3"' ticket list --kind inquiry --json
is "narrowed by due" 0 'S1' ticket list --due-within 47h
is "a span that is none" 1 'no span' ticket list --due-within soon
is "scopes exclude each other" 2 'exclude' ticket list --all --closed

is "taken" 0 '#S1 taken by sato' ticket take S1
is "taken once" 1 'already' ticket take S1
is "the next stage" 0 '#S1: Diagnosis' ticket stage '#s1'
is "no skipping without a reason" 1 'needs a reason' ticket stage S1 --to repair
is "a stage of another kind" 1 'has no stage' ticket stage S1 --to answer --reason x
is "skipped with a reason" 0 '#S1: Recovery work' ticket jump S1 --to repair --reason 'known fault'
is "entering it stamped the start of work" 0 '"to_work_s":7[0-9]*' ticket list --json
is "no way back without a reason" 1 'going back' ticket stage S1 --to diagnosis
is "a severe fault" 0 'S1: severity severe' ticket severity S1 --to major
is "cannot be put off" 1 'only a minor fault' ticket defer S1 --until +3d --person tanaka
is "a minor one needs to know with whom" 2 'person' ticket defer S4 --until +3d
is "and is put off" 0 '#S4 put off' ticket defer S4 --until +20d --person tanaka --conditions 'parts come'
is "the talk is kept" 0 'S-A1.*discussion.*tanaka' talk list
is "what rests on it stands" 1 '#S4 rests on it' talk cancel S-A1 --reason 'no'
is "withdrawing appends a cancellation" 0 'put off no longer' ticket undefer S4 --reason 'parts came'
is "it is in the list" 0 '"cancels":"S-A1"' talk list --json
is "a cancellation is not cancelled" 1 'cancellation itself' talk cancel S-A2 --reason x
is "nobody there is nobody invented" 0 'nobody there' talk record visit --ticket S1 --result absent
is "who agreed must have a name" 1 'names the person' talk record visit --ticket S1 --result agreed
is "a reading is discussed" 0 'recorded' consult record self-detected --result agreed --person tanaka
is "and decided" 0 'self-detected.*"state":"decided"' consult list --json
is "no reading out of nothing" 1 'no open reading' consult record weather --result pending

is "a note is internal" 0 'internal' note add S1 --text 'router replaced'
is "unless it is for the client" 0 'for the client' note add S1 S4 --text 'line works' --client
is "both have it" 0 'line works' note list S4 --client
is "the internal one stays inside" 0 '"notes":\[{[^}]*line works[^}]*}\]' note list S1 --client --json
is "an item is ticked" 0 'done: ' ticket tick S1 --item visit
is "an item of an earlier stage" 0 'done: ' ticket tick S1 --item received/who
is "no item out of nothing" 1 'has no item' ticket tick S1 --item weather

is "not closed without a cause" 1 'without its cause' ticket close S1 --reason done
is "nor without a measure" 1 'without the measure' ticket close S1 --reason done --cause fan
is "nor before it recovered" 1 'before its recovery' ticket close S1 --reason done --cause fan --measure 'new fan'
is "recovered" 0 '#S1: recovered' ticket recover S1 --at -10m
is "closed" 0 '#S1 closed' ticket close S1 --reason done --cause fan --measure 'new fan'
is "met by the clock" 0 '"state":"met"' ticket list --closed --json
is "reopened it runs on" 0 '#S1 reopened' ticket reopen S1 --reason 'it failed again'
is "with its first start" 0 '"elapsed_s":7[0-9]*' ticket show S1 --json
is "all or nothing" 1 '#S2' ticket close S3 S2 --reason tidy
is "so nothing closed" 0 '"tickets":\[\]' ticket list --closed --json
is "one takes in another" 0 '#S2 absorbed' ticket absorb S2 --into S1 --reason 'same cause'
is "not itself" 1 'itself' ticket absorb S1 --into S1
is "a recurrence is linked" 0 'linked' ticket link S4 --to S1
is "hostile text comes back harmless" 0 'opened' ticket open "$(printf 'evil \342\200\256 title')"
is "an escape is refused" 1 'control character' ticket open "$(printf 'evil \033[2J')"
is "undo takes the last step back" 0 . undo
is "no record of that number" 1 "there is no 'S99'" ticket show S99
is "the log agrees with the tables" 0 . fsck
echo "1..$n"
