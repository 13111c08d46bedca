"""Compares `halfulp round` with other packages, value for value, signs of zeros included."""
import argparse
import pathlib
import subprocess
import sys

import numpy as np

from oracles import PACKAGES
from stratified import stratified


def rounded(command, work, values, spelling):
    source, result = work / "in.npy", work / "out.npy"
    np.save(source, values)
    subprocess.run([command, "round", str(source), "--to", spelling, "-o", str(result), "--quiet"], check=True, stdout=subprocess.DEVNULL)
    return np.load(result)


def mismatches(got, expected, has_signed_zero):
    both_nan = np.isnan(got) & np.isnan(expected)
    same = got == expected
    if has_signed_zero:
        same &= np.signbit(got) == np.signbit(expected)
    return np.flatnonzero(~(same | both_nan))


def compare(command, work, package, values, only):
    rows, select = PACKAGES[package]
    values = select(values)
    compared = wrong = formats = 0
    for spelling, oracle in rows():
        if only and only not in spelling:
            continue
        got = rounded(command, work, values, spelling)
        expected = np.asarray(oracle(values), dtype=np.float64)
        bad = mismatches(got, expected, not spelling.startswith(("fixed", "posit")))
        for i in bad[:3]:
            print(f"{package} {spelling}: {values[i]!r} gives {got[i]!r}, not {expected[i]!r}")
        if len(bad):
            print(f"{package} {spelling}: {len(bad)} mismatches")
        compared, wrong, formats = compared + len(values), wrong + len(bad), formats + 1
    print(f"{package}: {formats} formats and modes, {len(values)} values each, {compared} compared, {wrong} mismatches", flush=True)
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--command", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--full", action="store_true", help="3 million values a format instead of a sample")
    parser.add_argument("--package", action="append", choices=list(PACKAGES))
    parser.add_argument("--only", default="", help="formats whose spelling holds this")
    options = parser.parse_args()
    np.seterr(all="ignore")
    values = stratified(options.full)
    wrong = sum(compare(options.command, options.work, package, values, options.only) for package in options.package or PACKAGES)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
