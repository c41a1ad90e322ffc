#!/bin/sh
# make soak: what is too long for every submission. Kills and writes by the ten thousand, then every fuzzer for SOAK_SECONDS (600)
# each, on its corpus; what a fuzzer finds is left in soak/. Ends by itself; the first failure ends it.
set -eu
seconds=${SOAK_SECONDS-600}
cd "$HOSHU_BUILDDIR"

echo "== kills"
HOSHU_KILLS=${HOSHU_KILLS-10000} tests/whole/test_kills
echo "== several at once"
HOSHU_WRITES=${HOSHU_WRITES-20000} tests/whole/test_together

echo "== fuzzers, $seconds s each"
mkdir -p soak
cd soak
[ -f Makefile ] || "$HOSHU_SRCDIR/configure" CC=clang CFLAGS='-g -O1 -fsanitize=fuzzer-no-link' --enable-sanitizers --quiet
${MAKE-make} fuzzers
for kind in contract frames input probe text; do
	mkdir -p "found/$kind"
	"tests/fuzz/fuzz_$kind" -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=2048 \
		-artifact_prefix="found/$kind/" "found/$kind" "$HOSHU_SRCDIR/tests/fuzz/corpus/$kind"
done
echo "nothing was found"
