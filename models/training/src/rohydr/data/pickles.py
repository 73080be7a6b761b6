"""Unpickling of data files without running anything that a stranger put into them."""

from __future__ import annotations

import collections
import io
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from rohydr.benchmark.utterances import DataError

_RECONSTRUCT: Any = np.zeros(0).__reduce__()[0]
_SCALAR: Any = np.float64(0).__reduce__()[0]
_FROM_BUFFER: Any = np.zeros(1).__reduce_ex__(5)[0]


def _text_to_bytes(text: str, encoding: str) -> bytes:
    """What pickles of Python 2 and protocol 2 hold instead of bytes; no other codec."""
    if encoding != "latin1":
        raise pickle.UnpicklingError(f"bytes encoded as {encoding}")
    return text.encode("latin1")


def _array(kind: type, shape: tuple[int, ...], code: bytes) -> Any:
    """An empty array, filled by its state afterwards; of no other class."""
    if kind is not np.ndarray or shape != (0,):
        raise pickle.UnpicklingError("an array of another class or with a size of its own")
    return _RECONSTRUCT(kind, shape, code)


ALLOWED: Final[dict[tuple[str, str], Callable[..., Any]]] = {
    ("collections", "OrderedDict"): collections.OrderedDict,
    ("_codecs", "encode"): _text_to_bytes,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    **{
        (f"numpy.{core}.multiarray", name): what
        for core in ("core", "_core")
        for name, what in (("_reconstruct", _array), ("scalar", _SCALAR))
    },
    **{(f"numpy.{core}.numeric", "_frombuffer"): _FROM_BUFFER for core in ("core", "_core")},
}
"""All names that a data file may ask for: arrays and containers."""


class _Restricted(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        found = ALLOWED.get((module, name))
        if found is None:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        return found


def read_pickle(path: Path) -> Any:
    """Content of a pickle that holds arrays and containers only.

    :raises DataError: when the file asks for anything else (nothing of it is run), is damaged or cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise DataError(f"{path}: cannot be read ({problem.strerror})") from problem
    try:
        return _Restricted(io.BytesIO(content), encoding="latin1").load()
    except pickle.UnpicklingError as problem:
        raise DataError(
            f"{path.name}: refused, {problem}; a data file holds arrays, lists and dictionaries and nothing else"
        ) from problem
    # A damaged pickle fails in many ways; all of them mean the same for who reads it.
    except (
        EOFError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        MemoryError,
        OverflowError,
    ) as problem:
        raise DataError(f"{path.name}: is no pickle, or damaged ({type(problem).__name__}: {problem})") from problem
