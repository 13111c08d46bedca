"""float32 values at which roundings differ: every pattern of the upper 16 bits with lower halves around ties of every width."""
import numpy as np


def lower_patterns(count):
    near = [0, 1, 0xFFFF, 0x8000, 0x7FFF, 0x8001]
    for bit in range(1, 15):
        near += [1 << bit, (1 << bit) - 1, (1 << bit) + 1]
    return np.unique(np.array(near, dtype=np.uint32))[:count] if count < len(set(near)) else np.array(sorted(set(near)), np.uint32)


def stratified(full):
    """All finite values: 3.1 million with `full`, else a sample of about 100 thousand."""
    upper = np.arange(65536, dtype=np.uint32) << 16
    if full:
        lower = np.union1d(lower_patterns(99), np.array([0x1234, 0x5555, 0xAAAA, 0xC000, 0x4001, 0xBFFF], np.uint32))
        bits = (upper[:, None] | lower[None, :]).ravel()
    else:
        lower = np.array([0, 1, 0x8000, 0x8001, 0xFFFF], np.uint32)
        bits = (upper[::3, None] | lower[None, :]).ravel()
    values = bits.astype(np.uint32).view(np.float32)
    return values[np.isfinite(values)]
