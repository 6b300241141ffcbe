"""Package trained weights as half-precision safetensors: `python -m previs.engine.pocket.export`."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import torch

from previs.engine.pocket.autoencoder import PatchAutoencoder
from previs.engine.pocket.data import FRAMES, HELD_OUT, manifest_hash, read_records
from previs.engine.pocket.train import RUN
from previs.engine.pocket.train_decoder import AUTOENCODER
from previs.engine.pocket.weights import EARLIER, PACKAGED, Manifest, write_manifest

MOST_BYTES = 40_000_000
SHARD_SIZE = "14MB"


def package(
    run: Path,
    autoencoder: Path,
    frames: Path,
    out: Path,
    *,
    commit: str = "",
    continued: Manifest | None = None,
) -> Manifest:
    """Convert to float16, write the folder anew, list it.

    commit: of the renderer, where the frames were not made in a checkout.
    continued: of the weights that this training went on from, with a training base of their own.
    Raises ValueError if the weights are larger than a repository should carry.
    """
    from diffusers import UNet2DConditionModel
    from transformers import CLIPTextModel

    for part in ("unet", "text_encoder", "tokenizer", "scheduler", "autoencoder"):
        shutil.rmtree(out / part, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    unet: Any = UNet2DConditionModel.from_pretrained(run / "unet")  # type: ignore[no-untyped-call]
    unet.half().save_pretrained(out / "unet", max_shard_size=SHARD_SIZE)
    text_encoder: Any = CLIPTextModel.from_pretrained(run / "text_encoder")
    text_encoder.half().save_pretrained(out / "text_encoder")
    PatchAutoencoder.from_pretrained(autoencoder).half().save_pretrained(out / "autoencoder")
    for part in ("unet", "text_encoder", "autoencoder"):
        forget_origin(out / part / "config.json")
    for part in ("tokenizer", "scheduler"):
        shutil.copytree(run / part, out / part)
    size = sum(path.stat().st_size for path in out.rglob("*.safetensors"))
    if size > MOST_BYTES:
        raise ValueError(f"The weights have {size:,} bytes; at most {MOST_BYTES:,} may be committed.")
    records = read_records(frames)
    seeds = [record["seed"] for record in records]
    generator = json.loads((frames / "generator.json").read_text())
    trained = json.loads((run / "training.json").read_text())
    trained.pop("log")
    training = {
        "generator_commit": commit or generator["commit"],
        "generator_sha256": generator["sha256"],
        "frames": len(records),
        "first_seed": min(seeds),
        "last_seed": max(seeds),
        "held_out_from_seed": HELD_OUT,
        "renders_sha256": manifest_hash(records),
        "weight_bytes": size,
        **trained,
    }
    if continued is not None:
        facts = ("generator_commit", "frames", "first_seed", "last_seed", "renders_sha256", "samples")
        training["continued_from"] = {
            "revision": continued.revision,
            **{name: continued.training[name] for name in facts},
        }
    return write_manifest(out, training=training)


def keep_earlier(folder: Path) -> None:
    """Keep the weights of a release under their revision before others take their place."""
    manifest = Manifest.read(folder)
    manifest.verify(folder)
    if not (kept := EARLIER / manifest.revision).exists():
        shutil.copytree(folder, kept)


def forget_origin(config: Path) -> None:
    """Drop the folder that the weights were loaded from: it is this machine's business, not the model's."""
    record = json.loads(config.read_text())
    record.pop("_name_or_path", None)
    config.write_text(json.dumps(record, indent=2) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, default=RUN)
    parser.add_argument("--autoencoder", type=Path, default=AUTOENCODER)
    parser.add_argument("--frames", type=Path, default=FRAMES)
    parser.add_argument("--out", type=Path, default=PACKAGED)
    parser.add_argument(
        "--commit",
        default="",
        help="of the renderer that made the frames; default: what was noted beside them",
    )
    parser.add_argument("--keep-earlier", action="store_true", help="the weights there now were released")
    parser.add_argument("--continued-from", default="", help="revision whose training this one went on from")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if arguments.keep_earlier:
        keep_earlier(arguments.out)
    before = arguments.continued_from
    continued = Manifest.read(EARLIER / before) if before else None
    manifest = package(
        arguments.run,
        arguments.autoencoder,
        arguments.frames,
        arguments.out,
        commit=arguments.commit,
        continued=continued,
    )
    print("revision", manifest.revision, json.dumps(manifest.training))  # noqa: T201


if __name__ == "__main__":
    main()
