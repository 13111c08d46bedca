"""Yosys runs over many instances of the operators in rtl/: cells used by each."""
import pathlib
import re
import subprocess
import sys
import tempfile

# Modules a process: its time grows faster than their number.
BATCH = 32

RTL = pathlib.Path(__file__).parent / "rtl"

# Ports of each operator as a function of its parameters: (name, width, is_input).
PORTS = {
    "fixed_multiply": lambda A, B: [("a", A, 1), ("b", B, 1), ("p", A + B, 0)],
    "fixed_multiply_free": lambda A, B: [("a", A, 1), ("b", B, 1), ("p", A + B, 0)],
    "fixed_add": lambda W: [("a", W, 1), ("b", W, 1), ("s", W, 0)],
    "fixed_accumulate": lambda W: [("clk", 1, 1), ("clear", 1, 1), ("x", W, 1), ("acc", W, 0)],
    "fixed_round": lambda IN, DROP, OUT: [("x", IN, 1), ("y", OUT, 0)],
    "maximum": lambda W: [("a", W, 1), ("b", W, 1), ("y", W, 0)],
    "select": lambda W: [("x", W, 1), ("y", W, 0)],
    "divide": lambda A, B: [("a", A, 1), ("b", B, 1), ("q", A, 0)],
    "float_multiply": lambda E, M: [("a", E + M + 1, 1), ("b", E + M + 1, 1), ("p", E + M + 1, 0)],
    "float_add": lambda E, M: [("a", E + M + 1, 1), ("b", E + M + 1, 1), ("s", E + M + 1, 0)],
    "float_product": lambda E, ML, MR: [("a", E + ML + 1, 1), ("b", E + MR + 1, 1), ("sign", 1, 0), ("exponent", E + 1, 0),
                                        ("significand", ML + MR + 2, 0)],
    "float_round": lambda E, I, M: [("x", E + I + 2, 1), ("y", E + M + 1, 0)],
    "float_to_fixed": lambda S, W: [("sign", 1, 1), ("exponent", (W - S).bit_length(), 1), ("significand", S, 1), ("y", W, 0)],
    "fixed_to_float": lambda W, TOP, E, M: [("x", W, 1), ("y", E + M + 1, 0)],
}

# yosys cell -> component. Wide multiplexers are not used (-nowidelut): with them the mapper trades LUTs for delay, and the counts of
# neighbouring formats differ by half.
CELLS = {"CARRY4": "carry4", "DSP48E1": "dsps", "FDRE": "flip_flops"}


def yosys_version():
    return subprocess.run(["yosys", "-V"], check=True, capture_output=True, text=True).stdout.split("(")[0].strip()


def instance_name(operator, parameters):
    return "_".join(["u", operator] + [f"{k}{v}" for k, v in parameters.items()])


def _wrapper(operator, parameters):
    ports = PORTS[operator](**parameters)
    declared = ", ".join(f"{'input' if is_input else 'output'} [{width - 1}:0] {name}" for name, width, is_input in ports)
    values = ", ".join(f".{k}({v})" for k, v in parameters.items())
    wired = ", ".join(f".{name}({name})" for name, _, _ in ports)
    return f"(* keep_hierarchy *) module {instance_name(operator, parameters)} ({declared});\n  {operator} #({values}) unit ({wired});\nendmodule\n"


def _top(instances):
    """Joins all wrappers to ports of its own, so that none is swept away."""
    ports, body = ["input [255:0] x"], []
    for operator, parameters in instances:
        name, used, wires = instance_name(operator, parameters), 0, []
        for port, width, is_input in PORTS[operator](**parameters):
            if is_input:
                wires.append(f".{port}(x[{used + width - 1}:{used}])")
                used += width
            else:
                ports.append(f"output [{width - 1}:0] {name}_{port}")
                wires.append(f".{port}({name}_{port})")
        body.append(f"  (* keep *) {name} i_{name} ({', '.join(wires)});")
    return "module top (" + ",\n  ".join(ports) + ");\n" + "\n".join(body) + "\nendmodule\n"


def _counts(report):
    counts, cells = {}, None
    for line in report.split("\n"):
        header = re.match(r"=== (.+) ===", line)
        if header:
            name = header.group(1)
            cells = counts.setdefault(name, {}) if name.startswith("u_") else None
        cell = re.match(r"\s+([A-Z]+\w*)\s+(\d+)$", line)
        if cells is None or not cell:
            continue
        component = CELLS.get(cell.group(1)) or ("luts" if re.fullmatch(r"LUT[1-6]|INV", cell.group(1)) else None)
        if component:
            cells[component] = cells.get(component, 0) + int(cell.group(2))
        elif cell.group(1) not in ("VCC", "GND"):
            raise ValueError("unexpected cell " + cell.group(1))
    return counts


def synthesise(instances, allow_dsp=False):
    """[(operator, parameters)] -> {instance name: {component: cells}}, in batches of BATCH, one process after the other."""
    counts = {}
    for first in range(0, len(instances), BATCH):
        counts.update(_synthesise_batch(instances[first:first + BATCH], allow_dsp))
        print(f"{len(counts)} of {len(instances)} modules", file=sys.stderr, flush=True)
    return counts


def _synthesise_batch(instances, allow_dsp):
    with tempfile.TemporaryDirectory() as folder:
        source, report = pathlib.Path(folder, "batch.v"), pathlib.Path(folder, "report")
        source.write_text("".join(_wrapper(*each) for each in instances) + _top(instances))
        files = " ".join(str(path) for path in sorted(RTL.glob("*.v")))
        dsp = "" if allow_dsp else "-nodsp"
        script = (f"read_verilog {files} {source}; synth_xilinx -family xc7 -noiopad -noclkbuf -nowidelut {dsp} -flatten -top top; "
                  f"tee -q -o {report} stat")
        subprocess.run(["yosys", "-q", "-p", script], check=True)
        counts = _counts(report.read_text())
    missing = [instance_name(*each) for each in instances if instance_name(*each) not in counts]
    if missing:
        raise ValueError("not in the report: " + ", ".join(missing))
    return counts
