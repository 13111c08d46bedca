"""Which instances are measured: a grid for each operation of the cost model, and held-out points inside it.

Axes are those of target files (docs/targets.md). `instance` gives the operator of rtl/ and its parameters at a point.
"""

WIDTHS = (2, 4, 8, 16, 24)
PRECISIONS = (2, 3, 4, 6, 8, 11, 15, 19, 24)
EXPONENTS = (2, 3, 5, 8)
FLOATS_HELD_OUT = ((4, 4), (4, 5), (2, 10), (4, 9), (3, 12), (5, 12), (6, 10), (6, 20), (7, 3), (7, 7), (7, 17), (8, 22))


class Grid:
    def __init__(self, operation, axes, points, instance, held_out=()):
        self.operation, self.axes, self.points, self.instance, self.held_out = operation, axes, points, instance, held_out

    def names(self):
        """In the file: an addition of logarithms is an addition."""
        return '["fixed_add", "log_product"]' if self.operation == "fixed_add" else f'"{self.operation}"'

    def all_points(self):
        if len(self.axes) == 1:
            return [(x,) for x in self.points[0]]
        return [(x, y) for x in self.points[0] for y in self.points[1]]


def _multiply(left, right):
    return "fixed_multiply", {"A": max(left, right), "B": min(left, right)}


def _multiply_free(left, right):
    return "fixed_multiply_free", {"A": max(left, right), "B": min(left, right)}


def _round(in_bits, out_bits):
    """Half of the bits that go are fraction bits; at least one is."""
    drop = max(1, (in_bits - out_bits) // 2)
    return "fixed_round", {"IN": in_bits, "DROP": drop, "OUT": min(out_bits, in_bits - drop)}


def _product(left, right):
    return "float_product", {"E": 2, "ML": max(left, right) - 1, "MR": min(left, right) - 1}


def one_width(operator):
    return lambda bits: (operator, {"W": bits})


GRIDS = (
    Grid("fixed_multiply", ("left_bits", "right_bits"), (WIDTHS, WIDTHS), _multiply,
         ((5, 5), (7, 7), (10, 10), (14, 14), (18, 5), (22, 9))),
    Grid("fixed_add", ("bits",), ((2, 4, 8, 16, 32, 64),), one_width("fixed_add"), ((5,), (24,), (48,))),
    Grid("maximum", ("bits",), ((2, 3, 4, 5, 6, 8, 16, 32, 64),), one_width("maximum"), ((7,), (12,), (24,), (48,))),
    Grid("select", ("bits",), ((2, 4, 8, 16, 32, 64),), one_width("select"), ((5,), (24,))),
    Grid("fixed_round", ("in_bits", "out_bits"), ((4, 8, 16, 32, 48), (2, 4, 8, 16, 24)), _round,
         ((10, 7), (14, 5), (20, 10), (28, 14), (40, 10), (20, 7))),
    Grid("divide", ("out_bits", "right_bits"), ((4, 12, 24), (4, 12, 24)), lambda q, b: ("divide", {"A": q, "B": b}),
         ((8, 8), (18, 10))),
    Grid("float_multiply", ("exponent_bits", "precision"), (EXPONENTS, PRECISIONS), lambda e, p: ("float_multiply", {"E": e, "M": p - 1}),
         FLOATS_HELD_OUT),
    Grid("float_add", ("exponent_bits", "precision"), (EXPONENTS, PRECISIONS), lambda e, p: ("float_add", {"E": e, "M": p - 1}),
         FLOATS_HELD_OUT),
    Grid("float_product", ("left_precision", "right_precision"), ((2, 4, 8, 16, 24),) * 2, _product,
         ((5, 5), (7, 5), (11, 11), (20, 14))),
    Grid("float_round", ("in_bits", "precision"), ((3, 6, 12, 24, 48), (2, 4, 8, 16, 24)),
         lambda i, p: ("float_round", {"E": 6, "I": i - 1, "M": p - 1}), ((10, 5), (14, 7), (20, 9), (36, 13))),
    Grid("float_to_fixed", ("in_bits", "out_bits"), ((2, 4, 8, 16, 32), (8, 16, 32, 64, 96)),
         lambda s, w: ("float_to_fixed", {"S": s, "W": max(w, s + 1)}), ((3, 20), (5, 28), (7, 40), (12, 56), (20, 80))),
    Grid("fixed_to_float", ("in_bits", "precision"), ((4, 7, 9, 12, 18, 28, 48), (2, 8, 24)),
         lambda w, p: ("fixed_to_float", {"W": w, "TOP": w - 2, "E": 6, "M": p - 1}), ((10, 5), (14, 4), (24, 9), (40, 13))),
)

# The exponent's part of an exact product, beyond that of 2 exponent bits.
EXPONENT_PART = Grid("float_product", ("exponent_bits",), ((2, 3, 4, 5, 6, 8),), lambda e: ("float_product", {"E": e, "ML": 3, "MR": 3}))

# A register of the accumulator's width comes with each adder; measured to say so in the file.
ACCUMULATORS = Grid("accumulator", ("bits",), ((4, 8, 16, 32, 64),), one_width("fixed_accumulate"))

DSP_WIDTHS = (2, 3, 4, 5, 6, 8, 16, 18, 19, 24, 25, 26)
WITH_DSP = Grid("fixed_multiply", ("left_bits", "right_bits"), (DSP_WIDTHS, DSP_WIDTHS), _multiply_free,
                ((7, 7), (10, 10), (14, 14), (20, 10), (17, 24)))
