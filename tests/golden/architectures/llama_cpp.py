"""Compares the JSON files beside it with llama.cpp: the largest difference of the best log-probabilities, in nats.

    pip install xllamacpp==2026.10.11549 && python llama_cpp.py [NAME...]

One table row a case, one column a length. The KV cache holds F32, and every prompt is evaluated as a whole.
"""

import json
import sys
import urllib.request

import numpy as np
import xllamacpp

import forward
from cases import CASES
from files import CONTEXT, VOCABULARY, alphabet
from make import last_positions

SHORT_CONTEXT = 512
LETTER = alphabet().index("a")


def server(path, context):
    params = xllamacpp.CommonParams()
    params.model.path = path
    params.n_ctx, params.n_batch, params.n_ubatch = context, context, 512
    params.n_parallel, params.n_predict = 1, 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.cache_type_k = params.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
    params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
    params.warmup, params.cache_prompt, params.swa_full = False, False, True
    params.verbosity = 0
    return xllamacpp.Server(params)


def after(host, ids, count):
    """Log-probabilities by token id. The draw is forced to a letter: the server tells none of half a character."""
    request = {"prompt": ids, "n_predict": 1, "n_probs": count, "cache_prompt": False, "logit_bias": [[LETTER, 1000.0]]}
    request = urllib.request.Request(
        f"{host.listening_address}/completion", json.dumps(request).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        probabilities = json.load(answer)["completion_probabilities"]
    return {entry["id"]: entry["logprob"] for entry in probabilities[0]["top_logprobs"]}


def gelu_of_halves(x):
    """llama.cpp looks GELU up in a table of half precision."""
    halved = lambda x: x.astype(np.float16).astype(np.float64)
    return np.where(x <= -10, 0, np.where(x >= 10, x, halved(forward.gelu_tanh(halved(x)))))


def compare(name):
    with open(f"{name}.json", encoding="ascii") as file:
        golden = json.load(file)
    # llama.cpp chooses Phi 3's rotations by the size of the cache, transformers by the length of the text.
    hosts = {context: server(f"{name}.gguf", context) for context in (SHORT_CONTEXT, CONTEXT)}
    found = [
        after(hosts[SHORT_CONTEXT if entry["tokens"] < SHORT_CONTEXT else CONTEXT], golden["ids"][:entry["tokens"]], VOCABULARY)
        for entry in golden["lengths"]
    ]
    show(name, golden, found, [entry["log_probabilities"] for entry in golden["lengths"]])
    file = forward.File(f"{name}.gguf")
    if forward.rules(file, 1).activation is forward.gelu_tanh:
        all = last_positions(file, np.array(golden["ids"]), {"activation": gelu_of_halves})
        best = [entry["best"] for entry in golden["lengths"]]
        show(f"{name}, GELU as there", golden, found, [values[best] for values, best in zip(all, best)])


def show(title, golden, found, right):
    differences = [
        max(abs(found[id] - value) for id, value in zip(entry["best"], values))
        for entry, found, values in zip(golden["lengths"], found, right)
    ]
    print(f"| {title} |", " | ".join(f"{value:.5f}" for value in differences), "|", flush=True)


if __name__ == "__main__":
    for case in CASES:
        if not sys.argv[1:] or case.name in sys.argv[1:]:
            compare(case.name)
