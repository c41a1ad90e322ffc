#!/bin/sh
# The verbs of patches, stops, inventory checks, terminals, loans, staff and deliverables against a real store. TAP.
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
day() { date -u -d "$1 days" +%Y-%m-%d; }

is "a contract is chosen" 0 . init --person sato --tag S --contract "$HOSHU_SRCDIR/data/contract/satte.conf" --language en

is "a fix is recorded" 0 'S-P1' patch add openssl --hosts ap --target 3.0.7-27 --significance yes --restart stop --advisory CVE-1
is "the backlog shows it" 0 'S-P1.*#>-------' patch list
is "stages come one after another" 1 'one after another' patch step proposed S-P1
is "a jump wants an emergency" 1 'one after another' patch step done S-P1 --action applied
is "effects are checked" 0 'S-P1' patch step assessed S-P1
is "a report names who heard it" 0 'S-P1' patch step reported S-P1 --person tanaka --means mail
is "the proposal" 0 'S-P1' patch step proposed S-P1 --text "tonight"
is "the discussion" 0 'S-P1' patch step discussed S-P1 --person tanaka
is "no agreement without a person" 2 'person' patch agree S-P1
is "no agreement out of nothing" 1 'no agreement' patch step agreed S-P1
is "nobody there is recorded" 0 'still owed' patch agree S-P1 --person tanaka --result absent
is "which agrees to nothing" 1 'no agreement' patch step agreed S-P1
is "the agreement" 0 'S-P1' patch agree S-P1 --person tanaka --means phone
is "a plan wants a stop" 1 'name the planned stop' patch step planned S-P1
is "a stop in business hours is flagged" 1 '07:30-20:00' stop add planned openssl --service webopac --from "$(day 2) 12:00" --to "$(day 2) 13:00"
is "nothing of it was saved" 0 '"stops":\[\]' stop list --json
is "with a reason it is kept" 0 'S-T1' stop add planned openssl --service webopac --from "$(day 2) 12:00" --to "$(day 2) 13:00" --in-hours --reason "library closed"
is "an emergency stop is saved at once" 0 'owed' stop add emergency power --service webopac --from now --reason "power cut"
is "an emergency stop is no plan" 1 'not a planned' patch step planned S-P1 --stop S-T2
is "the plan names a stop" 0 'S-P1' patch step planned S-P1 --stop S-T1
is "done" 0 'S-P1' patch step done S-P1 --action applied
is "not confirmed without a look" 1 'ap1' patch step verified S-P1
is "an old version" 0 'ap1' patch host-version S-P1 ap1 3.0.7-16 --reboot-pending no
is "does not confirm" 1 'ap1' patch step verified S-P1
is "a host of another group is refused" 1 'not in the group' patch host-version S-P1 db1 3.0.7-27 --reboot-pending no
is "a reboot that is pending" 0 'ap1' patch host-version S-P1 ap1 3.0.7-27 --reboot-pending yes
is "does not confirm either" 1 'ap1' patch step verified S-P1
is "all shown" 0 'ap1' patch host-version S-P1 ap1 3.0.7-27 --reboot-pending no
is "confirmed" 0 'S-P1' patch step verified S-P1
is "it left the backlog" 0 '"patches":\[\]' patch list --json
is "its history stands" 0 'verified' patch show S-P1
is "an emergency jumps" 0 'S-P2' patch add curl --hosts ap --target 8 --significance yes
is "only with a reason" 1 'reason' patch step done S-P2 --action applied --emergency
is "and leaves steps owed" 0 'S-P2' patch step done S-P2 --action applied --emergency --reason exploited
is "visibly" 0 '#!!!!!!#>' patch list
is "which a judgement may lift" 0 'S-P2' patch judge no S-P2 --reason "not reachable"
is "and bring back" 0 'S-P2' patch judge yes S-P2 --reason "reachable after all"
is "many at once, or none" 0 'S-P3' patch add bash --hosts ap --target 5 --significance yes
is "one refuses for all" 1 'reason' patch step assessed S-P3 S-P2 S-P2
is "so nothing moved" 0 '"number":"S-P3".*"stage":"published"' patch list --json
is "CSV" 0 '^S-P3,ap,bash' patch list --csv

