"""The files: what is special about each, and which mistakes its numbers must show."""

import math
from dataclasses import dataclass, field

import numpy as np

from forward import silu

# Llama 3.1's rule for a context of 512 stretched eightfold, at 8 frequencies of base 10,000.
LLAMA_3 = [1.0, 1.0, 1.0, 2.118, 8.0, 8.0, 8.0, 8.0]


@dataclass
class Case:
    name: str
    architecture: str
    entries: dict
    seed: int
    mistakes: dict  # name -> changes to the rules, a function from the rules to them, or tensors that are not read
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
    return lambda rules: {"frequencies": (base ** (-np.arange(count) / count),) * len(rules.frequencies)}


def one_set(factors, base):
    """Phi 3's rotations with the same factors at every length."""
    return lambda rules: {"frequencies": (base ** (-np.arange(len(factors)) / len(factors)) / factors,) * len(rules.frequencies)}


def not_scaled(rules):
    return {"rotation_scale": (1.0,) * len(rules.rotation_scale)}


PAIRS = {"other pairs": other_pairs}
BIASES = {"no biases": ".bias"}
NORMS = {"queries and keys not normed": "attn_[qk]_norm"}
POST_NORMS = {"parts not normed": "post_"}
SHORT, LONG = [1.0, 1.1, 1.2, 1.3, 1.5, 1.7, 2.0, 2.3], [1.0, 1.5, 2.2, 3.5, 5.0, 7.0, 9.0, 12.0]
# Of a context of 4,096 that was 512: sqrt(1 + ln(4096/512) / ln(512)).
LONG_ROTATION = math.sqrt(1 + math.log(8) / math.log(512))

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
    Case("llama-yarn", "llama", {
        "attention.head_count_kv": 2, "rope.dimension_count": 32, "rope.freq_base": 10_000.0,
        "attention.key_length": 32, "attention.value_length": 32,
        "rope.scaling.type": "yarn", "rope.scaling.factor": 8.0, "rope.scaling.original_context_length": 512,
    }, 18, {**PAIRS, "rotations not scaled": not_scaled, "no ramp": plain(10_000.0, 16)}, width=32, score=1.4),
    Case("llama-window", "llama", {
        "attention.head_count_kv": 2, "rope.dimension_count": 8, "rope.freq_base": 10_000.0, "attention.sliding_window": 16,
    }, 19, {**PAIRS, **BIASES, "no window": no_window, "window of 17": wider(1)}, biases=True),
    Case("qwen2", "qwen2", {"attention.head_count_kv": 2, "rope.freq_base": 1_000_000.0},
         5, {**PAIRS, **BIASES}, biases=True, untied=True),
    Case("qwen2-tied", "qwen2", {"attention.head_count_kv": 1, "rope.freq_base": 1_000_000.0},
         6, {**PAIRS, **BIASES}, heads_kv=1, biases=True),
    Case("qwen3", "qwen3", {
        "attention.head_count_kv": 2, "attention.key_length": 32, "attention.value_length": 32,
        "rope.freq_base": 1_000_000.0,
    }, 7, {**PAIRS, **NORMS, "scores by hidden width": {"score_scale": 0.25}}, width=32, norms="head", score=1),
    Case("gemma3", "gemma3", {
        "attention.head_count_kv": 1, "attention.key_length": 32, "attention.value_length": 32,
        "attention.sliding_window": 16, "rope.freq_base": 1_000_000.0,
        "rope.scaling.type": "linear", "rope.scaling.factor": 8.0,
    }, 8, {**PAIRS, **NORMS, **POST_NORMS, "SiLU": {"activation": silu}, "no window": no_window, "window of 17": wider(1),
           "near rotations": alike(0), "far rotations": alike(5), "embedding unscaled": {"embedding_scale": 1.0}},
        hidden=32, layers=7, heads_kv=1, width=32, norms="head", score=1, post_norms=2.0, embedding=1.0, last=2.0),
    Case("gemma3-256", "gemma3", {
        "attention.head_count_kv": 1, "attention.key_length": 256, "attention.value_length": 256,
        "attention.sliding_window": 64, "rope.freq_base": 1_000_000.0,
    }, 9, {**PAIRS, **NORMS, **POST_NORMS, "SiLU": {"activation": silu}, "no window": no_window},
        hidden=32, heads=2, heads_kv=1, width=256, norms="head", score=1, post_norms=2.0, embedding=1.0, last=2.0),
    Case("gemma2", "gemma2", {
        "attention.head_count_kv": 2, "attention.key_length": 32, "attention.value_length": 32,
        "attention.sliding_window": 16, "attn_logit_softcapping": 4.0, "final_logit_softcapping": 6.0,
    }, 10, {**PAIRS, **POST_NORMS, "SiLU": {"activation": silu}, "no window": no_window, "window of 17": wider(1),
            "scores not capped": {"score_cap": 0.0}, "logits not capped": {"logit_cap": 0.0},
            "scores by hidden width": {"score_scale": 0.25}, "embedding unscaled": {"embedding_scale": 1.0}},
        hidden=32, layers=3, width=32, post_norms=2.0, embedding=1.0, last=3.0),
    Case("smollm3", "smollm3", {
        "attention.head_count_kv": 1, "rope.dimension_count": 16, "rope.freq_base": 5_000_000.0,
    }, 11, {**PAIRS, "rotations in all layers": alike(0)}, hidden=32, layers=5, heads=2, heads_kv=1),
    Case("phi3", "phi3", {
        "attention.head_count_kv": 4, "rope.dimension_count": 16, "rope.freq_base": 10_000.0,
        "rope.scaling.original_context_length": 512, "rope.scaling.attn_factor": LONG_ROTATION,
    }, 12, {**PAIRS, "short factors": one_set(SHORT, 10_000.0), "long factors": one_set(LONG, 10_000.0),
            "rotations not scaled": not_scaled},
        heads_kv=4, fused=True, untied=True, score=1.45,
        factors={"rope_factors_short": SHORT, "rope_factors_long": LONG}),
    Case("phi3-partial", "phi3", {
        "attention.head_count_kv": 1, "rope.dimension_count": 16, "rope.freq_base": 10_000.0,
        "rope.scaling.original_context_length": 512, "rope.scaling.attn_factor": LONG_ROTATION,
        "attention.sliding_window": 0,
    }, 13, {**PAIRS, "short factors": one_set(SHORT, 10_000.0), "long factors": one_set(LONG, 10_000.0),
            "rotations not scaled": not_scaled},
        heads=2, heads_kv=1, width=32, fused=True, score=1.45,
        factors={"rope_factors_short": SHORT, "rope_factors_long": LONG}),
    Case("phi3-window", "phi3", {
        "attention.head_count_kv": 2, "rope.dimension_count": 16, "rope.freq_base": 10_000.0,
        "rope.scaling.original_context_length": 4096, "attention.sliding_window": 16,
    }, 20, {**PAIRS, "no window": no_window, "window of 17": wider(1)}, fused=True, untied=True),
    Case("granite", "granite", {
        "attention.head_count_kv": 2, "rope.dimension_count": 16, "rope.freq_base": 10_000.0,
        "embedding_scale": 3.0, "residual_scale": 0.5, "attention.scale": 0.125, "logit_scale": 4.0,
    }, 14, {**PAIRS, "embedding not scaled": {"embedding_scale": 1.0}, "layers not scaled": {"residual_scale": 1.0},
            "scores by head width": {"score_scale": 0.25}, "logits not divided": {"logit_divisor": 1.0}},
        hidden=96, heads=6, score=2.26, embedding=1.0, last=8.0),
    Case("olmo2", "olmo2", {
        "attention.head_count_kv": 2, "rope.dimension_count": 16, "rope.freq_base": 500_000.0,
    }, 15, {**PAIRS, **NORMS, **POST_NORMS}, untied=True, norms="whole", score=1, post_norms=1.0),
    Case("olmo2-window", "olmo2", {
        "attention.head_count_kv": 2, "rope.dimension_count": 16, "rope.freq_base": 500_000.0,
        "attention.sliding_window": 16, "rope.scaling.type": "yarn", "rope.scaling.factor": 8.0,
        "rope.scaling.original_context_length": 512,
    }, 21, {**PAIRS, **NORMS, **POST_NORMS, "no window": no_window, "window of 17": wider(1),
            "rotations not scaled": not_scaled, "near rotations": alike(0), "far rotations": alike(3)},
        hidden=32, layers=4, heads=2, untied=True, norms="whole", score=1, post_norms=1.0),
    Case("glm4", "glm4", {
        "attention.head_count_kv": 2, "rope.dimension_count": 8, "rope.freq_base": 10_000.0,
    }, 16, {**PAIRS, **BIASES, **POST_NORMS}, untied=True, biases=True, post_norms=1.0),
    Case("lfm2", "lfm2", {
        "attention.head_count_kv": [0, 1, 0], "rope.freq_base": 1_000_000.0, "shortconv.l_cache": 3,
    }, 17, {**PAIRS, **NORMS}, hidden=32, layers=3, heads=2, heads_kv=(0, 1, 0), norms="head", score=1),
]
