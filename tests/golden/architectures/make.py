"""Makes the files beside it: tiny models of each architecture, and what a float64 forward pass says of them.

    pip install -r requirements.txt && python make.py [NAME...]

README.md tells the layout, and what else was compared.
"""

import json
import sys
from dataclasses import replace

import numpy as np

import forward
from cases import CASES
from files import VOCABULARY, write

LENGTHS = (3, 15, 40, 120, 1000, 2500)
BEST = 20


def last_positions(file, ids, change=None):
    """Log-probabilities after each of the lengths: [lengths, vocabulary]. One pass for all that have equal rules."""
    if isinstance(change, str):
        file, change = file.without(change), None
    groups = {}
    for length in LENGTHS:
        rule = forward.rules(file, length)
        groups.setdefault(np.concatenate([f for f in rule.frequencies if f is not None]).tobytes(), []).append(length)
    out = {}
    for lengths in groups.values():
        rule = forward.rules(file, max(lengths))
        if change is not None:
            rule = replace(rule, **(change(rule) if callable(change) else change))
        logits = forward.logits(file, ids[:max(lengths)], [length - 1 for length in lengths], rule)
        out.update(zip(lengths, forward.log_probabilities(logits)))
    return np.array([out[length] for length in LENGTHS])


def make(case):
    path = f"{case.name}.gguf"
    write(path, case)
    file = forward.File(path)
    ids = np.random.default_rng(1000 + case.seed).integers(2, VOCABULARY, max(LENGTHS))
    right = last_positions(file, ids)
    best = np.argsort(-right, axis=-1, kind="stable")[:, :BEST]
    of_best = lambda values: np.take_along_axis(values, best, -1)
    entropy = -(np.exp(right) * right).sum(-1) / np.log(2)
    mistakes = {
        name: np.abs(of_best(last_positions(file, ids, change) - right)).max(-1)
        for name, change in case.mistakes.items()
    }
    print(f"{case.name:12} bits", *(f"{value:7.2f}" for value in entropy))
    for name, differences in mistakes.items():
        print(f"  {name:22}", *(f"{value:7.4f}" for value in differences))
    rounded = lambda values, digits: [round(float(value), digits) for value in values]
    return {
        "architecture": case.architecture,
        "ids": ids.tolist(),
        "lengths": [
            {"tokens": length, "entropy_bits": round(float(bits), 4), "best": best.tolist(),
             "log_probabilities": rounded(values, 9)}
            for length, bits, best, values in zip(LENGTHS, entropy, best, of_best(right))
        ],
        "mistakes": {name: rounded(values, 4) for name, values in mistakes.items()},
    }


if __name__ == "__main__":
    for case in CASES:
        if not sys.argv[1:] or case.name in sys.argv[1:]:
            content = make(case)
            with open(f"{case.name}.json", "w", encoding="ascii") as file:
                json.dump(content, file, separators=(",", ":"))
                file.write("\n")
