#!/usr/bin/env python3
"""Measures the operators of rtl/ with yosys and writes rules/targets/xc7.toml and xc7-dsp.toml.

Usage: tools/xc7/measure.py [FOLDER]     (default: rules/targets; needs yosys; one process at a time, minutes)
The batches are fixed (32 modules in the order of grids.py), because the mapper's result for a small module depends a little on what
else is in the run.
"""
import bisect
import pathlib
import sys

import batch
import grids

COMPONENTS = ("luts", "carry4")


def measure(all_grids, allow_dsp=False):
    instances = {}
    for grid in all_grids:
        for point in [*grid.all_points(), *grid.held_out]:
            for operator, parameters in grid.instances(*point):
                instances[batch.instance_name(operator, parameters)] = (operator, parameters)
    return batch.synthesise(list(instances.values()), allow_dsp), len(instances)


def value_at(grid, counts, component, point):
    found = [counts[batch.instance_name(*each)].get(component, 0) for each in grid.instances(*point)]
    mean = sum(found) / len(found)
    return int(mean) if mean == int(mean) else round(mean, 2)


def _between(axis, x):
    low = min(max(bisect.bisect_right(axis, x) - 1, 0), len(axis) - 2)
    return axis[low], axis[low + 1], (x - axis[low]) / (axis[low + 1] - axis[low])


def interpolate(grid, value, point):
    """As lib/cost/table.cpp does: linear along the last axis, then along the first."""
    low, high, share = _between(grid.points[-1], point[-1])
    along = lambda *rest: (1 - share) * value((*rest, low)) + share * value((*rest, high))
    if len(grid.axes) == 1:
        return along()
    first_low, first_high, first_share = _between(grid.points[0], point[0])
    return (1 - first_share) * along(first_low) + first_share * along(first_high)


def table_text(grid, component, value):
    lines = ["[[table]]", f"operation = {grid.names()}", f'component = "{component}"',
             "axes = [" + ", ".join(f'"{axis}"' for axis in grid.axes) + "]"]
    lines += [f"{axis} = {list(points)}" for axis, points in zip(grid.axes, grid.points)]
    if len(grid.axes) == 1:
        lines.append(f"values = {[value((x,)) for x in grid.points[0]]}")
    else:
        rows = ["  [" + ",".join(str(value((x, y))) for y in grid.points[1]) + "]," for x in grid.points[0]]
        lines += ["values = [", *rows, "]"]
    return "\n".join(lines) + "\n"


def tables_of(grid, counts, components=COMPONENTS):
    texts = []
    for component in components:
        value = lambda point, c=component: value_at(grid, counts, c, point)
        if any(value(point) for point in grid.all_points()):
            texts.append(table_text(grid, component, value))
    return texts


def exponent_tables(counts):
    texts = []
    for component in COMPONENTS:
        base = value_at(grids.EXPONENT_PART, counts, component, (2,))
        value = lambda point, c=component, b=base: max(0, value_at(grids.EXPONENT_PART, counts, c, point) - b)
        if any(value(point) for point in grids.EXPONENT_PART.all_points()):
            texts.append(table_text(grids.EXPONENT_PART, component, value))
    return texts


def held_out_rows(all_grids, counts):
    """(operation, point, measured, interpolated) LUTs."""
    return [(grid, point, value_at(grid, counts, "luts", point), interpolate(grid, lambda p: value_at(grid, counts, "luts", p), point))
            for grid in all_grids for point in grid.held_out]


def error_lines(rows):
    lines, errors_of = [], {}
    for grid, _, measured, guess in rows:
        errors_of.setdefault(grid.operation, []).append(abs(guess / measured - 1))
    everything = [error for errors in errors_of.values() for error in errors]
    for name, errors in [*errors_of.items(), ("all", everything)]:
        lines.append(f"# {name}: {len(errors)} points, max {100 * max(errors):.1f} %, mean {100 * sum(errors) / len(errors):.1f} %")
    return lines


def measurement_text(rows):
    errors = [abs(guess / measured - 1) for _, _, measured, guess in rows]
    lines = ["# LUTs of formats that are not in the grids against what the tables say of them.", *error_lines(rows), "[measurement]",
             f"held_out_max_error = {max(errors):.4f}", f"held_out_mean_error = {sum(errors) / len(errors):.4f}", "held_out = ["]
    for grid, point, measured, guess in rows:
        axes = ", ".join(f"{axis} = {x}" for axis, x in zip(grid.axes, point))
        lines.append(f'  {{ operation = "{grid.operation}", {axes}, measured = {measured}, looked_up = {guess:.6g} }},')
    return "\n".join([*lines, "]", ""])


