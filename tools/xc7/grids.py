"""Which instances are measured: a grid for each operation of the cost model, and held-out points inside it.

Axes are those of target files (docs/targets.md). `instances` gives the operators of rtl/ and their parameters at a point.
"""

WIDTHS = (2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24)
PRECISIONS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 20, 22, 24)
EXPONENTS = (2, 3, 4, 5, 6, 8)
FLOATS_HELD_OUT = ((2, 15), (3, 17), (4, 21), (5, 15), (5, 19), (6, 17), (6, 23), (7, 2), (7, 3), (7, 4), (7, 5), (7, 7), (7, 10), (7, 12),
                   (7, 17), (7, 24), (8, 15), (8, 23))


class Grid:
    """`instances` are the operators whose mean a table holds at a point: one, or several where the axes leave a parameter open."""

    def __init__(self, operation, axes, points, instances, held_out=()):
        self.operation, self.axes, self.points, self.instances, self.held_out = operation, axes, points, instances, held_out

    def names(self):
        """In the file: an addition of logarithms is an addition."""
        return '["fixed_add", "log_product"]' if self.operation == "fixed_add" else f'"{self.operation}"'

    def all_points(self):
        if len(self.axes) == 1:
            return [(x,) for x in self.points[0]]
        return [(x, y) for x in self.points[0] for y in self.points[1]]


def one(operator, parameters):
    """The operator with parameters as a function of the point."""
    return lambda *point: [(operator, parameters(*point))]


def _ordered(left, right):
    return {"A": max(left, right), "B": min(left, right)}


def _round(in_bits, out_bits):
    """A quarter, half and three quarters of the bits that go are fraction bits; at least one is."""
    gone = in_bits - out_bits
    drops = sorted({min(max(1, drop), in_bits - 1) for drop in (gone // 4, gone // 2, gone // 2 + 1, gone - gone // 4)})
    return [("fixed_round", {"IN": in_bits, "DROP": drop, "OUT": min(out_bits, in_bits - drop)}) for drop in drops]


def one_width(operator):
    return one(operator, lambda bits: {"W": bits})


GRIDS = (
    Grid("fixed_multiply", ("left_bits", "right_bits"), (WIDTHS, WIDTHS), one("fixed_multiply", _ordered),
         ((7, 7), (9, 3), (11, 9), (13, 13), (15, 6), (17, 17), (19, 5), (21, 8), (23, 15), (23, 23))),
    Grid("fixed_add", ("bits",), ((2, 4, 8, 16, 32, 64),), one_width("fixed_add"), ((5,), (24,), (48,))),
    Grid("maximum", ("bits",), ((2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 20, 24, 28, 32, 40, 48, 64),), one_width("maximum"),
         ((13,), (15,), (18,), (22,), (26,), (36,), (44,), (56,))),
    Grid("select", ("bits",), ((2, 4, 8, 16, 32, 64),), one_width("select"), ((5,), (24,))),
    Grid("fixed_round", ("in_bits", "out_bits"),
         ((3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 20, 22, 24, 28, 32, 36, 40, 48), (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 24)), _round,
         ((12, 11), (15, 5), (15, 8), (17, 11), (19, 7), (21, 9), (23, 13), (26, 6), (26, 10), (28, 13), (30, 8), (34, 15), (38, 18), (44, 22))),
    Grid("divide", ("out_bits", "right_bits"), ((4, 12, 24), (4, 12, 24)), one("divide", lambda q, b: {"A": q, "B": b}),
         ((8, 8), (18, 10))),
    Grid("float_multiply", ("exponent_bits", "precision"), (EXPONENTS, PRECISIONS), one("float_multiply", lambda e, p: {"E": e, "M": p - 1}),
         FLOATS_HELD_OUT),
    Grid("float_add", ("exponent_bits", "precision"), (EXPONENTS, PRECISIONS), one("float_add", lambda e, p: {"E": e, "M": p - 1}),
         FLOATS_HELD_OUT),
    Grid("float_product", ("left_precision", "right_precision"), ((2, 3, 4, 5, 6, 8, 11, 16, 20, 24),) * 2,
         one("float_product", lambda left, right: {"E": 2, "ML": max(left, right) - 1, "MR": min(left, right) - 1}),
         ((7, 5), (7, 7), (10, 9), (13, 12), (18, 14), (22, 9))),
    Grid("float_round", ("in_bits", "precision"),
         ((3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 24, 28, 32, 40, 48), (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 16, 20, 24)),
         one("float_round", lambda i, p: {"E": 6, "I": i - 1, "M": p - 1}),
         ((13, 5), (15, 8), (17, 6), (22, 12), (22, 9), (26, 14), (30, 11), (36, 12), (44, 18))),
    Grid("float_to_fixed", ("in_bits", "out_bits"),
         ((2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32), (8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96)),
         one("float_to_fixed", lambda s, w: {"S": s, "W": max(w, s + 1)}),
         ((3, 18), (4, 22), (7, 26), (7, 36), (9, 30), (11, 44), (14, 52), (18, 60), (22, 72))),
    Grid("fixed_to_float", ("in_bits", "precision"),
         ((4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 22, 24, 28, 32, 40, 48), (2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 16, 20, 24)),
         one("fixed_to_float", lambda w, p: {"W": w, "TOP": w - 2, "E": 6, "M": p - 1}),
         ((13, 5), (15, 9), (17, 6), (19, 9), (21, 12), (26, 9), (30, 14), (36, 12), (44, 9))),
)

# The exponent's part of an exact product, beyond that of 2 exponent bits.
EXPONENT_PART = Grid("float_product", ("exponent_bits",), ((2, 3, 4, 5, 6, 7, 8),), one("float_product", lambda e: {"E": e, "ML": 3, "MR": 3}))

# A register of the accumulator's width comes with each adder; measured to say so in the file.
ACCUMULATORS = Grid("accumulator", ("bits",), ((4, 8, 16, 32, 64),), one_width("fixed_accumulate"))

DSP_WIDTHS = (2, 3, 4, 5, 6, 8, 16, 18, 19, 24, 25, 26)
WITH_DSP = Grid("fixed_multiply", ("left_bits", "right_bits"), (DSP_WIDTHS, DSP_WIDTHS), one("fixed_multiply_free", _ordered),
                ((7, 7), (10, 10), (14, 14), (20, 10), (17, 24)))
