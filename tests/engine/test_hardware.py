"""How a model is laid out on a device, decided from the size of its weights and the memory that is free."""

from __future__ import annotations

import pytest
import torch

from previs.engine.hardware import GB, Hardware, Plan, out_of_memory, plan
from previs.engine.port import EngineError

# A model of 8 billion numbers, 5 of them in its largest part: 16 GB and 10 GB in sixteen bits.
COUNTS = {"transformer": 5 * GB, "text_encoder": 2 * GB, "vae": GB}


def laid_out(device: str, free_gb: float, *, bfloat16: bool = True, half: str = "bfloat16") -> Plan:
    found = Hardware(device, "test", int(free_gb * GB), bfloat16)  # type: ignore[arg-type]
    return plan(COUNTS, found, half=half, title="Model")  # type: ignore[arg-type]


def test_a_big_card_holds_the_whole_model_and_renders_in_batches() -> None:
    assert laid_out("cuda", 80) == Plan("cuda", "bfloat16", batch_limit=4)
    assert laid_out("cuda", 20) == Plan("cuda", "bfloat16", batch_limit=1)


def test_a_smaller_card_holds_one_part_at_a_time() -> None:
    assert laid_out("cuda", 15) == Plan("cuda", "bfloat16", offload=True, tiling=True)
    assert laid_out("cuda", 12) == Plan("cuda", "bfloat16", offload=True, tiling=True, slicing=True)


def test_a_card_that_cannot_hold_the_largest_part_is_refused_with_both_figures() -> None:
    with pytest.raises(EngineError, match=r"11\.0 GB of free memory and 8\.0 GB are free") as refused:
        laid_out("cuda", 8)
    assert refused.value.permanent


def test_an_old_card_without_bfloat16_uses_float16() -> None:
    assert laid_out("cuda", 80, bfloat16=False).dtype == "float16"
    assert laid_out("cuda", 80, half="float16").dtype == "float16"


def test_the_processor_uses_float32_where_it_fits_and_bfloat16_where_not() -> None:
    assert laid_out("cpu", 64).dtype == "float32"
    assert laid_out("cpu", 20).dtype == "bfloat16"
    with pytest.raises(EngineError, match="smaller model"):
        laid_out("cpu", 10)


def test_an_apple_machine_saves_by_slices_since_offloading_frees_nothing_there() -> None:
    assert laid_out("mps", 18) == Plan("mps", "bfloat16", tiling=True, slicing=True)


@pytest.mark.parametrize(
    ("error", "is_memory"),
    [
        (torch.OutOfMemoryError("CUDA out of memory."), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 8 GB)"), True),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes."), True),
        (MemoryError(), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_running_out_of_memory_is_told_from_other_faults(error: Exception, is_memory: bool) -> None:
    assert out_of_memory(error) is is_memory
