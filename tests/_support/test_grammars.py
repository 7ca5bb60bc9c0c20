"""Imports of other libraries take no longer than they must, and work as before."""

import subprocess
import sys

PROGRAM = """
import sys
import shopper_widgets.charts
print("rfc3987_syntax" in sys.modules)
import jsonschema
checker = jsonschema.FormatChecker(["iri"])
print(checker.conforms("https://shop.example/m\u00fcll", "iri"), checker.conforms("no address", "iri"))
print("rfc3987_syntax" in sys.modules)
"""


def test_the_grammar_of_addresses_is_read_when_an_address_is_checked() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "False", "True"]
