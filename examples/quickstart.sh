#!/usr/bin/env bash
# From a TorchScript model to proved number formats and a C++ network that keeps them, in six commands.
# Builds into build/quickstart and leaves its results there. Usage: examples/quickstart.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build=build/quickstart
results=$build/results
model=examples/digits/mlp.pt
data=examples/digits/x_few.npy
halfulp=$build/apps/halfulp/halfulp
export HALFULP_RULES="$PWD/rules"  # an installed halfulp finds its own

step() { printf '\n== %s\n' "$1"; }
show() {
  local word
  printf '$'
  for word in "$@"; do
    if [[ "$word" =~ [^A-Za-z0-9_./=,:+%-] ]]; then printf ' "%s"' "$word"; else printf ' %s' "$word"; fi
  done
  printf '\n'
  "$@"
}

step "Packages and build"
show tools/install-packages.sh
show cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DHALFULP_TESTS=OFF
show cmake --build "$build"
mkdir -p "$results"

step "What is in the model"
show "$halfulp" inspect "$model" --input-shape 1,64

step "What 12 bits everywhere, 6 of them fraction bits, do to it: 40 images, all roundings, proved"
show "$halfulp" analyze "$model" --input-shape 1,64 --data "$data" --uniform "fixed<12,6>"

step "The cheapest formats that provably keep every one of these 40 decisions"
show "$halfulp" tune "$model" --input-shape 1,64 --data "$data" --certify 100% \
  --formats "fixed<2..16,*>" --input-format "ufixed<5,1>" -o "$results/mlp.toml" --force

step "The network in C++ integer arithmetic, with a test bench that knows the simulator's results"
show "$halfulp" emit "$model" --schedule "$results/mlp.toml" --backend cpp --samples 40 -o "$results/mlp_cpp" --force
show g++ -std=c++17 -O2 -Wall "$results/mlp_cpp/network.cpp" "$results/mlp_cpp/network_tb.cpp" -o "$results/mlp_tb"
show "$results/mlp_tb"

step "Every claim of the schedule proved again, from scratch, in multiple-precision arithmetic"
show "$halfulp" check "$results/mlp.toml" "$model"

printf '\nDone. Results: %s\n' "$results"
