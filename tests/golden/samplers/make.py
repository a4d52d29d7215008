"""Writes vectors.json: what published truncations keep, computed from their definitions in float64 with
Python's standard library alone, independently of crates/entropix.

Each case: logits, the settings of the plain sampler, and the tokens kept with their probabilities.
"""

import json
import math
import random
import statistics
from pathlib import Path


def softmax(logits, temperature):
    top = max(logits)
    weights = [math.exp((x - top) / temperature) for x in logits]
    total = math.fsum(weights)
    return [w / total for w in weights]


def p_less(logits, temperature):
    """arXiv:2509.23234: keep p >= sum of p squared, the chance that two draws agree."""
    p = softmax(logits, temperature)
    cut = math.fsum(x * x for x in p)
    return [i for i, x in enumerate(p) if x >= cut]


def top_n_sigma(logits, temperature, n):
    """arXiv:2411.07641: keep logits >= maximum - n standard deviations (n - 1 in the denominator, as in
    Tomorrowdawn/top_nsigma), whatever the temperature."""
    cut = max(logits) - n * statistics.stdev(logits)
    return [i for i, x in enumerate(logits) if x >= cut]


def top_h(logits, temperature, share):
    """arXiv:2509.02510, algorithm 1: most probable first, while the entropy of the kept set, normalised, is
    at most `share` of the entropy of all."""
    p = softmax(logits, temperature)
    entropy = lambda q: -math.fsum(x * math.log(x) for x in q if x > 0)
    bound = share * entropy(p)
    kept = []
    for i in sorted(range(len(p)), key=lambda i: (-p[i], i)):
        mass = math.fsum(p[j] for j in [*kept, i])
        if kept and entropy([p[j] / mass for j in [*kept, i]]) > bound:
            break
        kept.append(i)
    return kept


def shapes():
    rng = random.Random(20261125)
    # Multiples of 1/64 are the same in f32 and f64.
    noise = lambda count, spread: [round(rng.gauss(0, spread) * 64) / 64 for _ in range(count)]
    yield "sure", [12.0] + noise(200, 1)
    yield "a few equal", [9.0, 9.0, 9.0] + noise(300, 1)
    yield "a favourite with a long tail", [7.0] + noise(300, 0.5)
    yield "wide", noise(200, 2)
    yield "bell", noise(300, 3)
    yield "two", [1.0, 0.0]


def case(name, settings, kept, logits, temperature):
    p = softmax([logits[i] for i in kept], temperature)
    order = sorted(range(len(kept)), key=lambda j: (-p[j], kept[j]))
    settings = {"temperature": temperature, "top_k": 0, "top_p": 1.0, **settings}
    return {
        "name": name,
        "settings": settings,
        "logits": logits,
        "kept": [[kept[j], p[j]] for j in order],
    }


cases = []
for name, logits in shapes():
    for temperature in (0.5, 1.0, 2.0):
        add = lambda settings, kept: cases.append(
            case(f"{name}, T {temperature}", settings, kept, logits, temperature)
        )
        add({"p_less": True}, p_less(logits, temperature))
        add({"top_n_sigma": 1.0}, top_n_sigma(logits, temperature, 1.0))
        for share in (0.4, 0.8):
            add({"top_h": share}, top_h(logits, temperature, share))

path = Path(__file__).with_name("vectors.json")
path.write_text("[\n" + ",\n".join(json.dumps(c, ensure_ascii=False) for c in cases) + "\n]\n")
