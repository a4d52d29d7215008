"""Makes weights.json beside it: blocks of every quantized type, and their weights as ggml's own package reads them.

    pip install gguf==0.19.0 numpy && python make.py

Each type: its number in a file, random bytes whose scales are finite, and their weights as float32 (both in
hexadecimal, little-endian).
"""

import json
import os

import numpy
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType
from gguf.quants import dequantize

TYPES = ("F32 F16 BF16 Q4_0 Q4_1 Q5_0 Q5_1 Q8_0 Q2_K Q3_K Q4_K Q5_K Q6_K IQ4_NL IQ4_XS TQ1_0 TQ2_0 MXFP4").split()

random = numpy.random.default_rng(12)


def block(dtype):
    weights, size = GGML_QUANT_SIZES[dtype]
    count = max(1, 32 // weights)
    while True:
        data = random.integers(0, 256, size * count, dtype=numpy.uint8)
        values = dequantize(data, dtype).astype(numpy.float32).reshape(-1)
        if numpy.isfinite(values).all():
            return data, values


result = {}
with numpy.errstate(all="ignore"):
    for name in TYPES:
        dtype = GGMLQuantizationType[name]
        blocks = [block(dtype) for _ in range(2 if GGML_QUANT_SIZES[dtype][0] == 256 else 4)]
        result[name] = {
            "number": int(dtype),
            "bytes": b"".join(data.tobytes() for data, _ in blocks).hex(),
            "weights": b"".join(values.astype("<f4").tobytes() for _, values in blocks).hex(),
        }

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "weights.json")
with open(path, "w", encoding="utf-8", newline="\n") as file:
    json.dump(result, file, indent=1)
    file.write("\n")
