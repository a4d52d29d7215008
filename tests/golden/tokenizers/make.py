"""Makes the files beside it: small vocabularies and what independent tokenizers do with them.

    pip install sentencepiece==0.2.3 tokenizers==0.23.3 && python make.py

llama-bpe.json and qwen2.json: byte-level BPE by the Python package tokenizers, with the pre-tokenizers
of Llama 3 and Qwen 2. llama*.json: SentencePiece BPE with byte fallback by the package sentencepiece.
Each: tokens, types (as GGUF numbers them), merges or scores, and cases {text, ids}.
pre-tokenizers.json: one byte-level vocabulary whose merges know no words, so that ids show where each family's
pre-tokenizer, built of the parts that its tokenizer.json names, cuts a text: texts, and ids by family.
"""

import json
import os
import random
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


# Of o200k_base, Tekken, DeepSeek and the others: the expressions of their tokenizer.json.
GPT_4O = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
          r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
          r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
TEKKEN = GPT_4O.replace("(?i:'s|'t|'re|'ve|'m|'ll|'d)?", "").replace(r"\p{N}{1,3}", r"\p{N}")
QWEN_35 = QWEN_2.replace(r"?\p{L}+", r"?[\p{L}\p{M}]+").replace(r"?[^\s\p{L}\p{N}]", r"?[^\s\p{L}\p{M}\p{N}]")
DEEPSEEK_3 = (r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"
              r"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
DEEPSEEK_LETTERS = (
    r"\s?[A-Za-z"
    r"\x{00B5}\x{00C0}-\x{00D6}\x{00D8}-\x{00F6}\x{00F8}-\x{01BA}\x{01BC}-\x{01BF}"
    r"\x{01C4}-\x{0293}\x{0295}-\x{02AF}\x{0370}-\x{0373}\x{0376}\x{0377}\x{037B}-\x{037D}"
    r"\x{037F}\x{0386}\x{0388}-\x{038A}\x{038C}\x{038E}-\x{03A1}\x{03A3}-\x{03F5}"
    r"\x{03F7}-\x{0481}\x{048A}-\x{052F}\x{0531}-\x{0556}\x{10A0}-\x{10C5}"
    r"\x{13A0}-\x{13F5}\x{13F8}-\x{13FD}\x{1C90}-\x{1CBA}\x{1CBD}-\x{1CBF}"
    r"\x{1D00}-\x{1D2B}\x{1D6B}-\x{1D77}\x{1D79}-\x{1D9A}\x{1E00}-\x{1F15}"
    r"\x{1F18}-\x{1F1D}\x{1F20}-\x{1F45}\x{1F48}-\x{1F4D}\x{1F50}-\x{1F57}\x{1F59}\x{1F5B}"
    r"\x{1F5D}\x{1F5F}-\x{1F7D}\x{1F80}-\x{1FB4}\x{1FB6}-\x{1FBC}\x{1FBE}\x{1FC2}-\x{1FC4}"
    r"\x{1FC6}-\x{1FCC}\x{1FD0}-\x{1FD3}\x{1FD6}-\x{1FDB}\x{1FE0}-\x{1FEC}"
    r"\x{1FF2}-\x{1FF4}\x{1FF6}-\x{1FFC}\x{2102}\x{2107}\x{210A}-\x{2113}\x{2115}"
    r"\x{2119}-\x{211D}\x{2124}\x{2126}\x{2128}\x{212A}-\x{212D}\x{212F}-\x{2134}\x{2139}"
    r"\x{213C}-\x{213F}\x{2145}-\x{2149}\x{214E}\x{2183}\x{2184}\x{2C00}-\x{2C7B}"
    r"\x{2C7E}-\x{2CE4}\x{2CEB}-\x{2CEE}\x{2CF2}\x{2CF3}\x{A640}-\x{A66D}\x{A680}-\x{A69B}"
    r"\x{A722}-\x{A76F}\x{A771}-\x{A787}\x{A78B}-\x{A78E}\x{AB70}-\x{ABBF}"
    r"\x{FB00}-\x{FB06}\x{FB13}-\x{FB17}\x{FF21}-\x{FF3A}\x{FF41}-\x{FF5A}"
    r"\x{10400}-\x{1044F}\x{104B0}-\x{104D3}\x{104D8}-\x{104FB}\x{10C80}-\x{10CB2}"
    r"\x{10CC0}-\x{10CF2}\x{118A0}-\x{118DF}\x{1E900}-\x{1E943}"
    r"]+")
SEED_CODER = QWEN_2.replace(r"\p{N}|", r"\p{N}{1}|").replace(r"?[^\s\p{L}\p{N}]+[\r\n]*", r"?[^\s\p{L}\p{N}\r\n]+")

DIGITS, GPT_2 = pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)
FAMILIES = {
    "smollm": [DIGITS, GPT_2], "llama-bpe": [LLAMA_3], "qwen2": ["NFC", QWEN_2], "qwen35": ["NFC", QWEN_35],
    "stablelm2": [QWEN_2], "smaug-bpe": [LLAMA_3], "gpt-2": [GPT_2], "olmo": ["NFC", GPT_2],
    "command-r": ["NFC", DIGITS, GPT_2], "gpt-4o": [GPT_4O], "tekken": [TEKKEN],
    "deepseek-llm": ["[\r\n]", DEEPSEEK_LETTERS, "\\s?[!-/:-~！-／：-～‘-‟　-。]+", "\\s+$", "[一-龥ࠀ-一가-퟿]+", DIGITS],
    "deepseek-coder": ["[\r\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", "[一-龥ࠀ-一가-퟿]+", DIGITS],
    "deepseek-v3": [r"\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", DEEPSEEK_3],
    "seed-coder": [SEED_CODER], "minicpm5": [r"\p{N}{1,3}", LLAMA_3.replace(r"\p{N}{1,3}", r"\p{N}+")],
    # llama.cpp's, for files that name none
    "default": [r"[\p{P}\$\+<=>\^~\|]+", r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)",
                r"\p{N}+", "[0-9][0-9][0-9]"],
}


