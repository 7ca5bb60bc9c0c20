"""Every public docstring has parameters, returns and errors, and an example."""

import ast
import dataclasses
import functools
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest
from numpydoc.docscrape import get_doc_object
from numpydoc.validate import Validator, validate

import shopper_widgets
from shopper_widgets import charts, datasets, panels, segments
from shopper_widgets._support.checks import check_count
from tests import rooms
from tests.contracts import wrong_defaults

#: For every docstring: sections are known and in order; a list of parameters has those of the signature, in
#: order; what is returned has a text.
LISTED = {"GL03", "GL06", "GL07", "PR02", "PR03", "RT03", "SS06"}
#: For public ones: there is a docstring, which lists every parameter and what is returned.
TOLD = {*LISTED, "GL08", "PR01", "RT01", "YD01"}
#: For public classes and functions: an example, too.
SHOWN = {*TOLD, "EX01"}
#: Sections whose entries must have a type and a text each. numpydoc's PR04 and PR07 miss some.
PARTS = ("Parameters", "Other Parameters", "Attributes")
#: How names of functions begin that raise for their caller. Estimators must be fitted first by a convention
#: of scikit-learn, which docstrings don't repeat.
CHECKS, CONVENTION = ("check_", "as_path"), "check_is_fitted"
#: Only the build runs it, since only there its base class is installed.
BUILD_HOOK = "shopper_widgets._support._build_vega"

OURS = "shopper_widgets."
ROOMS = sorted({name.split(".")[1] for name in rooms.modules() if name.startswith(OURS)})


def public() -> list[type | Any]:
    """Return every public class and function once."""
    spaces = (shopper_widgets, segments, charts, panels, datasets)
    found = [getattr(space, name) for space in spaces for name in space.__all__]
    return list(dict.fromkeys(each for each in found if inspect.isclass(each) or inspect.isfunction(each)))


def name_of(thing: Any) -> str:
    """Return the dotted name by which a class or function is defined."""
    return f"{thing.__module__}.{thing.__qualname__}"


def members_of(owner: type) -> Iterator[str]:
    """Yield the public methods and properties that a class itself defines, without generated ones."""
    kinds = (classmethod, staticmethod, property, functools.cached_property)
    for name, value in vars(owner).items():
        if not name.startswith("_") and (isinstance(value, kinds) or inspect.isfunction(value)):
            yield f"{name_of(owner)}.{name}"


def within(module: str) -> Iterator[str]:
    """Yield what a module defines under names without an underscore."""
    if module != BUILD_HOOK:
        for name, thing in vars(importlib.import_module(module)).items():
            if not name.startswith("_") and getattr(thing, "__module__", None) == module:
                if inspect.isclass(thing) or inspect.isfunction(thing):
                    yield f"{module}.{name}"
                if inspect.isclass(thing):
                    yield from members_of(thing)


CLASSES = [thing for thing in public() if inspect.isclass(thing)]
THINGS = [name_of(thing) for thing in public()]
#: Members of our own base classes count, too; other libraries document theirs.
MEMBERS = sorted(
    {
        member
        for thing in CLASSES
        for owner in thing.__mro__
        if owner.__module__.startswith(OURS)
        for member in members_of(owner)
    }
)


def docstring_of(name: str) -> Validator:
    """Return the docstring, with its object, for a dotted name."""
    thing = Validator._load_obj(name)
    # The docstring as it is written, without the properties that numpydoc would add to a class.
    return Validator(get_doc_object(thing, config={"show_class_members": False}))


def is_read_only(thing: Any) -> bool:
    """Return whether users only read a class (a result or an error): it has attributes, no parameters."""
    return inspect.isclass(thing) and (dataclasses.is_dataclass(thing) or issubclass(thing, BaseException))


def faults(name: str, asked: set[str]) -> list[str]:
    """Return these faults by numpydoc, entries without type or text, and wrong defaults."""
    docstring = docstring_of(name)
    if is_read_only(docstring.obj):
        asked = asked - {"PR01"}
    elif docstring.doc_parameters:
        asked = asked | {"PR01"}
    found = [f"{code} {text}" for code, text in validate(docstring.doc)["errors"] if code in asked]
    for each in [each for part in PARTS for each in docstring.doc[part]]:
        if not each.desc or not (each.type or each.name.startswith("*")):
            found.append(f"{each.name} has no {'type' if each.desc else 'text'}")
    wrong = wrong_defaults(docstring.obj) if callable(docstring.obj) else []
    return found + [f"{parameter} has another default" for parameter in wrong]


def documented(owner: type) -> set[str]:
    """Return the parameters and attributes that a class and its base classes document."""
    docs = [docstring_of(name_of(each)).doc for each in owner.__mro__ if each.__module__.startswith(OURS)]
    listed = [each.name for doc in docs for part in ("Attributes", "Parameters") for each in doc[part]]
    return {name for names in listed for name in names.split(", ")}


def refuses(thing: Any) -> bool:
    """Return whether a function itself raises, or calls a check that does."""
    function = inspect.unwrap(getattr(thing, "fget", None) or getattr(thing, "func", thing))
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        match node:
            case ast.Raise(exc=ast.Call()):
                return True
            case ast.Call(func=ast.Name(id=called)) if called != CONVENTION and called.startswith(CHECKS):
                return True
    return False


def lacking(first: int = 1, second: int = 2) -> int:
    """Do something.

    Parameters
    ----------
    first : {1, 2}, default=2

    Returns
    -------
    int
    """
    check_count("second", second)
    return first


def test_what_a_docstring_lacks_is_found() -> None:
    found = faults(name_of(lacking), SHOWN)
    assert [fault.split()[0] for fault in found] == ["PR01", "RT03", "EX01", "first", "first"]
    assert found[-2:] == ["first has no text", "first has another default"]
    assert refuses(lacking)


@pytest.mark.parametrize("name", THINGS)
def test_a_public_class_or_function_tells_all_and_shows_it(name: str) -> None:
    assert faults(name, SHOWN) == []


@pytest.mark.parametrize("name", MEMBERS)
def test_a_public_method_tells_all(name: str) -> None:
    assert faults(name, TOLD) == []


@pytest.mark.parametrize("owner", CLASSES)
def test_a_public_class_documents_its_fields_and_its_state(owner: Any) -> None:
    taken = list(inspect.signature(owner.__init__).parameters.values())[1:] if is_read_only(owner) else []
    named = {each.name for each in taken if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)}
    state = owner.state if issubclass(owner, panels.Panel) else ()
    assert {*named, *state} <= documented(owner)


@pytest.mark.parametrize("name", [name for name in [*THINGS, *MEMBERS] if name not in map(name_of, CLASSES)])
def test_a_public_function_tells_what_it_raises(name: str) -> None:
    docstring = docstring_of(name)
    assert docstring.doc["Raises"] or not refuses(docstring.obj)


@pytest.mark.parametrize("room", ROOMS)
def test_what_any_docstring_lists_it_explains(room: str) -> None:
    modules = [module for module in rooms.modules() if module.split(".")[1:2] == [room]]
    names = [name for module in modules for name in within(module)]
    assert {name: wrong for name in names if (wrong := faults(name, LISTED))} == {}
