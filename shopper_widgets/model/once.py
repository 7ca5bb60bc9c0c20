"""Results that are computed from a model once, and then reused."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from shopper_widgets._support.locale import current_locale
from shopper_widgets.model.parts import ModelParts

Terms = ParamSpec("Terms")
Model = TypeVar("Model", bound=ModelParts)
Found = TypeVar("Found")


def once_per_model(
    work: Callable[Concatenate[Model, Terms], Found],
) -> Callable[Concatenate[Model, Terms], Found]:
    """Store a function's result in the model, so that later calls, and forks for visitors, reuse it.

    Its other arguments must be hashable; each language has its own result. Callers must not change the
    result, since the next call gets the same object.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> asked = []
    >>> sales = once_per_model(lambda model, days: asked.append(days) or days * model.a_day)
    >>> model = SimpleNamespace(a_day=5)
    >>> sales(model, 2), sales(model, 2), sales(model, 7), asked
    (10, 10, 35, [2, 7])
    """
    signature = inspect.signature(work)

    @wraps(work)
    def found(model: Model, /, *args: Terms.args, **terms: Terms.kwargs) -> Found:
        kept = vars(model).setdefault("_found", {})
        asked = signature.bind(model, *args, **terms)
        asked.apply_defaults()  # an argument that equals its default makes no difference
        key = (work.__module__, work.__qualname__, current_locale(), *asked.args[1:], *asked.kwargs.items())
        if key not in kept:
            kept[key] = work(model, *args, **terms)
        answer: Found = kept[key]
        return answer

    return found