def pre_tokenizer(parts):
    parts = [part for part in parts if part != "NFC"]
    parts = [pre_tokenizers.Split(Regex(part), "isolated") if isinstance(part, str) else part for part in parts]
    if parts[-1] is not GPT_2:
        parts.append(pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False))
    return pre_tokenizers.Sequence(parts)


def texts():
    """The cases, and as many texts of characters of all kinds."""
    draw = random.Random(1)
    alphabet = "aZéßжΩ字かन्ิ한19½²Ⅻ '.,!?/_-<|>$+=^~`\"()\n\r\t \u00a0\u3000\u0301'sʼ’🙂ǅªﬁ"
    return CASES + ["".join(draw.choices(alphabet, k=draw.randint(4, 30))) for _ in range(len(CASES))]


def families():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    trainer = trainers.BpeTrainer(
        vocab_size=1200, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator([WORDS] * 2 + texts() * 2, trainer)
    inner = json.loads(tokenizer.to_str())["model"]
    result = {}
    for name, parts in FAMILIES.items():
        tokenizer = Tokenizer.from_str(json.dumps({**json.loads(tokenizer.to_str()), "normalizer": None}))
        tokenizer.pre_tokenizer = pre_tokenizer(parts)
        if "NFC" in parts:
            tokenizer.normalizer = normalizers.NFC()
        result[name] = [tokenizer.encode(text).ids for text in texts()]
    tokens = sorted(inner["vocab"], key=inner["vocab"].get)
    merges = [m if isinstance(m, str) else " ".join(m) for m in inner["merges"]]
    with open("pre-tokenizers.json", "w", encoding="ascii") as file:
        json.dump({"pre": "smollm", "tokens": tokens, "types": [1] * len(tokens), "merges": merges,
                   "texts": texts(), "families": result}, file, separators=(",", ":"))
        file.write("\n")


byte_level("llama-bpe", LLAMA_3, None, True)
byte_level("qwen2", QWEN_2, normalizers.NFC(), False)
sentence_piece("llama", True)
sentence_piece("llama-no-prefix", False)
families()
