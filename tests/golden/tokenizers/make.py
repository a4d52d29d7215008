"""Makes the files beside it: small vocabularies and what independent tokenizers do with them.

    pip install sentencepiece==0.2.3 tokenizers==0.23.3 && python make.py

llama-bpe.json and qwen2.json: byte-level BPE by the Python package tokenizers, with the pre-tokenizers
of Llama 3 and Qwen 2. llama*.json: SentencePiece BPE with byte fallback by the package sentencepiece.
Each: tokens, types (as GGUF numbers them), merges or scores, and cases {text, ids}.
"""

import json
import os
import tempfile

import sentencepiece
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

WORDS = """The sun sets slowly behind the hills, and the quick brown fox jumps over the lazy dog.
It's 1989; we'll count 12345 sheep, don't they say? I'd rather read: "Where are you going?" he asked.
    def main(argc, argv):\n        return argc + 1\n\n\n
Où est la bibliothèque? Größe, naïve, señor. Привет, мир! 你好,世界。 こんにちは ½ Ⅻ ² é
"""
CASES = [
    "", " ", "  ", "\n", "\r\n\r\n", "a", " a", "a ", "  a  b   c ", "The quick brown fox",
    "the hills, and the hills", "It's, IT'S, it’s, don't, DON'T, we'll", "1", "12", "123", "1234567890",
    "x1y22z333", "3.14159", "a\nb", "a \n b", "\t\ttab", "def main(argc):\n    return 1\n",
    "Größe naïve e\u0301 \u00e9", "Привет, мир!", "你好,世界。", "こんにちは", "½ Ⅻ ²", "🙂👍🏽 emoji",
    "\u00a0nbsp\u3000wide", "!!!???...", "a+b=c;", "<|im_start|> is text here", "zqxjkv", "\u0000\u0001",
    " leading", "trailing ", "▁underline", "mixed 你好 and 123 and é", "l'été d'Été", "\u2028line",
]
LLAMA_3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
           r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN_2 = LLAMA_3.replace(r"\p{N}{1,3}", r"\p{N}")


def byte_level(name, regex, normalizer, ignore_merges):
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(regex), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=480, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator([WORDS] * 4, trainer)
    if ignore_merges:
        # A whole word that no merge makes: found only where merges are ignored.
        inner = json.loads(tokenizer.to_str())
        inner["model"]["vocab"]["zqxjkv"] = len(inner["model"]["vocab"])
        tokenizer = Tokenizer.from_str(json.dumps(inner))
    inner = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(inner["vocab"], key=inner["vocab"].get)
    merges = [m if isinstance(m, str) else " ".join(m) for m in inner["merges"]]
    write(name, {"pre": name, "tokens": tokens, "types": [1] * len(tokens), "merges": merges},
          lambda text: tokenizer.encode(text).ids)


def sentence_piece(name, add_space_prefix):
    with tempfile.TemporaryDirectory() as folder:
        text = os.path.join(folder, "text")
        with open(text, "w", encoding="utf-8") as file:
            file.write(WORDS * 4)
        prefix = os.path.join(folder, "model")
        sentencepiece.SentencePieceTrainer.train(
            input=text, model_prefix=prefix, model_type="bpe", vocab_size=480, byte_fallback=True,
            normalization_rule_name="identity", remove_extra_whitespaces=False, split_digits=True,
            character_coverage=0.99, minloglevel=2,
            add_dummy_prefix=add_space_prefix)
        model = sentencepiece.SentencePieceProcessor(model_file=prefix + ".model")
        count = range(model.get_piece_size())
        kind = lambda i: (2 if model.is_unknown(i) else 3 if model.is_control(i) else 6 if model.is_byte(i) else 1)
        write(name, {"add_space_prefix": add_space_prefix,
                     "tokens": [model.id_to_piece(i) for i in count], "types": [kind(i) for i in count],
                     "scores": [model.get_score(i) for i in count]}, model.encode)


def write(name, vocabulary, encode):
    cases = [{"text": text, "ids": encode(text)} for text in CASES]
    with open(f"{name}.json", "w", encoding="ascii") as file:
        json.dump({**vocabulary, "cases": cases}, file, separators=(",", ":"))
        file.write("\n")


byte_level("llama-bpe", LLAMA_3, None, True)
byte_level("qwen2", QWEN_2, normalizers.NFC(), False)
sentence_piece("llama", True)
sentence_piece("llama-no-prefix", False)
