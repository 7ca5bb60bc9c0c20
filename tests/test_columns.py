"""Columns of orders and customers are constants everywhere; docstrings name those of a single figure."""

import ast
import re
from collections.abc import Iterator

import pytest

from shopper_widgets import columns
from tests.rooms import modules

CONSTANTS = {
    value: name for name, value in vars(columns).items() if name.isupper() and isinstance(value, str)
}
#: Methods of frames and expressions, and functions that show frames, whose arguments name columns.
CALLS = {
    *("col", "select", "over", "groupby", "group_by", "sort", "sort_values", "set_index", "drop", "unique"),
    *("drop_duplicates", "nunique", "n_unique", "merge", "join", "rename", "agg", "reindex", "pivot"),
    *("DataFrame", "Index", "describe", "html_table", "table"),
}
SHORTHAND = re.compile(r"(\w+):[QNOTG]")


def loose(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield literals that name a column for which there is a constant.

    They are in the brackets or arguments of methods of a frame, fields of a chart, or among constants of
    columns. Elsewhere the same word may be a label, a parameter or a key of JSON.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            if (
                isinstance(node.value, str)
                and (field := SHORTHAND.fullmatch(node.value))
                and field[1] in CONSTANTS
            ):
                yield node
        elif isinstance(node, ast.Subscript) and getattr(node.value, "id", "") != "Literal":
            yield from _among(node.slice)
        elif isinstance(node, ast.Call) and _called(node) in CALLS:
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                yield from _among(argument)
        elif isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict):
            named = node.keys if isinstance(node, ast.Dict) else node.elts
            if any(isinstance(one, ast.Name) and one.id in CONSTANTS.values() for one in named):
                yield from (one for key in named if key is not None for one in _among(key))


def _called(call: ast.Call) -> str:
    """Return the name of the called function or method."""
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def _among(node: ast.expr) -> Iterator[ast.Constant]:
    if isinstance(node, ast.Constant) and node.value in CONSTANTS:
        yield node
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        for element in node.elts:
            yield from _among(element)
    elif isinstance(node, ast.Dict):
        for key in node.keys:
            yield from _among(key) if key is not None else ()


@pytest.mark.parametrize("module", sorted(modules()))
def test_a_column_with_a_constant_is_named_by_it(module):
    tree = ast.parse(modules()[module].read_text(encoding="utf-8"))
    found = sorted({(node.lineno, node.value) for node in loose(tree)})
    assert not found, f"{module}: of shopper_widgets.columns, there are constants for {found}"


@pytest.mark.parametrize(
    "code",
    [
        'lines["amount"]',
        'lines.loc[kept, ["rows", "amount"]]',
        'lines.groupby("customer_id", as_index=False)',
        'nw.col("amount")',
        'table.agg(name=("product_name", "first"))',
        'pd.DataFrame({"amount": amounts})',
        'alt.X("amount:Q")',
        'shown = [CUSTOMER_ID, "amount"]',
        '{CUSTOMER_ID: "Customer", "amount": "Amount"}',
        '''f"{lines['amount'].sum()}"''',
    ],
)
def test_a_loose_name_is_seen(code):
    assert [str(node.value).removesuffix(":Q") for node in loose(ast.parse(code))][-1] in CONSTANTS


@pytest.mark.parametrize(
    "code",
    [
        *('"amount"', 'report = {"amount": 3.0}', 'Literal["amount", "order"]'),
        *('check("customer_id", value)', 'f(x="amount")', "frame.assign(amount=1)"),
    ],
)
def test_other_uses_of_a_word_are_not_columns(code):
    assert not list(loose(ast.parse(code)))
