#!/usr/bin/env bash
# The whole study of experiments/grid.toml by restudy and as others write it: CPU seconds, by turns, and their medians as ratios.
#
#   benches/peers/run.sh [ROUNDS]      3 without it
#
# Everybody trains the 720 runs and measures loss and error on both parts of the data after every epoch, on one thread. The time of
# restudy also holds what the others leave out: digests, tables, statistics, figures, the report.
#
# To add a peer: its source in a folder beside this script, its name in `peers`, and two functions: build_NAME, which fails if the
# peer cannot be had here, and run_NAME, which does the study and prints what it found. Work files go to $work.
set -euo pipefail
cd "$(dirname "$0")/../.."

rounds=${1:-3}
peers=(restudy c c-fast-math)

build_restudy() { cargo build --quiet --locked; }
run_restudy() {
  rm -rf "$work/results"
  target/debug/restudy sweep experiments/grid.toml --results "$work/results" --threads 1 --progress none
}

build_c() { gcc -O3 -march=native -o "$work/c" benches/peers/c/sgd.c -lm; }
run_c() { "$work/c"; }

build_c-fast-math() { gcc -O3 -march=native -ffast-math -o "$work/c-fast-math" benches/peers/c/sgd.c -lm; }
run_c-fast-math() { "$work/c-fast-math"; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

here=()
for peer in "${peers[@]}"; do
  if "build_$peer" 2>"$work/build"; then
    here+=("$peer")
  elif [[ $peer == restudy ]]; then
    cat "$work/build" >&2
    exit 1
  else
    echo "left out: $peer cannot be built here: $(tail -n 1 "$work/build")"
  fi
done

# Adds the CPU seconds of one run to the times of its peer.
measure() {
  local TIMEFORMAT='%U %S'
  if ! { time "run_$1" >"$work/$1.out" 2>"$work/$1.err"; } 2>"$work/time"; then
    cat "$work/$1.err" >&2
    exit 1
  fi
  awk '{ print $1 + $2 }' "$work/time" >>"$work/$1.times"
}

for ((round = 1; round <= rounds; round++)); do
  for peer in "${here[@]}"; do
    measure "$peer"
    printf 'round %d of %d  %-14s %7.2f s\n' "$round" "$rounds" "$peer" "$(tail -n 1 "$work/$peer.times")"
  done
done

median() { sort -n "$work/$1.times" | awk '{ t[NR] = $1 } END { print (t[int((NR + 1) / 2)] + t[int((NR + 2) / 2)]) / 2 }'; }

ours=$(median restudy)
printf '\n%-14s %10s %10s %10s\n' "CPU seconds" median fastest ratio
for peer in "${here[@]}"; do
  middle=$(median "$peer")
  ratio=$(awk -v a="$middle" -v b="$ours" 'BEGIN { printf "%.2f", a / b }')
  printf '%-14s %10.2f %10.2f %10s\n' "$peer" "$middle" "$(sort -n "$work/$peer.times" | head -n 1)" "$ratio"
done
