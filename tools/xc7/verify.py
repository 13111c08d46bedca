#!/usr/bin/env python3
"""Simulates every operator of rtl/ with iverilog and compares each output with reference.py, exhaustively for the sizes below.

Usage: tools/xc7/verify.py     (needs iverilog; prints one line an operator and exits 1 on a mismatch)
"""
import pathlib
import subprocess
import sys
import tempfile
from fractions import Fraction

import reference as ref

RTL = pathlib.Path(__file__).parent / "rtl"


class Case:
    """One operator: `inputs` and `outputs` are (port, width); `check(*input codes, *output codes)` says whether it is right."""

    def __init__(self, module, parameters, inputs, outputs, check):
        self.module, self.parameters, self.inputs, self.outputs, self.check = module, parameters, inputs, outputs, check

    def name(self):
        return self.module + " " + " ".join(f"{k}={v}" for k, v in self.parameters.items())

    def bench(self):
        bits = sum(width for _, width in self.inputs)
        ports = [f".{port}({port})" for port, _ in self.inputs + self.outputs]
        parameters = ", ".join(f".{k}({v})" for k, v in self.parameters.items())
        shown = ", ".join(port for port, _ in self.outputs)
        return "\n".join(
            ["module bench;", f"  reg [{bits}:0] all;"]
            + [f"  wire [{width - 1}:0] {port};" for port, width in self.inputs + self.outputs]
            + [f"  assign {{{', '.join(port for port, _ in self.inputs)}}} = all[{bits - 1}:0];",
               f"  {self.module} #({parameters}) unit ({', '.join(ports)});",
               f"  initial for (all = 0; !all[{bits}]; all = all + 1) begin",
               f"    #1 $display(\"{' '.join('%h' for _ in self.outputs)}\", {shown});", "  end", "endmodule", ""])

    def mismatches(self):
        """Number of inputs tried, and of wrong outputs."""
        with tempfile.TemporaryDirectory() as folder:
            source, program = pathlib.Path(folder, "bench.v"), pathlib.Path(folder, "bench")
            source.write_text(self.bench())
            subprocess.run(["iverilog", "-g2005", "-Wall", "-s", "bench", "-o", program, source, *sorted(RTL.glob("*.v"))], check=True,
                           capture_output=True)
            lines = subprocess.run([program], check=True, capture_output=True, text=True).stdout.split("\n")[:-1]
        wrong = 0
        for number, line in enumerate(lines):
            codes, rest = [], number
            for _, width in reversed(self.inputs):
                codes.insert(0, rest & ((1 << width) - 1))
                rest >>= width
            outputs = [int(word, 16) if all(c in "0123456789abcdef" for c in word) else None for word in line.split()]
            wrong += None in outputs or not self.check(*codes, *outputs)
        assert len(lines) == 1 << sum(width for _, width in self.inputs)
        return len(lines), wrong


def fixed_cases():
    for a, b in ((2, 2), (3, 5), (5, 3), (6, 6), (8, 8), (2, 7)):
        yield Case("fixed_multiply", {"A": a, "B": b}, [("a", a), ("b", b)], [("p", a + b)],
                   lambda x, y, p, a=a, b=b: ref.signed(p, a + b) == ref.signed(x, a) * ref.signed(y, b))
    for w in (2, 5, 7):
        yield Case("fixed_add", {"W": w}, [("a", w), ("b", w)], [("s", w)], lambda x, y, s, w=w: s == (x + y) % (1 << w))
        yield Case("maximum", {"W": w}, [("a", w), ("b", w)], [("y", w)],
                   lambda x, y, m, w=w: ref.signed(m, w) == max(ref.signed(x, w), ref.signed(y, w)))
        yield Case("select", {"W": w}, [("x", w)], [("y", w)], lambda x, y, w=w: y == max(0, ref.signed(x, w)))
    for i, d, o in ((8, 3, 4), (10, 0, 5), (12, 4, 6), (12, 7, 3), (9, 1, 7)):
        yield Case("fixed_round", {"IN": i, "DROP": d, "OUT": o}, [("x", i)], [("y", o)],
                   lambda x, y, i=i, d=d, o=o: ref.signed(y, o) == ref.fixed_round(x, i, d, o))
    for a, b in ((6, 6), (8, 4), (4, 7)):
        yield Case("divide", {"A": a, "B": b}, [("a", a), ("b", b)], [("q", a)], lambda x, y, q: y == 0 or q == x // y)


def float_cases():
    for e, m in ((2, 1), (2, 3), (3, 2), (3, 4), (4, 1), (4, 3), (5, 2), (2, 4)):
        width = e + m + 1
        value = lambda code, e=e, m=m: ref.float_value(code, e, m)
        rounded = lambda x, e=e, m=m: ref.round_to_float(x, e, m)
        ports = [("a", width), ("b", width)]
        yield Case("float_add", {"E": e, "M": m}, ports, [("s", width)],
                   lambda x, y, s, v=value, r=rounded: v(s) == r(v(x) + v(y)))
        yield Case("float_multiply", {"E": e, "M": m}, ports, [("p", width)],
                   lambda x, y, p, v=value, r=rounded: v(p) == r(v(x) * v(y)))
    for e, left, right in ((2, 2, 3), (3, 1, 4), (4, 2, 2)):
        emin = 2 - (1 << (e - 1))
        scale = Fraction(2) ** (2 * emin - left - right - 2)
        yield Case("float_product", {"E": e, "ML": left, "MR": right}, [("a", e + left + 1), ("b", e + right + 1)],
                   [("sign", 1), ("exponent", e + 1), ("significand", left + right + 2)],
                   lambda x, y, s, n, f, e=e, l=left, r=right, scale=scale:
                   (-1) ** s * f * Fraction(2) ** n * scale == ref.float_value(x, e, l) * ref.float_value(y, e, r))
    for e, i, m in ((3, 5, 2), (4, 7, 3), (4, 4, 6), (3, 8, 3)):
        yield Case("float_round", {"E": e, "I": i, "M": m}, [("x", e + i + 2)], [("y", e + m + 1)],
                   lambda x, y, e=e, i=i, m=m: ref.float_value(y, e, m) == ref.round_to_float(ref.float_value(x, e + 1, i), e, m))


def conversion_cases():
    for s, w in ((3, 8), (4, 16), (5, 11)):
        shift_bits = (w - s).bit_length()
        yield Case("float_to_fixed", {"S": s, "W": w}, [("sign", 1), ("exponent", shift_bits), ("significand", s)], [("y", w)],
                   lambda n, x, f, y, s=s, w=w: x > w - 1 - s or ref.signed(y, w) == (-1) ** n * (f << x))
    for w, top, e, m in ((8, 6, 4, 3), (12, 10, 4, 2), (10, 5, 3, 3), (7, 6, 4, 9), (11, 0, 5, 4)):
        unit = Fraction(2) ** (2 - (1 << (e - 1)) - m)
        scale = Fraction(2) ** (top - (w - 1 - m)) * unit
        yield Case("fixed_to_float", {"W": w, "TOP": top, "E": e, "M": m}, [("x", w)], [("y", e + m + 1)],
                   lambda x, y, w=w, e=e, m=m, scale=scale:
                   ref.float_value(y, e, m) == ref.round_to_float(ref.signed(x, w) * scale, e, m))


def main():
    failed = False
    for case in [*fixed_cases(), *float_cases(), *conversion_cases()]:
        inputs, wrong = case.mismatches()
        failed |= wrong > 0
        print(f"{case.name()}: {inputs} inputs, {wrong} wrong", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
