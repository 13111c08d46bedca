#!/usr/bin/env bash
# Installs the Debian 12 packages that building, testing and the examples need: only what is missing, and says what.
# Usage: tools/install-packages.sh [--dev]   (--dev adds tools for working on the code)
set -euo pipefail

packages=(
  g++ cmake ninja-build pkg-config git ca-certificates
  libboost-program-options-dev libboost-dev libmpfr-dev libmpfi-dev libgmp-dev
  libtorch-dev libceres-dev libeigen3-dev libgtest-dev libgmock-dev
  libtomlplusplus-dev nlohmann-json3-dev libfmt-dev libexpected-dev
  libkainjow-mustache-dev libhwy-dev libssl-dev
  libopenblas-pthread-dev librapidcheck-dev libbenchmark-dev zlib1g-dev
  python3 python3-venv python3-pip python3-numpy python3-torch python3-sklearn
)
packages+=(libboost-mpi-dev openmpi-bin)  # optional: without them searches run in one process
if [[ "${1:-}" == "--dev" ]]; then
  packages+=(clang-format clang-tidy ccache gappa sollya yosys iverilog)
fi

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [[ "$state" == installed ]] || missing+=("$package")
done
if [[ ${#missing[@]} -eq 0 ]]; then
  echo "packages: all ${#packages[@]} present"
  exit 0
fi

as_root=()
if [[ $(id -u) -ne 0 ]]; then
  command -v sudo >/dev/null || { echo "error: not root and no sudo; install: ${missing[*]}" >&2; exit 2; }
  as_root=(sudo)
fi
echo "packages: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
echo "packages: installed ${#missing[@]}"
