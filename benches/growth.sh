#!/bin/sh
# Measures studies of 100,000 short runs, with many trials and with many seeds, and compares 1,000, 10,000 and 100,000
# trials.
# Prints tables; needs GNU time.
#
#     benches/growth.sh [BINARY]          default: target/debug/restudy, the dev profile of `cargo run`
#     PARTS=trials benches/growth.sh      only the comparison of numbers of trials; PARTS=runs: only the rest
#
# A run is 40 steps on 20 points, so that the overhead around the training dominates. "training alone" is the same runs
# in the same groups
# through the library (benches/growth.rs); the additional time of a sweep is its overhead. CPU seconds are of all
# threads together; on an
# idle machine the elapsed time is shorter, since two thirds of the work run on all threads.
set -eu
cd "$(dirname "$0")/.."
binary=$(realpath "${1:-target/debug/restudy}")
repository=$PWD
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"

specification() { # name, axes, seeds, figures
    cat > "$1.toml" <<TOML
[study]
question = "How does a study grow?"
[data.double-moon]
train = 20
validation = 20
[train]
epochs = 2
[sweep]
"model.hidden" = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
$2
seeds = $3
$4
TOML
}
rates='"train.learning-rate" = { from = 0.001, to = 1, steps = 100, scale = "log" }'
figure='[figures.errors]
final = { metric = "error", by = "model.hidden" }'
specification trials "$rates" 100 "$figure"
specification seeds "" 10000 "$figure"
# Without a table of figures, a study has several, with a mark for every run.
specification figures "$rates" 100 ""

measure() { # label, command...
    label=$1
    shift
    /usr/bin/time -o time -f "%e %U %S %M" "$@" > out 2> err || { cat err; exit 1; }
    read -r wall user system memory < time
    awk -v l="$label" -v w="$wall" -v c="$user" -v s="$system" -v m="$memory" \
        'BEGIN { printf "%-58s %7.2f s  %7.2f CPU s  %5.0f MB\n", l, w, c + s, m / 1024 }'
}

runs() {
    for study in trials seeds figures; do
        echo "== $study: $("$binary" check $study.toml)"
        echo "training alone: $(cd "$repository" && cargo bench --quiet --offline --profile dev --bench growth -- "$place/$study.toml" 2> /dev/null || echo "not measured")"
        measure "sweep" "$binary" sweep $study.toml --progress none
        measure "sweep, nothing to do" "$binary" sweep $study.toml --progress none
        measure "plan" "$binary" plan $study.toml
        measure "status" "$binary" status results/$study
        measure "show, all trials" "$binary" show results/$study
        measure "show --where hidden=7 --where outcome=completed" "$binary" show results/$study --where hidden=7 --where outcome=completed
        measure "show --runs --where hidden=7 --where 'train-error<0.1'" "$binary" show results/$study --runs --where hidden=7 --where "train-error<0.1"
        measure "verify --sample 100" "$binary" verify results/$study --sample 100 --progress none
        echo "files: $(find results/$study -type f | wc -l), $(du -sm results/$study | cut -f1) MB"
    done
}

# One seed and one epoch: this measures the cost of a trial. "axis" has one axis, "grid" two. In "random" no value
# occurs twice, so a figure by
# an axis would have a line for each trial, and a map of both axes the square of this number of cells.
#
# CPU seconds of 1,000, 10,000 and 100,000 trials, dev profile, on a busy machine with two processors (in brackets:
# before figures were bounded
# and lists of one value needed no draws; "-": stopped after two minutes):
#
#     kind     command     1,000          10,000          100,000
#     axis     sweep       0.36 (0.94)    1.02 (7.64)     11.6
#              report      0.36 (0.92)    0.63 (7.41)      6.1
#              show        0.03 (0.11)    0.26 (1.11)      3.0
#              plan        0.01 (0.01)    0.15 (0.17)      1.6
#              status      0.01 (0.01)    0.09 (0.08)      1.2
#              verify      0.32 (0.93)    0.96 (7.79)     not measured
#     grid     sweep       0.48 (0.77)    1.25 (5.58)     9.9
#              report      0.40 (0.70)    0.89 (5.37)     5.0
#              verify      0.39 (0.73)    1.21 (5.62)     9.9
#     random   sweep       0.66 (8.62)    2.87 (-)        26.9
#              report      0.54 (7.27)    1.43 (-)        13.6
#              verify      0.67 (7.44)    2.46 (-)        22.8
trials() {
    for count in 1000 10000 100000; do
        tenth=$((count / 10))
        log() { echo "\"train.learning-rate\" = { from = 0.001, to = 1, steps = $1, scale = \"log\" }"; }
        single() { # name, axes
            cat > "$1.toml" <<TOML
[study]
question = "What does a trial cost?"
[data.double-moon]
train = 20
validation = 20
[model]
hidden = 1
[train]
epochs = 1
[sweep]
seeds = 1
$2
TOML
        }
        single axis$count "$(log $count)"
        single grid$count "\"data.double-moon.noise\" = { from = 0.1, to = 1, steps = 10 }
$(log $tenth)"
        single random$count "random = { trials = $count }
\"train.learning-rate\" = { log-uniform = [1e-3, 1] }
\"data.double-moon.noise\" = { uniform = [0, 1] }"
        for kind in axis grid random; do
            study=$kind$count
            echo "== $kind, $count trials"
            measure "sweep" "$binary" sweep $study.toml --progress none
            measure "report" "$binary" report results/$study
            measure "figures" "$binary" figures results/$study
            measure "show" "$binary" show results/$study
            measure "plan" "$binary" plan $study.toml
            measure "status" "$binary" status results/$study
            measure "verify" "$binary" verify results/$study --progress none
        done
    done
}

case ${PARTS:-all} in
    runs) runs ;;
    trials) trials ;;
    *) runs; trials ;;
esac
