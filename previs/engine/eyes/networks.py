"""The models beside this file and the runtime that runs them; loaded once a process, at first use."""

from __future__ import annotations

import functools
import hashlib
import threading
from pathlib import Path
from typing import Any

import numpy as np

from previs.engine.eyes.seen import EyesError, Floats

FOLDER = Path(__file__).parent / "models"
THREADS = 2
# A model is taken for what it was when it was measured, or not at all.
DIGESTS = {
    "face_detection_full_range_sparse": "2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1",
    "pose_detection": "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
    "pose_landmark_full": "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
    "selfie_segmentation": "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
}


class Network:
    """One model. Calls from several threads wait for each other, for the runtime keeps its tensors in one place."""

    def __init__(self, name: str) -> None:
        """Raises EyesError if the runtime is not installed, or the file is not the one that was measured."""
        path = FOLDER / f"{name}.tflite"
        try:
            model = path.read_bytes()
        except OSError:
            raise EyesError(
                f"The model {name} is missing from this installation. Install Previs again."
            ) from None
        if hashlib.sha256(model).hexdigest() != DIGESTS[name]:
            raise EyesError(
                f"The model {name} is not the file that Previs was measured with. Install Previs again."
            )
        self._runtime = _interpreter(model)
        self._input = self._runtime.get_input_details()[0]
        self._outputs = self._runtime.get_output_details()
        self._lock = threading.Lock()

    @property
    def side(self) -> int:
        """Width and height of the input, px."""
        return int(self._input["shape"][1])

    def __call__(self, picture: Floats) -> dict[int, Floats]:
        """Run the model.

        picture: (side, side, 3) float32, scaled as the model wants it.
        Returns each output without its batch axis, by the length of its last axis, which tells them apart.
        """
        with self._lock:
            self._runtime.set_tensor(self._input["index"], picture[None].astype(np.float32, copy=False))
            self._runtime.invoke()
            found = [np.array(self._runtime.get_tensor(output["index"])[0]) for output in self._outputs]
        return {array.shape[-1] if array.ndim < 3 else -array.shape[-1]: array for array in found}


@functools.cache
def network(name: str) -> Network:
    return Network(name)


def _interpreter(model: bytes) -> Any:
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError:
        raise EyesError(
            "Faces and poses cannot be found: the package ai-edge-litert is not installed. "
            "Install Previs again with its requirements."
        ) from None
    runtime = Interpreter(model_content=model, num_threads=THREADS)
    runtime.allocate_tensors()
    return runtime


def sigmoid(values: Floats) -> Floats:
    result: Floats = 1.0 / (1.0 + np.exp(-np.clip(values, -60, 60)))
    return result
