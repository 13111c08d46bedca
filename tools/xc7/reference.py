"""Exact references of the operators in rtl/, in rationals. A float code is (E, M) with every code finite, as rtl/float_parts.v says."""
from fractions import Fraction


def float_value(code, e, m):
    sign, field, stored = code >> (e + m), (code >> m) & ((1 << e) - 1), code & ((1 << m) - 1)
    emin = 2 - (1 << (e - 1))
    significand = stored + (1 << m if field else 0)
    value = Fraction(significand) * Fraction(2) ** (emin - m + max(field, 1) - 1)
    return -value if sign else value


def round_even(x):
    below = x.numerator // x.denominator
    rest = x - below
    return below + (rest > Fraction(1, 2) or (rest == Fraction(1, 2) and below % 2 == 1))


def round_to_float(x, e, m):
    """Nearest value of the format, ties to even, saturated."""
    emin = 2 - (1 << (e - 1))
    largest = float_value((1 << (e + m)) - 1, e, m)
    magnitude, exponent = abs(x), emin
    while magnitude >= Fraction(2) ** (exponent + 1):
        exponent += 1
    ulp = Fraction(2) ** (exponent - m)
    rounded = min(round_even(magnitude / ulp) * ulp, largest)
    return -rounded if x < 0 else rounded


def signed(code, width):
    return code - (1 << width) if code >> (width - 1) else code


def fixed_round(code, width, drop, out):
    rounded = round_even(Fraction(signed(code, width), 1 << drop))
    return max(-(1 << (out - 1)), min((1 << (out - 1)) - 1, rounded))
