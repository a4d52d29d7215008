"""Next-token logits of a GGUF file in float64, written from the definitions of its architecture.

A file tells its shapes and numbers; what no file tells is in `rules`, one branch an architecture. Sources: the
papers, the modeling files of transformers, and the conventions of llama.cpp's converter for names and layouts.
"""

import copy
import math
import re
from dataclasses import dataclass
from typing import Callable

import gguf
import numpy as np


class File:
    def __init__(self, path):
        reader = gguf.GGUFReader(path)
        self.fields = reader.fields
        self.tensors = {tensor.name: tensor for tensor in reader.tensors}
        self.architecture = self.fields["general.architecture"].contents()
        self.known = {}

    def get(self, key, default=None):
        field = self.fields.get(f"{self.architecture}.{key}")
        return default if field is None else field.contents()

    def without(self, pattern):
        """The same file, but tensors whose names match."""
        other = copy.copy(self)
        other.tensors = {name: tensor for name, tensor in self.tensors.items() if not re.search(pattern, name)}
        return other

    def has(self, name):
        return name in self.tensors

    def tensor(self, name):
        """As the file has it: [out, in] for a matrix."""
        if name not in self.known:
            tensor = self.tensors[name]
            self.known[name] = gguf.dequantize(tensor.data, tensor.tensor_type).astype(np.float64)
        return self.known[name]


def silu(x):
    return x / (1 + np.exp(-x))


def gelu_tanh(x):
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


@dataclass(frozen=True)
class Rules:
    heads: int
    heads_kv: tuple  # a layer; 0 where it convolves
    width: int  # of a head
    epsilon: float
    neighbours: bool  # a rotation turns components 2i and 2i+1, not i and i+n/2
    frequencies: tuple  # a layer: radians per position, or None where positions are not told
    windows: tuple  # a layer: positions seen, the own one included, or None for all
    score_scale: float
    rotation_scale: tuple  # a layer: what cosines and sines are multiplied by
    score_cap: float = 0.0
    activation: Callable = silu
    embedding_scale: float = 1.0
    residual_scale: float = 1.0
    logit_divisor: float = 1.0
    logit_cap: float = 0.0


