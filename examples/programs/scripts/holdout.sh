#!/usr/bin/env bash
# Classify by the nearest class mean: how many rows does it need?
#
#   ./holdout.sh [-n ROWS] [-s SEED] FILE.csv
#
# The label is the last column; 100 rows are held out.
set -euo pipefail

rows=50 seed=1
while getopts "n:s:h" option; do
  case $option in
    n) rows=$OPTARG ;;
    s) seed=$OPTARG ;;
    *) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 1 ;;
  esac
done
shift $((OPTIND - 1))
file=${1:?no file given}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tail -n +2 "$file" | shuf --random-source=<(yes "$seed") > "$work/shuffled.csv"
head -n 100 "$work/shuffled.csv" > "$work/test.csv"
sed -n "101,$((100 + rows))p" "$work/shuffled.csv" > "$work/train.csv"

echo "training on $(wc -l < "$work/train.csv") rows, testing on $(wc -l < "$work/test.csv")" >&2
accuracy=$(awk -F, '
  NR == FNR { n[$NF]++; for (i = 1; i < NF; i++) { sum[$NF, i] += $i; all[i] += $i; square[i] += $i * $i }; rows++; next }
  FNR == 1  { for (i = 1; i < NF; i++) { m = all[i] / rows; v = square[i] / rows - m * m; scale[i] = v > 0 ? v : 1 } }
  { best = ""
    for (label in n) {
      d = 0
      for (i = 1; i < NF; i++) { e = $i - sum[label, i] / n[label]; d += e * e / scale[i] }
      if (best == "" || d < least) { best = label; least = d }
    }
    right += best == $NF }
  END { printf "%.4f", right / FNR }' "$work/train.csv" "$work/test.csv")

printf '{"accuracy": %s}\n' "$accuracy"