is "no inventory check yet" 1 'inventory new' inventory show
is "it begins with all sites" 0 '6 site' inventory new --from "$(day 5)" --to "$(day 9)" --return "$(day 12)"
is "once a year" 1 'already' inventory new --from "$(day 5)" --to "$(day 6)"
is "figures of a site" 0 . inventory site honkan --from "$(day 5)" --to "$(day 7)" --books 142310 --hours 8
is "days the wrong way round" 1 'before the first' inventory site honkan --from "$(day 7)" --to "$(day 5)"
is "below zero" 1 'below zero' inventory site honkan --books -1
is "terminals needed are rounded up" 0 '"terminals":6' inventory show --json
is "nobody attends: a warning" 0 'nobody attends' inventory review
is "attendance" 0 . inventory attend sato honkan kahinata
is "a phase asks for its check list" 1 '4 item' inventory phase prepare honkan
is "a tick" 0 . inventory tick dates honkan
is "ticks count" 0 '"ticked":"1/4"' inventory show --json
is "a tick is taken back" 0 . inventory tick dates honkan --undo
is "an unknown item" 1 'no item' inventory tick nothing honkan
is "or a reason" 0 . inventory phase prepare honkan --reason "tomorrow"
is "the dates are not agreed: owed" 0 'not agreed' inventory review
is "the agreement names a person" 2 'person' inventory agree
is "agreed" 0 . inventory agree --person tanaka
is "agreed, and shown so" 0 '"site":"honkan".*"agreed":"yes"' inventory show --json
is "other days are not agreed" 0 . inventory site honkan --to "$(day 8)"
is "and shown so" 0 '"site":"honkan"[^}]*"agreed":"no"' inventory show --json
is "ten terminals" 0 '10 terminal' terminal add HT01 HT02 HT03 HT04 HT05 HT06 HT07 HT08 HT09 HT10
is "a code once" 1 'already' terminal add ht01
is "ten lent in one go" 0 '10 terminal' loan out --site honkan --received-by yamada HT01 HT02 HT03 HT04 HT05 HT06 HT07 HT08 HT09 HT10
is "not twice" 1 'lent already' loan out --site higashi --received-by yamada HT01
is "not retired while lent" 1 'lent' terminal retire HT01
is "back with scans: said and kept" 0 'still owed.*HT01 HT02' loan in --returned-by yamada HT01 HT02
is "it stays owed" 0 'HT01 came back with scans not imported' inventory review
is "imported" 0 '2 terminal' loan imported HT01 HT02
is "wiped" 0 '2 terminal' loan wiped HT01 HT02
is "nothing is owed of it any more" 0 '"terminal":"HT01"[^}]*"owed":""' loan list --json
is "retired" 0 . terminal retire HT01
is "and not lent again" 1 'retired' loan out --site honkan --received-by yamada HT01
is "closing needs the city" 2 'person' inventory close
is "and finished sites, or a reason" 1 'last phase' inventory close --person tanaka
is "closed" 0 'closed' inventory close --person tanaka --reason "flood"
is "closed stays closed" 1 'closed' inventory attend sato honkan
is "nothing is lent after it" 1 'no inventory check is open' loan out --site honkan --received-by yamada HT02

is "one manager" 0 'engineer(s), 2 are needed' staff add "Takahashi" --role pm
is "an engineer says whether dedicated" 1 'dedicated' staff add "Sato" --role engineer
is "two engineers" 0 '1 engineer' staff add "Sato" --role engineer --dedicated yes
is "make the rule whole" 0 'added' staff add "Suzuki" --role engineer --dedicated yes
is "a second manager breaks it" 0 '2 project managers' staff add "Ito" --role pm --from "$(day 3)"
is "ending mends it" 0 'saved' staff end Ito --on "$(day 4)"
is "a meeting" 0 . meeting held "$(day -1) 14:00"
is "minutes are due from it" 0 '"kind":"minutes"[^}]*"state":"near"' deliverable list --json
is "submitted" 0 'submitted' deliverable submit minutes --receiver tanaka --means mail
is "and shown so" 0 '"kind":"minutes"[^}]*"state":"done"' deliverable list --json
is "an unknown deliverable" 1 'nothing of' deliverable submit poems --receiver tanaka
is "read-only refuses" 1 'only read' --read-only patch add zlib --hosts ap
is "the log folds back to the rows" 0 'as it was written' fsck
echo "1..$n"
