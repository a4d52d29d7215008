"""Writes real/NAME.json: the first greedy tokens of real, quantized files, and their log-probabilities, in float64.

    python real.py FOLDER [NAME...]

FOLDER has the model files. Tokens that real/NAME.json has already are a draft: one pass tells how far it is right.
"""

import hashlib
import json
import os
import sys

import numpy as np

import forward

COUNT = 20
# File, and ids of the prompt as the file's own tokenizer makes them.
PROMPTS = {
    "gemma-3-270m": ("gemma-3-270m-q4_k_m.gguf", "The capital of France is", [2, 818, 5279, 529, 7001, 563]),
    "qwen2.5-coder-0.5b": ("qwen2.5-coder-0.5b-instruct-q4_k_m.gguf", "def fibonacci(n):", [750, 75698, 1445, 1648]),
}


def greedy(file, prompt, draft):
    """The likeliest tokens, their log-probabilities, and by how much the second ones are behind (nats)."""
    while True:
        ids = np.array(prompt + draft)
        positions = range(len(prompt) - 1, min(len(ids), len(prompt) + COUNT - 1))
        found = forward.log_probabilities(forward.logits(file, ids, list(positions)))
        best = found.argmax(-1).tolist()
        right = next((i for i, (a, b) in enumerate(zip(draft, best)) if a != b), len(draft))
        if right >= COUNT - 1:
            top = np.sort(found, -1)
            return best, top[:, -1].tolist(), (top[:, -1] - top[:, -2]).tolist()
        draft = best[:right + 1]
        print(f"{len(draft)} of {COUNT}", flush=True)


def make(folder, name):
    model, text, prompt = PROMPTS[name]
    path, golden = os.path.join(folder, model), f"real/{name}.json"
    draft = []
    if os.path.exists(golden):
        with open(golden, encoding="ascii") as file:
            draft = json.load(file)["tokens"][:COUNT - 1]
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    tokens, values, margins = greedy(forward.File(path), prompt, draft)
    print(f"{name}: the closest second token is {min(margins):.3f} nats behind")
    with open(golden, "w", encoding="ascii") as file:
        json.dump({
            "file": model, "bytes": os.path.getsize(path), "sha256": digest, "prompt": text, "ids": prompt,
            "tokens": tokens, "log_probabilities": [round(value, 9) for value in values],
            "margins": [round(value, 6) for value in margins],
        }, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    for name in sys.argv[2:] or PROMPTS:
        make(sys.argv[1], name)
