#!/bin/sh
# make bench: figures, never verdicts. Each table compares hoshu with a peer in the same run, so that ratios hold on a noisy machine.
# Wants: the programs of this build (no sanitizers), and htop, tig, ssh, xargs where a peer is to be shown.
set -eu
build=$HOSHU_BUILDDIR
work=$(mktemp -d /tmp/hoshu-bench-XXXXXX)
trap 'rm -rf "$work"' EXIT INT TERM
runs=${RUNS-11}

echo "machine: $(nproc) cores, $(uname -sr), load $(cut -d' ' -f1-3 /proc/loadavg)"

echo
echo "== a full-screen program: exec to first meaningful paint, key to first and last byte, CPU and memory of the whole run"
printf '%-12s %8s %10s %10s %8s %8s %10s %10s\n' program paint_ms key_ms last_ms bytes cpu_ms peak_KiB wakes/min
"$build/hoshu" --config "$work/config" --data "$work/data" init --person bench --tag S --contract satte >/dev/null
mkdir -p -m 0700 "$work/data/satte"
"$build/tests/bench/make-tickets" "$work/data/satte" 100000 >"$work/store.log"
HOSHU_LANG=en "$build/tests/bench/bench-console" "$runs" j 'S99' -- \
	"$build/hoshu" --config "$work/config" --data "$work/data" || true
down=$(printf '\033[B')
for peer in htop tig; do
	command -v $peer >/dev/null || { echo "$peer: not installed"; continue; }
	case $peer in
	htop) "$build/tests/bench/bench-console" "$runs" "$down" 'Mem' -- htop || true ;;
	tig) (cd "$HOSHU_SRCDIR" && "$build/tests/bench/bench-console" "$runs" j "$(git log -1 --format=%an | cut -c1-8)" -- tig) || true ;;
	esac
done

echo
echo "== the store with 100,000 tickets"
cat "$work/store.log"

echo
echo "== 250 hosts over SSH (one loopback sshd under 250 names)"
"$build/tests/bench/bench-net" || true
