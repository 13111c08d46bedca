#!/bin/sh
# Puts the ap_int and ap_fixed headers of the PyPI wheel hls4ml 1.3.0 (Apache-2.0) into FOLDER/ap_types, for compiling emitted
# Vitis sources without Vitis.
# usage: fetch_ap_types.sh FOLDER
set -eu
folder=$1
inside=hls4ml/templates/vivado/ap_types
[ -f "$folder/ap_types/ap_fixed.h" ] && exit 0
mkdir -p "$folder"
partial=$(mktemp -d "$folder/partial.XXXXXX")
trap 'rm -rf "$partial"' EXIT
python3 -m pip download --quiet --no-deps --dest "$partial" hls4ml==1.3.0
python3 - "$partial" "$inside" <<'PYTHON'
import glob, sys, zipfile
folder, inside = sys.argv[1:]
with zipfile.ZipFile(glob.glob(folder + "/hls4ml-*.whl")[0]) as wheel:
    wheel.extractall(folder, [name for name in wheel.namelist() if name.startswith(inside)])
PYTHON
mv "$partial/$inside" "$folder/ap_types"
