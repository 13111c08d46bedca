#!/usr/bin/env bash
# Two networks: how much precision their class decisions need, proved, and the networks in C++, tested on all 397 images.
# Usage: run.sh [HALFULP [FOLDER]]   the command (default: halfulp on the path) and the folder to write (default: a new one)
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
halfulp=${1:-halfulp}
out=${2:-$(mktemp -d)}
case "$halfulp" in */*) halfulp="$(cd "$(dirname "$halfulp")" && pwd)/$(basename "$halfulp")" ;; esac
mkdir -p "$out"
out="$(cd "$out" && pwd)"
cd "$here"

show() {
  local word
  printf '\n$'
  for word in "$@"; do
    if [[ "$word" =~ [^A-Za-z0-9_./=,:+%-] ]]; then printf ' "%s"' "$word"; else printf ' %s' "$word"; fi
  done
  printf '\n'
  "$@"
}

story() {  # NAME SHAPE DATA FEW
  local name=$1 shape=$2 data=$3 few=$4
  show "$halfulp" inspect "$name.pt" --input-shape "$shape"
  show "$halfulp" analyze "$name.pt" --input-shape "$shape" --data "$data" --labels y_test.npy --uniform "fixed<12,6>"
  show "$halfulp" tune "$name.pt" --input-shape "$shape" --data "$few" --certify 95% --evaluations 40 \
    --formats "fixed<2..16,*>" --input-format "ufixed<5,1>" -o "$out/$name.toml" --force
  show "$halfulp" emit "$name.pt" --schedule "$out/$name.toml" --backend cpp --top "$name" --data "$data" --samples 397 -o "$out/$name" --force
  show g++ -std=c++17 -O2 -Wall "$out/$name/$name.cpp" "$out/$name/${name}_tb.cpp" -o "$out/${name}_tb"
  show "$out/${name}_tb"
  show "$halfulp" check "$out/$name.toml" "$name.pt"
}

story mlp 1,64 x_test.npy x_few.npy
story conv 1,1,8,8 x_test_conv.npy x_few_conv.npy
printf '\nresults in %s\n' "$out"
