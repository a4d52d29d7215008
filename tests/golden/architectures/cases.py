"""The files: what is special about each, and which mistakes its numbers must show."""

import math
from dataclasses import dataclass, field

from forward import silu

# Llama 3.1's rule for a context of 512 stretched eightfold, at 8 frequencies of base 10,000.
LLAMA_3 = [1.0, 1.0, 1.0, 2.118, 8.0, 8.0, 8.0, 8.0]


@dataclass
class Case:
    name: str
    architecture: str
    entries: dict
    seed: int
    mistakes: dict  # what it is called -> changes to the rules, or a function from the rules to changes
    hidden: int = 64
    feed_forward: int = 32
    layers: int = 2
    heads: int = 4
    heads_kv: object = 2  # a number, or one per layer
    width: int = 16
    untied: bool = False
    biases: bool = False
    norms: str = ""  # of queries and keys: of each "head", or of the "whole" projection
    fused: bool = False
    post_norms: float = 0.0  # their mean, where there are any
    factors: dict = field(default_factory=dict)  # tensors of rotations
    score: float = 1.6  # size of a query's and a key's components
    embedding: float = 2.2
    last: float = 1.0  # mean of the last norm


def everywhere(value):
    """Each layer as `value` says of the layers' own."""
    return lambda rules, name: {name: tuple(value(own) for own in getattr(rules, name))}


def no_window(rules):
    return {"windows": (None,) * len(rules.windows)}


def other_pairs(rules):
    return {"neighbours": not rules.neighbours}


def alike(layer):
    """All layers rotate as this one does."""
    return lambda rules: {"frequencies": (rules.frequencies[layer],) * len(rules.frequencies)}


def stretched(factor):
    return lambda rules: {"frequencies": tuple(own * factor for own in rules.frequencies)}


def wider(by):
    """A window that counts one position too many or too few."""
    return lambda rules: {"windows": tuple(own and own + by for own in rules.windows)}


def plain(base, count):
    """Rotations without factors."""
    return lambda rules: {"frequencies": (base ** (-frequencies_of(count)),) * len(rules.frequencies)}


def frequencies_of(count):
    import numpy as np
    return np.arange(count) / count


PAIRS = {"other pairs": other_pairs}
UNSCALED = {"score_scale": 1.0}

CASES = [
    Case("llama", "llama", {
        "attention.head_count_kv": 2, "rope.dimension_count": 16, "rope.freq_base": 10_000.0,
    }, 1, {**PAIRS, "no factors": plain(10_000.0, 8)}, untied=True, factors={"rope_freqs": LLAMA_3}),
    Case("llama-tied", "llama", {
        "rope.dimension_count": 16, "rope.freq_base": 500_000.0,
        "rope.scaling.type": "linear", "rope.scaling.factor": 4.0,
    }, 2, {**PAIRS, "not stretched": stretched(4)}, heads_kv=4),
    Case("llama-wide", "llama", {
        "attention.head_count_kv": [2, 2], "attention.key_length": 32, "attention.value_length": 32,
        "rope.dimension_count": 32, "rope.freq_base": 1_000_000.0,
    }, 3, {**PAIRS, "scores by hidden width": {"score_scale": 0.25}}, width=32, untied=True),
    Case("qwen2", "qwen2", {"attention.head_count_kv": 2, "rope.freq_base": 1_000_000.0},
         5, PAIRS, biases=True, untied=True),
    Case("qwen2-tied", "qwen2", {"attention.head_count_kv": 1, "rope.freq_base": 1_000_000.0},
         6, PAIRS, heads_kv=1, biases=True),
    Case("qwen3", "qwen3", {
        "attention.head_count_kv": 2, "attention.key_length": 32, "attention.value_length": 32,
        "rope.freq_base": 1_000_000.0,
    }, 7, {**PAIRS, "scores by hidden width": {"score_scale": 0.25}}, width=32, norms="head", score=1),
    Case("gemma3", "gemma3", {
        "attention.head_count_kv": 1, "attention.key_length": 32, "attention.value_length": 32,
        "attention.sliding_window": 16, "rope.freq_base": 1_000_000.0,
        "rope.scaling.type": "linear", "rope.scaling.factor": 8.0,
    }, 8, {**PAIRS, "SiLU": {"activation": silu}, "no window": no_window, "window of 17": wider(1),
           "near rotations": alike(0), "far rotations": alike(5), "embedding unscaled": {"embedding_scale": 1.0}},
        hidden=32, layers=7, heads_kv=1, width=32, norms="head", score=1, post_norms=2.0, embedding=1.0, last=2.0),
    Case("gemma3-256", "gemma3", {
        "attention.head_count_kv": 1, "attention.key_length": 256, "attention.value_length": 256,
        "attention.sliding_window": 64, "rope.freq_base": 1_000_000.0,
    }, 9, {**PAIRS, "SiLU": {"activation": silu}, "no window": no_window},
        hidden=32, heads=2, heads_kv=1, width=256, norms="head", score=1, post_norms=2.0, embedding=1.0, last=2.0),
]
