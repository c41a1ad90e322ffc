#!/bin/sh
# The Japanese catalogue is complete: every msgid of the sources has its Japanese, none is fuzzy, none has lost a place. TAP.
cd "$HOSHU_SRCDIR" || exit 99
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
n=0
result() {
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf '%s\n' "$2" | head -n 60 | sed 's/^/# /'
	fi
}
find core data tui -name '*.c' -o -name '*.h' -o -name '*.def' | sort >"$work/files"
xgettext --from-code=UTF-8 -L C -k -k_ -kN_ -kC_:1c,2 -kNC_:1c,2 -kngettext:1,2 --no-location -f "$work/files" -o "$work/all.pot" 2>"$work/log"
catalogue=po/ja.po

echo 1..5
result "xgettext reads every source" "$(grep -v 'extension .def. is unknown' "$work/log")"
msgcat "$catalogue" "$work/all.pot" --use-first --no-location -o /dev/null 2>/dev/null
msgmerge -q -N --no-location "$catalogue" "$work/all.pot" -o "$work/merged.po"
result "every msgid of the sources is translated" \
	"$(msgattrib --untranslated --no-obsolete --no-wrap "$work/merged.po" | grep '^msgid' | grep -v '^msgid ""$')"
result "nothing is fuzzy" "$(msgattrib --only-fuzzy --no-obsolete --no-wrap "$work/merged.po" | grep '^msgid')"
result "nothing is translated that no source says" \
	"$(msgattrib --only-obsolete --no-wrap "$work/merged.po" | grep '^#~ msgid')"
msgattrib --no-obsolete --no-wrap "$work/merged.po" >"$work/flat.po"
result "the places {1} {2} … of a msgid stand in its Japanese" \
	"$(awk '
		function places(s,  t, k) { t = ""; for (k = 1; k <= 5; k++) if (index(s, "{" k "}")) t = t k; return t }
		/^msgid /  { id = $0; in_id = 1; next }
		/^msgstr/  { str = $0; in_id = 0; next }
		/^"/       { if (in_id) id = id $0; else str = str $0; next }
		/^$/       { if (str != "msgstr \"\"" && places(id) != places(str)) print id; id = str = "" }
		END        { if (str != "msgstr \"\"" && places(id) != places(str)) print id }' "$work/flat.po")"
