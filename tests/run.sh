#!/usr/bin/env bash
# Installs what is missing, builds everything with its tests into build/tests, and runs the tests.
# Usage: tests/run.sh [CTEST_ARGUMENT...]     e.g. tests/run.sh -L unit     or     tests/run.sh -R analysis -V
# Tests of many minutes (every float32 number): tests/run.sh -C long -L long
# Other packages as oracles on millions of values: tests/oracles/run.sh build/tests/apps/halfulp/halfulp WORK_FOLDER --full
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools/install-packages.sh
cmake -S . -B build/tests -G Ninja -DCMAKE_BUILD_TYPE=Release -DHALFULP_TESTS=ON
cmake --build build/tests
# Threads inside a test would make two tests at once share two cores badly; no result depends on the number.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
ctest --test-dir build/tests -j2 --output-on-failure --no-tests=error "$@"