FUNCTION = '''# A model, not a measurement: a quadratic on 64 segments, w output bits: two products of w x w (w^2 LUTs each, as measured), two sums of w and
# three coefficients of w bits in 64-entry tables of one LUT a bit.
[[table]]
operation = "function"
component = "luts"
axes = ["out_bits"]
out_bits = [2, 4, 8, 12, 16, 24, 32]
values = {values}
'''


def head(name, summary, yosys, options, modules, notes):
    return f'''# Written by tools/xc7/measure.py; do not edit. Cells of {yosys}, synth_xilinx -family xc7 -noiopad -noclkbuf -nowidelut{options},
# {modules} modules in batches of {batch.BATCH}, each kept whole. RTL: tools/xc7/rtl, Verilog-2005, checked exhaustively at small sizes by tools/xc7/verify.py:
# a multiplier is a row of LUTs and a carry chain for each bit of the narrower operand; floats have gradual subnormals, round to nearest even,
# saturate, and every code is finite. No placement, no timing, no pipeline registers. These are yosys' counts; vendor tools count otherwise.
{notes}name = "{name}"
summary = "{summary}"
counting = "every_operation"
exact_value = "fixed<16,8>"

'''


COST = '''# LUT-cycles: each operation of an inference times the LUTs of its unit. It is the area of a circuit that does all of them at once, and
# area times cycles of one that shares one unit a layer; counting = "unit_a_node" gives the area of the latter. Stored bits lie in distributed
# memory, 64 to a LUT.
[cost]
luts = 1
'''


def write_plain(folder, counts, modules, rows):
    adders = [value_at(grids.ACCUMULATORS, counts, "luts", point) for point in grids.ACCUMULATORS.all_points()]
    notes = (f"# An accumulator of {list(grids.ACCUMULATORS.points[0])} bits takes {adders} LUTs and a flip-flop a bit.\n")
    text = head("xc7", "LUT-cycles on 7-series FPGAs, no DSP blocks; operators measured by synthesis", batch.yosys_version(), " -nodsp", modules, notes)
    text += COST + "per_weight_bit = 0.015625\nper_activation_bit = 0.015625\n\n"
    tables = [table for grid in grids.GRIDS for table in tables_of(grid, counts)]
    common = [table for grid in grids.GRIDS if grid.operation != "fixed_multiply" for table in tables_of(grid, counts)]
    function = FUNCTION.format(values=[2 * w * w + 5 * w for w in (2, 4, 8, 12, 16, 24, 32)])
    shared = "\n".join([*exponent_tables(counts), function])
    pathlib.Path(folder, "xc7.toml").write_text(text + measurement_text(rows) + "\n" + "\n".join(tables) + "\n" + shared)
    return "\n".join(common) + "\n" + shared


def write_dsp(folder, counts, modules, rest):
    notes = ("# Fixed-point products are `a * b` with DSP48E1 blocks allowed (yosys takes one for 9 product bits and more); all else is the table of xc7.\n"
             "# A DSP block is priced as the share of a device it takes: about 240 LUTs on Artix-7, Kintex-7 and Zynq-7000. Change `dsps` to taste.\n")
    text = head("xc7-dsp", "LUT-cycles on 7-series FPGAs, products of fixed-point numbers in DSP blocks", batch.yosys_version(), "", modules, notes)
    text += COST + "dsps = 240\nper_weight_bit = 0.015625\nper_activation_bit = 0.015625\n\n"
    tables = tables_of(grids.WITH_DSP, counts, ("luts", "carry4", "dsps"))
    pathlib.Path(folder, "xc7-dsp.toml").write_text(text + "\n".join(tables) + "\n" + rest)


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2] / "rules" / "targets"
    counts, modules = measure([*grids.GRIDS, grids.EXPONENT_PART, grids.ACCUMULATORS])
    rows = held_out_rows(grids.GRIDS, counts)
    rest = write_plain(folder, counts, modules, rows)
    dsp_counts, dsp_modules = measure([grids.WITH_DSP], allow_dsp=True)
    write_dsp(folder, dsp_counts, dsp_modules, rest)
    print("\n".join(error_lines(rows)))


if __name__ == "__main__":
    main()
