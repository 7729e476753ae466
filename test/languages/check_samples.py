"""Parses the samples in the docstrings of the installed package. Prints those that are not valid Python."""

import ast
import re
import sys
import textwrap

import cdk_cross_account_eventbridge as package

with open(package.__file__, encoding="utf8") as file:
    text = file.read()

# In the README, which is the docstring of the module, and after "Example::" in other docstrings.
samples = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
samples += re.findall(r"Example::\n\n((?: {8}.*\n|\n)+)", text)
broken = 0
for sample in map(textwrap.dedent, samples):
    try:
        ast.parse(sample)
    except SyntaxError as error:
        broken += 1
        print(f"{error}:\n{sample}")
print(f"{len(samples)} samples, {broken} broken")
sys.exit(1 if broken or len(samples) < 20 else 0)
