"""Measures which varentropy is usual at which entropy, on answers of real models: writes usual.json and
held-out.csv. Python's standard library alone; README.md says how to run it.

A model answers a part of prompts.txt with each sampler. Of every token H and V at temperature 1 are taken, as the
sampler saw them, whatever it did then. Answers are kept in ANSWERS while it runs, so that it can go on later.
"""

import argparse
import json
import math
import statistics
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
SAMPLERS = {"greedy": "greedy", "temperature 1": {"temperature": 1.0}, "entropix B": "B"}
# Every sixth prompt is held out: no answer to it has a part in the curve.
HELD_OUT = 6
# Edges of the bins of H in bits.
EDGES = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 7, 8, 9, 11]


class Model:
    def __init__(self, written, entropix):
        path, _, most = written.partition(":")
        self.name, self.most = Path(path).stem, int(most or 240)
        self.command = [entropix, "generate", "--model", path, "--jsonl"]
        self.process = None

    def answer(self, prompt, sampler, seed):
        self.process = self.process or subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        # Without a chat template: a text that goes on.
        asked = {"messages": [{"role": "user", "content": prompt}]}
        for what in [asked, {"prompt": prompt + "\n\n"}]:
            request = {**what, "sampler": sampler, "seed": seed, "max_tokens": self.most}
            print(json.dumps(request), file=self.process.stdin, flush=True)
            answer = json.loads(self.process.stdout.readline())
            if "error" not in answer:
                break
        else:
            raise SystemExit(f"{self.name}: {answer['error']['message']}")
        seen = [token["decision"]["uncertainty"] for token in answer["tokens"]]
        return [[round(u["entropy_bits"], 4), round(u["varentropy_bits2"], 4)] for u in seen]


def measure(models, answers):
    done = {}
    if answers.exists():
        for line in answers.read_text().splitlines():
            row = json.loads(line)
            done[row["model"], row["prompt"]] = row
    with answers.open("a") as out:
        for number, prompt in enumerate((HERE / "prompts.txt").read_text().splitlines()):
            for place, model in enumerate(models):
                if (model.name, number) in done:
                    continue
                sampler = list(SAMPLERS)[(number + number // 5 + place) % len(SAMPLERS)]
                tokens = model.answer(prompt, SAMPLERS[sampler], number)
                row = {"model": model.name, "sampler": sampler, "prompt": number, "tokens": tokens}
                print(json.dumps(row), file=out, flush=True)
                done[model.name, number] = row
    return list(done.values())


def bins(tokens):
    for low, high in zip(EDGES, EDGES[1:]):
        roots = sorted(math.sqrt(v) for h, v in tokens if low <= h < high)
        if len(roots) < 20:
            continue
        middle = statistics.mean(h for h, v in tokens if low <= h < high)
        quartiles = statistics.quantiles(roots, n=4)
        yield {"from": low, "to": high, "mean_h": round(middle, 4), "tokens": len(roots), "root_v": [round(q, 4) for q in quartiles]}


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("models", nargs="*", help="FILE.gguf, or FILE.gguf:400 for at most 400 tokens an answer")
    options.add_argument("--entropix", default="entropix", help="the command line of this project")
    options.add_argument("--answers", type=Path, default=Path("answers.jsonl"), help="where answers are kept")
    options = options.parse_args()
    models = [Model(path, options.entropix) for path in options.models]
    rows = measure(models, options.answers)
    held_out = [row for row in rows if row["prompt"] % HELD_OUT == HELD_OUT - 1]
    kept = [row for row in rows if row not in held_out]
    each = lambda rows, key: {name: sum(len(row["tokens"]) for row in rows if row[key] == name) for name in dict.fromkeys(row[key] for row in rows)}
    summary = {
        "tokens": sum(len(row["tokens"]) for row in kept),
        "by_model": each(kept, "model"),
        "by_sampler": each(kept, "sampler"),
        "bins": list(bins([token for row in kept for token in row["tokens"]])),
    }
    text = json.dumps(summary, indent=1)
    (HERE / "usual.json").write_text(text + "\n")
    with (HERE / "held-out.csv").open("w") as out:
        print("model,sampler,entropy_bits,varentropy_bits2", file=out)
        for row in held_out:
            for h, v in row["tokens"]:
                print(row["model"], row["sampler"], f"{h:.4g}", f"{v:.4g}", sep=",", file=out)


if __name__ == "__main__":
    main()
