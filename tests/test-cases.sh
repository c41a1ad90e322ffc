#!/bin/sh
# TAP: every case file under tests/ passes, and a file with a wrong expectation is seen to fail.
run=$HOSHU_BUILDDIR/tests/run-cases
dir=$HOSHU_SRCDIR/tests/core
spoiled=$HOSHU_BUILDDIR/tests/spoiled-cases
n=0

result() { # result EXPECTED-EXIT KIND FILE NAME
	n=$((n + 1))
	out=$("$run" "$2" "$3" 2>&1)
	code=$?
	if [ "$code" -eq "$1" ]; then
		echo "ok $n - $4: $(printf '%s\n' "$out" | tail -n 1)"
	else
		echo "not ok $n - $4: exit $code"
		printf '%s\n' "$out" | grep -v '^ok ' | sed 's/^/# /'
	fi
}

spoil() { # spoil KIND FILE SED-SCRIPT
	sed "$3" "$2" >"$spoiled" && result 1 "$1" "$spoiled" "$1 sees a wrong expectation"
}

echo 1..8
result 0 holidays "$dir/calendar/holidays.csv" holidays
result 0 business-days "$dir/calendar/bizday-cases.csv" business-days
result 0 wareki "$dir/calendar/wareki-cases.csv" wareki
result 0 recovery-clock "$dir/ticket/sla-cases.json" recovery-clock
spoil holidays "$dir/calendar/holidays.csv" 's/^2026-05-06/2026-05-07/'
spoil business-days "$dir/calendar/bizday-cases.csv" 's/^2026-04-15,水,5,2026-04-22/2026-04-15,水,5,2026-04-23/'
spoil wareki "$dir/calendar/wareki-cases.csv" 's/令和元年5月/令和1年5月/'
spoil recovery-clock "$dir/ticket/sla-cases.json" 's/"elapsed_s": *82800/"elapsed_s": 82801/'
rm -f "$spoiled"
