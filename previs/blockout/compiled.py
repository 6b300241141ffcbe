"""The numba decorator of the renderer's kernels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def kernel(function: Kernel) -> Kernel:
    """Compile `function` in nopython mode, releasing the GIL.

    The machine code is cached beside the module, or in the user's cache folder when the package is
    read-only; where neither can be written it is compiled again in each process.

    Numba notices a change of the file that holds a kernel, not of the files it calls into, so a kernel may
    call only kernels of its own module.
    """
    options: dict[str, Any] = {"nogil": True, "fastmath": True, "error_model": "numpy"}
    try:
        return numba.njit(cache=True, **options)(function)  # type: ignore[no-any-return]
    except RuntimeError:
        return numba.njit(**options)(function)  # type: ignore[no-any-return]
