"""The model card, written from what was measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

CARD = "MODEL_CARD.md"


def write_card(folder: Path, manifest: dict[str, Any], figures: dict[str, Any]) -> None:
    """Write `MODEL_CARD.md` beside the weights. figures: as `evaluate` measures them."""
    training, edges, speed = manifest["training"], figures["edges"], figures["speed"]
    night, decoder = figures["night_over_day"], figures["decoder_psnr"]
    passed = sum(ratio <= 0.75 for ratio in night.values())
    places = "\n".join(f"| {place} | {ratio:.2f} |" for place, ratio in night.items())
    text = f"""# Pocket, revision {manifest["revision"]}

A small diffusion model that puts light, weather and mood on a grey-box blockout. It is part of the application,
runs on a CPU, and was trained for it from nothing.

## What it was trained on

Only our own renders. No photograph, film frame, painting or other third-party work was used, and no weights of
another model.

| | |
|---|---|
| renderer | `previs/blockout`, commit {training["generator_commit"]} |
| digest of the renderer's sources as used | {training["generator_sha256"]} |
| frames | {training["frames"]:,}, one a seed, seeds {training["first_seed"]} to {training["last_seed"]} |
| SHA-256 over seed and pixels of all frames | {training["renders_sha256"]} |
| held out | every seed from {training["held_out_from_seed"]:,} |
| samples seen | {training["samples"]:,} in {training["steps"]:,} steps, {training["seconds"] // 60} minutes of two shared CPU cores |
| weights | {training["weight_bytes"] / 1e6:.1f} MB of safetensors, float16 |

`python -m previs.engine.pocket.data`, `train_decoder`, `train`, `export` and `evaluate` repeat all of it.

## What was measured

| on held-out scenes | |
|---|---|
| same seed, same bytes | {"yes" if figures["same_seed_same_bytes"] else "NO"} |
| edge F1 against the line pass, mean of {edges["scenes"]} scenes (bar 0.45) | {edges["edge_f1"]} |
| lowest of them | {edges["edge_f1_lowest"]} |
| edge F1 of the renderer's own lit picture, for comparison | {edges["edge_f1_of_the_lit_blockout"]} |
| PSNR to the renderer's lit picture | {edges["psnr_to_the_lit_blockout_db"]} dB |
| PSNR of the autoencoder, with guide / without | {decoder["with_guide_db"]} / {decoder["without_guide_db"]} dB |
| places where night is at least 25 % darker than day | {passed} of {len(night)} |
| a 512x288 frame, {speed["threads"]} threads, blockout included | {speed["one_at_a_time_ms"]} ms |
| the same in a batch of four, each | {speed["four_at_a_time_ms_each"]} ms |
| peak memory of the process | {speed["peak_memory_mb"]} MB |

Edges: `edges.py`. Sobel edges of the frame, thinned, the strongest kept until there are as many as line pixels;
a hit lies within {edges["tolerance_px"]} pixels at 512 pixels of width.

Brightness of night over day, same set, camera and noise, only the word changed:

| place | night / day |
|---|---|
{places}

## Limits

- It draws what the renderer can stage: mannequins, grey-box rooms, 39 places. It knows no faces, no real persons,
  no brands and no style of any artist, and cannot be asked for them.
- Light is softer and simpler than the renderer's own: cast shadows, rain and small lamps blur or vanish.
- Without a blockout (refining or repainting an uploaded picture) it is weak: colours and large shapes only.
- Words outside its list do nothing; the reader says which ones were left out.
- It was trained for well under an hour. Longer training with the same commands makes it better.
"""
    (folder / CARD).write_text(text)
