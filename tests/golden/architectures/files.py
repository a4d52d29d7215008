"""Writes small GGUF files with random F32 weights, laid out as llama.cpp's converter lays out real ones."""

import gguf
import numpy as np

CONTEXT = 4096
TEMPLATE = ("{% for m in messages %}<s>{{ m['role'] }}\n{{ m['content'] }}<e>{% endfor %}"
            "{% if add_generation_prompt %}<s>{% endif %}")


def alphabet():
    """Two control tokens, GPT-2's alphabet of bytes, and what three merges make."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100), *range(0x100, 0x144)]
    return ["<s>", "<e>", *map(chr, printable), "he", "ll", "hell"]


VOCABULARY = len(alphabet())


class Weights:
    """Of one file. Spreads are such that scores, layers and logits have the sizes they have in trained models."""

    def __init__(self, seed, writer):
        self.random, self.writer = np.random.default_rng(seed), writer

    def add(self, name, values):
        self.writer.add_tensor(name, values.astype(np.float32))

    def matrix(self, name, rows, columns, gain):
        """An input of unit size gives outputs of size `gain`."""
        self.add(f"{name}.weight", self.random.standard_normal((rows, columns)) * gain / np.sqrt(columns))

    def norm(self, name, width, mean):
        self.add(f"{name}.weight", mean * (1 + 0.2 * self.random.standard_normal(width)))

    def bias(self, name, width):
        self.add(f"{name}.bias", 0.5 * self.random.standard_normal(width))


def write(path, case):
    writer = gguf.GGUFWriter(path, case.architecture)
    # llama.cpp looks for tokens of Phi 3 in everything that has "phi3" in this name.
    writer.add_name(case.name.replace("phi3", "phi"))
    entries = {
        "context_length": CONTEXT, "block_count": case.layers, "embedding_length": case.hidden,
        "feed_forward_length": case.feed_forward, "attention.head_count": case.heads,
        "attention.layer_norm_rms_epsilon": 1e-5, **case.entries,
    }
    for key, value in entries.items():
        add_entry(writer, f"{case.architecture}.{key}", value)
    add_tokenizer(writer)
    weights = Weights(case.seed, writer)
    weights.matrix("token_embd", VOCABULARY, case.hidden, case.embedding)
    weights.norm("token_embd_norm" if case.architecture == "lfm2" else "output_norm", case.hidden, case.last)
    if case.untied:
        weights.matrix("output", VOCABULARY, case.hidden, 2.2)
    for name, values in case.factors.items():
        weights.add(f"{name}.weight", np.array(values))
    for layer in range(case.layers):
        add_layer(weights, f"blk.{layer}.", case, layer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def add_entry(writer, key, value):
    if isinstance(value, str):
        writer.add_string(key, value)
    elif isinstance(value, bool):
        writer.add_bool(key, value)
    elif isinstance(value, float):
        writer.add_float32(key, value)
    elif isinstance(value, list):
        writer.add_array(key, value)
    else:
        writer.add_uint32(key, value)


def add_tokenizer(writer):
    tokens = alphabet()
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([3, 3] + [1] * (len(tokens) - 2))
    writer.add_token_merges(["h e", "l l", "he ll"])
    writer.add_eos_token_id(1)
    writer.add_chat_template(TEMPLATE)


def add_layer(weights, prefix, case, layer):
    hidden, q = case.hidden, case.heads * case.width
    heads_kv = case.heads_kv[layer] if isinstance(case.heads_kv, tuple) else case.heads_kv
    kv = heads_kv * case.width
    # Olmo 2 alone has no norms before its parts.
    norm = lambda name, mean: weights.norm(prefix + name, hidden, mean)
    if case.architecture != "olmo2":
        norm("attn_norm", 1)
        norm("ffn_norm", 1)
    if case.post_norms:
        norm("post_attention_norm", case.post_norms)
        norm("post_ffw_norm", case.post_norms)
    if not heads_kv:
        weights.matrix(prefix + "shortconv.in_proj", 3 * hidden, hidden, 1)
        weights.add(prefix + "shortconv.conv.weight", weights.random.standard_normal((hidden, 3)))
        weights.matrix(prefix + "shortconv.out_proj", hidden, hidden, 1)
    elif case.fused:
        # Rows of queries and keys, then those of values.
        gains = np.repeat([case.score, 1], [q + kv, kv])[:, None]
        weights.add(prefix + "attn_qkv.weight", weights.random.standard_normal((q + 2 * kv, hidden)) * gains / np.sqrt(hidden))
    else:
        for name, rows, gain in (("attn_q", q, case.score), ("attn_k", kv, case.score), ("attn_v", kv, 1)):
            weights.matrix(prefix + name, rows, hidden, gain)
            if case.biases:
                weights.bias(prefix + name, rows)
    if heads_kv:
        weights.matrix(prefix + "attn_output", hidden, q, 1)
    if heads_kv and case.norms:
        whole = case.norms == "whole"
        weights.norm(prefix + "attn_q_norm", q if whole else case.width, 1.6)
        weights.norm(prefix + "attn_k_norm", kv if whole else case.width, 1.6)
    if case.fused or case.architecture == "glm4":
        weights.matrix(prefix + "ffn_up", 2 * case.feed_forward, hidden, 1.5)
    else:
        weights.matrix(prefix + "ffn_gate", case.feed_forward, hidden, 1.5)
        weights.matrix(prefix + "ffn_up", case.feed_forward, hidden, 1.5)
    weights.matrix(prefix + "ffn_down", hidden, case.feed_forward, 1)
