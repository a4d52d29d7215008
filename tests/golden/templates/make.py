"""What jinja2 makes of templates, set up as transformers' `_compile_jinja_template` does.

pip install jinja2==3.1.6
python make.py                 writes expressions.json from expressions.txt, and own.json from own/
python make.py FOLDER          writes public.json: what the templates of FOLDER make of the conversations
"""

import datetime
import hashlib
import json
import pathlib
import sys

import jinja2
import jinja2.ext
import jinja2.sandbox

HERE = pathlib.Path(__file__).parent
NOW = datetime.datetime(2026, 11, 25, 15, 4, 9)
SPECIAL = {
    "bos_token": "<|im_start|>",
    "eos_token": "<|im_end|>",
    "unk_token": "<|endoftext|>",
    "pad_token": "<|im_end|>",
}


class AssistantTracker(jinja2.ext.Extension):
    """The block that marks an answer: here it does nothing but to be a scope, as in transformers."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        call = self.call_method("_generation")
        return jinja2.nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _generation(self, caller):
        return caller()


def environment():
    env = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[AssistantTracker, jinja2.ext.loopcontrols]
    )

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)

    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = NOW.strftime
    return env


def render(source, messages, add_generation_prompt):
    """The text, or None where Python raises."""
    try:
        template = environment().from_string(source)
        text = template.render(
            messages=messages,
            tools=None,
            documents=None,
            add_generation_prompt=add_generation_prompt,
            **SPECIAL,
        )
        text.encode()
        return text
    except Exception:
        return None


def main():
    conversations = json.loads((HERE / "conversations.json").read_text())
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if folder is None:
        first = conversations["expressions"]
        lines = (HERE / "expressions.txt").read_text().split("\n")[:-1]
        made = [[one, render(one, first, True)] for line in lines for one in cases(line)]
        (HERE / "expressions.json").write_text(json.dumps(made, ensure_ascii=False, indent=0) + "\n")
        folder = HERE / "own"
    out = {}
    for path in sorted(folder.glob("**/*.jinja*")):
        source = path.read_bytes().decode()
        out[str(path.relative_to(folder))] = [
            render(source, messages, prompt)
            for messages in conversations["templates"]
            for prompt in (False, True)
        ]
    short = {name: [digest(text) for text in texts] for name, texts in out.items()}
    name = "public.json" if len(sys.argv) > 1 else "own.json"
    (HERE / name).write_text(json.dumps(short, indent=0) + "\n")


def cases(line):
    """The cases of a line: each expression is one, unless there are statements."""
    if "{%" in line or "{#" in line:
        return [line]
    return line.replace("}} {{", "}}\0{{").split("\0")


def digest(text):
    """The first half of a text's SHA-256, its length in bytes before it; none for an error."""
    if text is None:
        return None
    data = text.encode()
    return f"{len(data)}:{hashlib.sha256(data).hexdigest()[:32]}"


main()
