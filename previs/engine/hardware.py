"""Where a model runs and how thriftily: device, number format, offloading. Decided before anything is loaded."""

from __future__ import annotations

import os
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Literal

from previs.engine.port import EngineError
from previs.engine.safefiles import read_header

Device = Literal["cuda", "mps", "cpu"]
DType = Literal["float32", "bfloat16", "float16"]

GB = 10**9
# Activations, the attention workspace and the decoder of one frame at a model's native size, beside the weights.
WORKSPACE = 3 * GB
CPU_WORKSPACE = GB
BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}


@dataclass(frozen=True, slots=True)
class Hardware:
    """The device as found. free: bytes a model may take now.  bfloat16: whether the device computes in it."""

    device: Device
    name: str
    free: int
    bfloat16: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """How one model is laid out on the device.

    offload: keep only the part that works on the device.  tiling: decode in tiles, frame by frame.
    slicing: compute attention in slices, slower and smaller.
    batch_limit: frames rendered at once.
    """

    device: Device
    dtype: DType
    offload: bool = False
    tiling: bool = False
    slicing: bool = False
    batch_limit: int = 1


def detect() -> Hardware:
    """Ask torch for the best device of this machine."""
    import torch

    if torch.cuda.is_available():
        free, _total = torch.cuda.mem_get_info()
        return Hardware(
            "cuda",
            torch.cuda.get_device_name(),
            free,
            torch.cuda.is_bf16_supported(including_emulation=False),
        )
    if torch.backends.mps.is_available():
        # The graphics unit shares the machine's memory, and the system refuses more than this.
        return Hardware("mps", "Apple GPU", torch.mps.recommended_max_memory(), True)
    return Hardware("cpu", f"{torch.get_num_threads()} threads", free_memory(), True)


def free_memory() -> int:
    """Bytes of main memory that programs can take without swapping; physical memory where the system hides it."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def count_weights(folder: Path, *, variant: str | None) -> dict[str, int]:
    """Numbers (not bytes) in the safetensors files of each component: {"unet": 859_520_964, ...}.

    variant: count the files of this variant ("fp16") where a component has both.
    """
    counts: dict[str, int] = {}
    for component in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = sorted(component.glob("*.safetensors"))
        of_variant = [path for path in files if variant and f".{variant}" in path.name]
        plain = [path for path in files if ".fp16" not in path.name]
        total = 0
        for path in of_variant or plain:
            with path.open("rb") as file:
                total += sum(prod(tensor["shape"]) for tensor in read_header(file, path.name).values())
        if total:
            counts[component.name] = total
    return counts


def plan(counts: dict[str, int], hardware: Hardware, *, half: DType, title: str) -> Plan:
    """Choose number format and layout from the size of the weights and the memory that is free.

    half: the family's 16-bit format.
    Raises EngineError, naming both figures, if not even one part at a time fits.
    """
    total, largest = sum(counts.values()), max(counts.values(), default=0)
    free = hardware.free
    if hardware.device == "cpu":
        formats: tuple[DType, ...] = ("float32", "bfloat16")
        for dtype in formats:
            if total * BYTES[dtype] + CPU_WORKSPACE <= free:
                return Plan("cpu", dtype)
        raise _too_big(title, total * 2 + CPU_WORKSPACE, free)
    short: DType = half if half == "float16" or hardware.bfloat16 else "float16"
    need = total * BYTES[short]
    if need + WORKSPACE <= free:
        spare = free - need
        return Plan(
            hardware.device,
            short,
            batch_limit=4 if spare > 4 * WORKSPACE else 2 if spare > 2 * WORKSPACE else 1,
        )
    if hardware.device == "mps":
        # Main memory is graphics memory there, so moving parts out of it frees nothing.
        if need + CPU_WORKSPACE <= free:
            return Plan("mps", short, tiling=True, slicing=True)
        raise _too_big(title, need + CPU_WORKSPACE, free)
    if largest * BYTES[short] + WORKSPACE <= free:
        return Plan("cuda", short, offload=True, tiling=True)
    if largest * BYTES[short] + CPU_WORKSPACE <= free:
        return Plan("cuda", short, offload=True, tiling=True, slicing=True)
    raise _too_big(title, largest * BYTES[short] + CPU_WORKSPACE, free)


def _too_big(title: str, need: int, free: int) -> EngineError:
    return EngineError(
        f"{title} needs about {need / GB:.1f} GB of free memory and {free / GB:.1f} GB are free. Close what else "
        "uses the device, or choose a smaller model.",
        permanent=True,
    )


def out_of_memory(error: BaseException) -> bool:
    """Whether an error is a device or the machine saying that its memory is full."""
    import torch

    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    # The CPU and Apple allocators have no class of their own.
    words = str(error).lower()
    return isinstance(error, RuntimeError) and ("out of memory" in words or "can't allocate memory" in words)