def rules(file, length):
    """`length` tokens are read in all: Phi 3 chooses its rotations by it."""
    name, layers, hidden = file.architecture, file.get("block_count"), file.get("embedding_length")
    heads = file.get("attention.head_count")
    heads_kv = file.get("attention.head_count_kv", heads)
    heads_kv = tuple(heads_kv) if isinstance(heads_kv, list) else (heads_kv,) * layers
    width = file.get("attention.key_length", hidden // heads)
    rotated = file.get("rope.dimension_count", width)
    scaling = file.get("rope.scaling.type", "none")
    stretch = file.get("rope.scaling.factor", 1.0) if scaling == "linear" else 1.0

    def frequencies(base, stretch, factors=1.0):
        return base ** (-np.arange(0, rotated, 2) / rotated) / (stretch * factors)

    def yarn(base, magnitude):
        """Peng et al. 2023, and how `transformers` rounds the ends of the ramp."""
        factor = file.get("rope.scaling.factor")
        first = file.get("rope.scaling.original_context_length")
        # The pair that turns so often within the first context, counted in components.
        pair = lambda turns: rotated * math.log(first / (turns * 2 * math.pi)) / (2 * math.log(base))
        low, high = max(math.floor(pair(32)), 0), min(math.ceil(pair(1)), rotated - 1)
        ramp = np.clip((np.arange(rotated // 2) - low) / max(high - low, 0.001), 0, 1)
        told = frequencies(base, 1.0)
        return told * (1 - ramp) + told / factor * ramp, magnitude * (0.1 * math.log(factor) + 1)

    base = file.get("rope.freq_base", 10_000.0)
    factors = file.tensor("rope_freqs.weight") if file.has("rope_freqs.weight") else 1.0
    if file.has("rope_factors_long.weight"):
        long = length > file.get("rope.scaling.original_context_length")
        factors = file.tensor(f"rope_factors_{'long' if long else 'short'}.weight")
    everywhere, magnitude = frequencies(base, stretch, factors), file.get("rope.scaling.attn_factor", 1.0)
    if scaling == "yarn":
        everywhere, magnitude = yarn(base, magnitude)
    told = {
        "heads": heads, "heads_kv": heads_kv, "width": width,
        "epsilon": file.get("attention.layer_norm_rms_epsilon"),
        "neighbours": name in ("llama", "smollm3", "granite", "glm4"),
        "frequencies": (everywhere,) * layers, "windows": (None,) * layers,
        "score_scale": file.get("attention.scale", width**-0.5),
        "rotation_scale": (magnitude,) * layers,
    }
    if name == "smollm3":
        told["frequencies"] = tuple(None if layer % 4 == 3 else everywhere for layer in range(layers))
    elif name == "granite":
        told["embedding_scale"] = file.get("embedding_scale", 1.0)
        told["residual_scale"] = file.get("residual_scale", 1.0)
        told["logit_divisor"] = file.get("logit_scale", 1.0)
    elif name in ("gemma2", "gemma3"):
        told["activation"] = gelu_tanh
        told["embedding_scale"] = math.sqrt(hidden)
        caps = (50.0, 30.0) if name == "gemma2" else (0.0, 0.0)
        told["score_cap"] = file.get("attn_logit_softcapping", caps[0])
        told["logit_cap"] = file.get("final_logit_softcapping", caps[1])
        window = file.get("attention.sliding_window")
        period = 2 if name == "gemma2" else 6
        told["windows"] = tuple(None if layer % period == period - 1 else window for layer in range(layers))
        # The 27B models alone scale by hidden width over heads (query_pre_attn_scalar), which no entry says.
        if layers == {"gemma2": 46, "gemma3": 62}[name]:
            told["score_scale"] = (hidden // heads) ** -0.5
        if name == "gemma3":
            near = frequencies(file.get("rope.freq_base_swa", 10_000.0), 1.0)
            told["frequencies"] = tuple(everywhere if seen is None else near for seen in told["windows"])
    elif name == "olmo2" and file.get("attention.sliding_window"):
        # OLMo 3: near layers know nothing of the longer context.
        window = file.get("attention.sliding_window")
        told["windows"] = tuple(None if layer % 4 == 3 else window for layer in range(layers))
        told["frequencies"] = tuple(everywhere if seen is None else frequencies(base, 1.0) for seen in told["windows"])
        told["rotation_scale"] = tuple(magnitude if seen is None else 1.0 for seen in told["windows"])
    elif name in ("llama", "phi3"):
        # The first Mistral and Phi 3 mini have a window in all layers; 0 is none.
        told["windows"] = (file.get("attention.sliding_window") or None,) * layers
    elif name not in ("qwen2", "qwen3", "olmo2", "glm4", "lfm2"):
        raise ValueError(f"{name} is not known here")
    return Rules(**told)


def normed(x, weight, epsilon):
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + epsilon) * weight


def rotated(x, frequencies, scale, neighbours):
    """x: [positions, heads, width]. Components beyond twice the frequencies stay as they are."""
    if frequencies is None:
        return x
    count = len(frequencies)
    angles = np.arange(len(x))[:, None, None] * frequencies
    cos, sin = np.cos(angles) * scale, np.sin(angles) * scale
    one, two = (slice(0, 2 * count, 2), slice(1, 2 * count, 2)) if neighbours else (slice(0, count), slice(count, 2 * count))
    out = x.copy()
    out[..., one] = x[..., one] * cos - x[..., two] * sin
    out[..., two] = x[..., two] * cos + x[..., one] * sin
    return out


def attended(q, k, v, window, scale, cap):
    """One head: [positions, width] each."""
    scores = q @ k.T * scale
    if cap:
        scores = np.tanh(scores / cap) * cap
    behind = np.arange(len(q))[:, None] - np.arange(len(q))
    scores[(behind < 0) | (behind >= (window or len(q)))] = -np.inf
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True) @ v


def mixed(layer, x, rule, index):
    """Attention of a layer: [positions, hidden] in and out."""
    heads, heads_kv, width = rule.heads, rule.heads_kv[index], rule.width
    if layer.has("attn_qkv.weight"):
        q, k, v = np.split(layer.product("attn_qkv", x), [heads * width, (heads + heads_kv) * width], axis=-1)
    else:
        q, k, v = (layer.product(f"attn_{name}", x) for name in "qkv")
    split = lambda x: x.reshape(len(x), -1, width)
    # Norms of a head's width come after the split into heads, those of the whole projection before it.
    whole = layer.has("attn_q_norm.weight") and layer.tensor("attn_q_norm.weight").size != width
    q, k = (x if not whole else layer.norm(f"attn_{name}_norm", x) for name, x in (("q", q), ("k", k)))
    q, k, v = split(q), split(k), split(v)
    q, k = (x if whole else layer.norm(f"attn_{name}_norm", x) for name, x in (("q", q), ("k", k)))
    q, k = (rotated(x, rule.frequencies[index], rule.rotation_scale[index], rule.neighbours) for x in (q, k))
    group = heads // heads_kv
    out = [attended(q[:, h], k[:, h // group], v[:, h // group], rule.windows[index], rule.score_scale, rule.score_cap)
           for h in range(heads)]
    return layer.product("attn_output", np.concatenate(out, -1))


def convolved(layer, x):
    """The short convolution of LFM2: [positions, hidden] in and out."""
    before, after, x = np.split(layer.product("shortconv.in_proj", x), 3, axis=-1)
    kernel = layer.tensor("shortconv.conv.weight")
    past = kernel.shape[-1] - 1
    padded = np.concatenate([np.zeros((past, x.shape[-1])), before * x])
    x = sum(padded[i:i + len(x)] * kernel[:, i] for i in range(past + 1))
    return layer.product("shortconv.out_proj", after * x)


def transformed(layer, x, activation):
    """The feed-forward part of a layer."""
    if layer.has("ffn_gate.weight"):
        gate, up = layer.product("ffn_gate", x), layer.product("ffn_up", x)
    else:
        gate, up = np.split(layer.product("ffn_up", x), 2, axis=-1)
    return layer.product("ffn_down", activation(gate) * up)


class Layer:
    def __init__(self, file, index, epsilon):
        self.file, self.prefix, self.epsilon = file, f"blk.{index}.", epsilon

    def has(self, name):
        return self.file.has(self.prefix + name)

    def tensor(self, name):
        return self.file.tensor(self.prefix + name)

    def product(self, name, x):
        x = x @ self.tensor(f"{name}.weight").T
        return x + self.tensor(f"{name}.bias") if self.has(f"{name}.bias") else x

    def norm(self, name, x):
        """As it came where the architecture has no such norm."""
        return normed(x, self.tensor(f"{name}.weight"), self.epsilon) if self.has(f"{name}.weight") else x


def logits(file, ids, positions, rule=None):
    """After each of `positions`: [positions, vocabulary]."""
    rule = rule or rules(file, len(ids))
    embedding = file.tensor("token_embd.weight")
    x = embedding[ids] * rule.embedding_scale
    for index in range(file.get("block_count")):
        layer = Layer(file, index, rule.epsilon)
        inner = layer.norm("attn_norm", x)
        inner = mixed(layer, inner, rule, index) if rule.heads_kv[index] else convolved(layer, inner)
        x = x + layer.norm("post_attention_norm", inner) * rule.residual_scale
        inner = transformed(layer, layer.norm("ffn_norm", x), rule.activation)
        x = x + layer.norm("post_ffw_norm", inner) * rule.residual_scale
    # LFM2 calls its last norm by another name.
    last = "output_norm" if file.has("output_norm.weight") else "token_embd_norm"
    x = normed(x[positions], file.tensor(f"{last}.weight"), rule.epsilon)
    head = file.tensor("output.weight") if file.has("output.weight") else embedding
    out = x @ head.T / rule.logit_divisor
    return np.tanh(out / rule.logit_cap) * rule.logit_cap if rule.logit_cap else out


def log_probabilities(logits):
    """In nats."""
    logits = logits - logits.max(-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(-1, keepdims=True))
