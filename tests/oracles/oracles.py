"""What each package says a float32 array is rounded to. A row: halfulp's spelling, and the function that gives the expected doubles."""
import apytypes
import gfloat
import gfloat.formats as gf
import ml_dtypes
import numpy as np
import softposit

ML_DTYPES = {
    "bf16:infinity": ml_dtypes.bfloat16, "e4m3:infinity": ml_dtypes.float8_e4m3fn, "e5m2:infinity": ml_dtypes.float8_e5m2,
    "e4m3fnuz:infinity": ml_dtypes.float8_e4m3fnuz, "e5m2fnuz:infinity": ml_dtypes.float8_e5m2fnuz,
    "e4m3b11fnuz:infinity": ml_dtypes.float8_e4m3b11fnuz, "e3m4:infinity": ml_dtypes.float8_e3m4,
    "float<4,3>:infinity": ml_dtypes.float8_e4m3, "e3m2": ml_dtypes.float6_e3m2fn, "e2m3": ml_dtypes.float6_e2m3fn,
    "e2m1": ml_dtypes.float4_e2m1fn,
}

GFLOAT = {
    "fp16": gf.format_info_binary16, "bf16": gf.format_info_bfloat16, "e4m3": gf.format_info_ocp_e4m3, "e5m2": gf.format_info_ocp_e5m2,
    "e3m2": gf.format_info_ocp_e3m2, "e2m3": gf.format_info_ocp_e2m3, "e2m1": gf.format_info_ocp_e2m1,
    **{f"binary8p{p}": gf.format_info_p3109(8, p) for p in range(1, 8)},
}
GFLOAT_MODES = {
    "nearest-even": gfloat.RoundMode.TiesToEven, "nearest-away": gfloat.RoundMode.TiesToAway, "toward-zero": gfloat.RoundMode.TowardZero,
    "up": gfloat.RoundMode.TowardPositive, "down": gfloat.RoundMode.TowardNegative,
}

APY_MODES = {
    "nearest-even": apytypes.QuantizationMode.TIES_EVEN, "nearest-away": apytypes.QuantizationMode.TIES_AWAY,
    "nearest-zero": apytypes.QuantizationMode.TIES_ZERO, "toward-zero": apytypes.QuantizationMode.TO_ZERO,
    "up": apytypes.QuantizationMode.TO_POS, "down": apytypes.QuantizationMode.TO_NEG,
}


def ml_dtypes_rows():
    for spelling, dtype in ML_DTYPES.items():
        yield spelling, lambda x, dtype=dtype: x.astype(dtype).astype(np.float64)


def gfloat_rows():
    for name, info in GFLOAT.items():
        for mode, rounding in GFLOAT_MODES.items():
            yield f"{name}:{mode}", lambda x, info=info, rounding=rounding: gfloat.round_ndarray(info, x.astype(np.float64), rounding, True)


def in_fixed_reach(x):
    return x[(x == 0) | ((np.abs(x) < 2.0**20) & (np.abs(x) >= 2.0**-18))]


def apytypes_rows():
    exact = dict(int_bits=22, frac_bits=42)  # 64 bits: casts from more words do not wrap in this version
    for integer_bits, fraction_bits in ((4, 4), (3, 5), (8, 8)):
        for mode, quantization in APY_MODES.items():
            for word, overflow in (("saturate", apytypes.OverflowMode.SAT), ("wrap", apytypes.OverflowMode.WRAP)):
                def fixed(x, i=integer_bits, f=fraction_bits, q=quantization, o=overflow):
                    wide = apytypes.APyFixedArray.from_float(x.astype(np.float64), **exact)
                    return wide.cast(int_bits=i, frac_bits=f, quantization=q, overflow=o).to_numpy()
                yield f"fixed<{integer_bits + fraction_bits},{integer_bits}>:{mode}:{word}", fixed
    for exponent_bits, stored in ((5, 2), (6, 9), (4, 3)):
        yield f"float<{exponent_bits},{stored}>:nearest-even:infinity", lambda x, e=exponent_bits, s=stored: (
            apytypes.APyFloatArray.from_float(x.astype(np.float64), exp_bits=e, man_bits=s).to_numpy())
        for mode, quantization in APY_MODES.items():
            def floating(x, e=exponent_bits, s=stored, q=quantization):
                wide = apytypes.APyFloatArray.from_float(x.astype(np.float64), exp_bits=11, man_bits=52)
                result = wide.cast(exp_bits=e, man_bits=s, quantization=q).to_numpy()
                # The cast of this version loses a carry from the last subnormal number into the first normal one.
                normal = 2.0 ** (2 - 2 ** (e - 1))
                lost = (result == 0) & (np.abs(x) > normal * (1 - 2.0**-s)) & (np.abs(x) < normal)
                return np.where(lost, np.copysign(normal, x), result)
            yield f"float<{exponent_bits},{stored}>:{mode}:infinity", floating


def softposit_rows():
    def by_value(to_code, to_double):
        return lambda x: np.array([to_double(to_code(v)) for v in x.astype(np.float64).tolist()])

    yield "posit<8,0>", by_value(softposit.convertDoubleToP8, softposit.convertP8ToDouble)
    yield "posit<16,1>", by_value(softposit.convertDoubleToP16, softposit.convertP16ToDouble)
    yield "posit<32,2>", by_value(softposit.convertDoubleToP32, softposit.convertP32ToDouble)


# Package, its rows, and which inputs it takes.
PACKAGES = {
    "ml_dtypes": (ml_dtypes_rows, lambda x: x),
    "gfloat": (gfloat_rows, lambda x: x),
    "apytypes fixed": (lambda: (row for row in apytypes_rows() if row[0].startswith("fixed")), in_fixed_reach),
    "apytypes float": (lambda: (row for row in apytypes_rows() if row[0].startswith("float")), lambda x: x),
    "softposit": (softposit_rows, lambda x: x),
}
