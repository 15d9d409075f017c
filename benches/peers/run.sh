#!/usr/bin/env bash
# Compares restudy with other implementations on the whole study of experiments/grid.toml: CPU seconds, in alternating
# rounds, and ratios of medians.
#
#   benches/peers/run.sh [ROUNDS] [PEER ...]      default: 3 rounds of all peers
#
# All train on the same points with one example in each step, measure loss and error on both splits of the data after
# every epoch, and use one
# thread. restudy and C run the whole study, 720 runs of 100 epochs; the time of restudy includes digests, tables,
# statistics, figures and the
# report, which the others do not have. Peers in Python run a share of the study, which their files give, and their time
# is scaled up;
# compilation is not counted. The last column shows that each of them learns.
#
# To add a peer, add its source to this folder, its name to `peers`, and two functions: build_NAME, which fails if the
# peer is not available,
# and run_NAME, which prints its CPU seconds for the whole study, its final training error in percent with 7 hidden
# units at rate 0.02, and the
# number of its epochs. Work files go to $work.
set -euo pipefail
cd "$(dirname "$0")/../.."

rounds=${1:-3}
shift || true
peers=(restudy c c-fast-math jax-vmap jax-scan numpy numpy-derived scikit-learn pytorch)
if [ $# -gt 0 ]; then peers=(restudy "$@"); fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
points=$work/points.csv
venv=target/peers
python=$venv/bin/python
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 XLA_FLAGS="--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

# Prints the CPU seconds of a command; its output goes to a file.
seconds() {
  local TIMEFORMAT='%U %S' out=$1
  shift
  { time "$@" >"$out" 2>"$out.err"; } 2>"$work/time" || { cat "$out.err" >&2; return 1; }
  awk '{ print $1 + $2 }' "$work/time"
}

build_restudy() { cargo build --quiet --locked; }
run_restudy() {
  rm -rf "$work/results"
  local spent
  spent=$(seconds "$work/restudy.out" target/debug/restudy sweep experiments/grid.toml --results "$work/results" --threads 1 --progress none)
  # trial, hidden, rate, runs, six statistics of the loss, mean training error
  echo "$spent $(awk -F, '$2 == 7 && $3 == 0.02 { print 100 * $11 }' "$work/results/grid/summary.csv") 100"
}

c() { # name, then options of the compiler
  gcc -O3 -march=native "${@:2}" -o "$work/$1" benches/peers/c/sgd.c -lm
}
run_compiled() {
  local spent
  spent=$(seconds "$work/$1.out" "$work/$1" "$points")
  echo "$spent $(awk '$1 == 7 && $2 == 0.02 { print $3 }' "$work/$1.out") 100"
}
build_c() { c c; }
run_c() { run_compiled c; }
build_c-fast-math() { c c-fast-math -ffast-math; }
run_c-fast-math() { run_compiled c-fast-math; }

# Installs a Python module once, into a separate environment. PyTorch is large, and used only if Python has it already.
needs() {
  [ -x "$python" ] || python3 -m venv --system-site-packages "$venv" || return
  "$python" -c "import $1" 2>/dev/null && return
  [ "$1" != torch ] || { echo 'it is large, so it is used only if Python has it already'; return 1; }
  "$venv/bin/pip" install --quiet "$2"
}
python() {
  PYTHONPATH=benches/peers/python "$python" "benches/peers/python/$1.py" "$points" 2>"$work/$1.err" >"$work/$1.out" || { cat "$work/$1.err" >&2; return 1; }
  "$python" -c 'import json, sys; found = json.loads(sys.stdin.readlines()[-1]); print(found["seconds"], round(found["error"], 2), found["epochs"])' <"$work/$1.out"
}
build_numpy() { needs numpy numpy; }
run_numpy() { python numpy_clean; }
build_numpy-derived() { needs numpy numpy; }
run_numpy-derived() { python numpy_derived; }
build_jax-scan() { needs jax jax; }
run_jax-scan() { python jax_scan; }
build_jax-vmap() { needs jax jax; }
run_jax-vmap() { python jax_vmap; }
build_scikit-learn() { needs sklearn scikit-learn; }
run_scikit-learn() { python scikit_learn; }
build_pytorch() { needs torch torch; }
run_pytorch() { python pytorch; }

available=()
for peer in "${peers[@]}"; do
  if "build_$peer" >"$work/build" 2>&1; then
    available+=("$peer")
  elif [[ $peer == restudy ]]; then
    cat "$work/build" >&2
    exit 1
  else
    echo "skipped: $peer is not available: $(tail -n 1 "$work/build")"
  fi
done
cargo run --quiet --locked --example points >"$points"

for ((round = 1; round <= rounds; round++)); do
  for peer in "${available[@]}"; do
    "run_$peer" >>"$work/$peer.times"
    printf 'round %d of %d  %-14s %10.2f s\n' "$round" "$rounds" "$peer" "$(tail -n 1 "$work/$peer.times" | cut -d' ' -f1)"
  done
done

median() { sort -n "$work/$1.times" | awk '{ t[NR] = $1 } END { print (t[int((NR + 1) / 2)] + t[int((NR + 2) / 2)]) / 2 }'; }

ours=$(median restudy)
printf '\n%-14s %12s %12s %10s   %s\n' "CPU seconds" median fastest ratio "training error at h = 7, rate 0.02"
for peer in "${available[@]}"; do
  middle=$(median "$peer")
  ratio=$(awk -v a="$middle" -v b="$ours" 'BEGIN { printf "%.2f", a / b }')
  read -r _ error epochs < <(tail -n 1 "$work/$peer.times")
  printf '%-14s %12.2f %12.2f %10s   %s %% after %s epochs\n' "$peer" "$middle" "$(sort -n "$work/$peer.times" | head -n 1 | cut -d' ' -f1)" "$ratio" "$error" "$epochs"
done
