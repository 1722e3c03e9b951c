"""What docs/api.md tells people to type, typed; what it says comes back, compared."""

import json
import os
import re
import subprocess
import unittest

from e2e import BIN, StackTest

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "api.md")
FIRST_WORDS = ("curl ", "scef-adapterctl ", "cat ", "API=", "HOOK=", "JOB=", "# ")


def blocks():
    """(line, language, text) of every block of code."""
    with open(PAGE, encoding="utf-8") as page:
        lines = page.read().split("\n")
    start = None
    for number, line in enumerate(lines, 1):
        if not line.startswith("```"):
            continue
        if start is None:
            start, language = number, line[3:]
        else:
            yield start + 1, language, "\n".join(lines[start:number - 1])
            start = None


def shape_mistakes(said, came, where=""):
    """What the page says and the answer has not: the same members, the same kinds of values."""
    if isinstance(said, dict):
        if not isinstance(came, dict):
            return [f"{where} is no object"]
        wrong = [f"{where}/{name} is only {'said' if name in said else 'answered'}"
                 for name in set(said) ^ set(came)]
        for name in set(said) & set(came):
            wrong += shape_mistakes(said[name], came[name], f"{where}/{name}")
        return wrong
    if isinstance(said, list):
        if not isinstance(came, list) or bool(said) != bool(came):
            return [f"{where}: {came}"]
        return [m for i, (a, b) in enumerate(zip(said, came)) for m in shape_mistakes(a, b, f"{where}/{i}")]
    same = isinstance(came, type(said)) or {type(said), type(came)} <= {int, float}
    return [] if same else [f"{where} is {came!r}"]


class Examples(StackTest):
    def setUp(self):
        """The token as a person would give it to curl: in a file that curl looks for by itself."""
        fields = self.stack.authorization().items()
        self.stack.canaries.write(os.path.join(self.dir, ".curlrc"), "".join(
            f'header = "{name}: {value}"\n' for name, value in fields))

    def run_block(self, text):
        """Runs it as a person would, but stops at what fails; the body of its last curl."""
        last = os.path.join(self.dir, "last")
        if os.path.exists(last):
            os.remove(last)
        prelude = f"""\
set -eo pipefail
cd '{self.dir}'
API={self.stack.api}/api/v1
DEVICE=meter-1@iot.operator-a.example
export CURL_HOME='{self.dir}'
curl() {{
    if [[ " $* " == *N* && " $* " =~ " -"[a-z]*N ]]; then  # a stream, which does not end
        command curl --fail-with-body --max-time 2 "$@" || [[ $? == 28 ]]
    else
        command curl --fail-with-body --max-time 20 "$@" | tee last
    fi
    echo
}}
scef-adapterctl() {{
    local tool='{os.path.abspath(os.path.join(BIN, "scef-adapterctl"))}'
    if [[ " $* " == *" --follow "* ]]; then
        timeout 2 "$tool" --url {self.stack.api} --token-file admin.token "$@" || [[ $? == 124 ]]
    else
        "$tool" --url {self.stack.api} --token-file admin.token "$@"
    fi
}}
"""
        text = text.replace("http://127.0.0.1:9080", self.stack.api)
        text = re.sub(r"^(API|DEVICE)=.*$", "", text, flags=re.M)
        done = subprocess.run(["bash", "-c", prelude + text], capture_output=True, text=True,
                              timeout=120, check=False)
        self.assertEqual(done.returncode, 0, f"{text}\n{done.stdout}\n{done.stderr}")
        if not os.path.exists(last):
            return None
        with open(last, encoding="utf-8") as file:
            return file.read()

    def test_the_examples_work_and_answer_as_the_page_says(self):
        answer, ran, compared = None, 0, 0
        self.stack.start_modems("--device", "meter-1@iot.operator-a.example")
        for line, language, text in blocks():
            with self.subTest(f"docs/api.md:{line}"):
                if language == "" and text.startswith(FIRST_WORDS):
                    answer = self.run_block(text)
                    ran += 1
                elif language == "json" and answer:
                    self.assertEqual(shape_mistakes(json.loads(text), json.loads(answer)), [])
                    answer = None
                    compared += 1
                else:
                    answer = None
        self.assertGreater(ran, 10)
        self.assertGreater(compared, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
