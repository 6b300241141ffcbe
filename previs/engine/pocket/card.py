"""The model card, written from what was measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

CARD = "MODEL_CARD.md"
SCORES = Path("docs/pocket/scores.json")
FIGURES = Path("docs/pocket/figures.json")


def scores_table(revision: str, scores: dict[str, Any]) -> str:
    """What a classifier reads in frames, as a share of what it reads in renders; earlier revisions beside it.

    scores: revision -> as `score` measures it.  "" for a revision that was not scored.
    """
    if revision not in scores:
        return ""
    mine, earlier = scores[revision], {name: one for name, one in scores.items() if name != revision}
    heads = ["", "asked", "bar", "read in renders", "guided", "text alone"]
    heads += [f"guided, {name}" for name in earlier] + [f"text alone, {name}" for name in earlier]
    rows = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for question, found in mine["questions"].items():
        cells = [question, found["asked"], found["bar"] or "", found["renders"]]
        cells += [found["guided_over_renders"], found["text_over_renders"]]
        for kind in ("guided_over_renders", "text_over_renders"):
            cells += [one["questions"].get(question, {}).get(kind, "") for one in earlier.values()]
        rows.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    table = "\n".join(rows)
    judged = [
        f"{question} {found['right']}"
        for one in mine["judge_on_held_out_renders"].values()
        for question, found in one.items()
    ]
    return f"""
## What a classifier reads in the frames

Two classifiers trained on renders alone (`judge.py`) look at frames of {mine["prompts"]} held-out scenes and
{mine["croquis"]} held-out croquis. "Guided" and "text alone" are the share they read rightly, divided by the share they
read rightly in the renders of the same descriptions. Not asked, because no picture tells: the place in medium and close shots,
from a tilted camera, from above or below, in ruins, in noir, and in fog, snow, ash or storm; the shot size without anybody
upright to measure it by; the hour and a garment's colour in noir; the weather indoors. Read rightly in held-out renders while they were trained: {", ".join(judged)}.

{table}
"""


def measured_rows(figures: dict[str, Any]) -> dict[str, str]:
    """The lines of the card's table for one revision."""
    edges, speed, decoder = figures["edges"], figures["speed"], figures["decoder_psnr"]
    night = figures["night_over_day"].values()

    def both(prefix: str) -> str:
        pair = (decoder.get(f"{prefix}{kind}_guide_db", "not measured") for kind in ("with", "without"))
        return " / ".join(str(value) for value in pair)

    return {
        "same seed, same bytes": "yes" if figures["same_seed_same_bytes"] else "NO",
        f"edge F1 against the line pass, mean of {edges['scenes']} scenes (bar 0.60)": edges["edge_f1"],
        "lowest of them": edges["edge_f1_lowest"],
        "edge F1 of the renderer's own lit picture, for comparison": edges["edge_f1_of_the_lit_blockout"],
        "PSNR to the renderer's lit picture, dB": edges["psnr_to_the_lit_blockout_db"],
        "PSNR of the autoencoder at 512x288, with guide / without, dB (bar 34)": both(""),
        "the same at 256x144, the size it encodes, dB": both("encoded_size_"),
        "places where night is at least 25 % darker than day": f"{sum(r <= 0.75 for r in night)} of {len(night)}",
        f"a 512x288 frame, {speed['threads']} threads, blockout included, ms": speed["one_at_a_time_ms"],
        "the same in a batch of four, each, ms": speed["four_at_a_time_ms_each"],
        "peak memory of the process, MB": speed["peak_memory_mb"],
    }


def measured_table(revision: str, figures: dict[str, dict[str, Any]]) -> str:
    """One column for this revision and one for each earlier one. figures: revision -> as `evaluate` measures them."""
    columns = {revision: measured_rows(figures[revision])}
    columns |= {name: measured_rows(one) for name, one in figures.items() if name != revision}
    rows = ["| on held-out scenes | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for label in columns[revision]:
        cells = [str(column.get(label, "")) for column in columns.values()]
        rows.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def write_card(
    folder: Path,
    manifest: dict[str, Any],
    figures: dict[str, dict[str, Any]],
    scores: dict[str, Any],
) -> None:
    """Write `MODEL_CARD.md` beside the weights. figures, scores: revision -> as `evaluate` and `score` measure."""
    training, revision = manifest["training"], manifest["revision"]
    continued = ""
    if earlier := training.get("continued_from"):
        continued = (
            f"| went on from revision {earlier['revision']}, after {earlier['samples']:,} samples of | {earlier['frames']:,} "
            f"frames of commit {earlier['generator_commit']}, seeds {earlier['first_seed']} to {earlier['last_seed']}, "
            f"SHA-256 {earlier['renders_sha256']} |\n"
        )
    tolerance = figures[revision]["edges"]["tolerance_px"]
    night = figures[revision]["night_over_day"]
    places = "\n".join(f"| {place} | {ratio:.2f} |" for place, ratio in night.items())
    text = f"""# Pocket, revision {revision}

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
{continued}| samples seen | {training["samples"]:,} in {training["steps"]:,} steps, {training["seconds"] // 60} minutes of two shared CPU cores |
| weights | {training["weight_bytes"] / 1e6:.1f} MB of safetensors, float16 |

`python -m previs.engine.pocket.data`, `train_decoder`, `train`, `refine_decoder`, `export` and `evaluate` repeat all of it; the time of the two decoder trainings
is not in the minutes above.

## What was measured

{measured_table(revision, figures)}

Edges: `edges.py`. Sobel edges of the frame, thinned, the strongest kept until there are as many as line pixels;
a hit lies within {tolerance} pixels at 512 pixels of width.

Brightness of night over day, same set, camera and noise, only the word changed:

| place | night / day |
|---|---|
{places}
{scores_table(revision, scores)}
## Limits

- It draws what the renderer can stage: mannequins, grey-box rooms, 39 places. It knows no faces, no real persons,
  no brands and no style of any artist, and cannot be asked for them.
- Light is softer and simpler than the renderer's own: cast shadows and small lamps blur or vanish, snow does
  not cover the ground. Falling rain, snow and ash are not its own: the renderer draws them over a frame that follows
  a blockout outdoors (decision 022), by the same seed as in its own picture, and all figures of frames above include that.
- Without a blockout (refining or repainting an uploaded picture) it is weak: colours and large shapes only.
- Words outside its list do nothing; the reader says which ones were left out.
- It was trained for {training["seconds"] // 60} minutes. Longer training with the same commands makes it better.
"""
    (folder / CARD).write_text(text)
