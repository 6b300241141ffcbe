"""The contact sheet: pairs of blockout and frame for prompts as a crew writes them."""

from __future__ import annotations

from PIL import Image, ImageDraw

from previs.engine.pocket.engine import MODEL, PocketEngine
from previs.engine.request import FrameRequest

PROMPTS = (
    "EXT. STREET - NIGHT. Wide shot, snow, two figures",
    "INT. KITCHEN - DAY. Medium shot, a woman in a red sweater sitting",
    "INT. KITCHEN - NIGHT. Wide shot, a man standing",
    "EXT. STREET - DAY. Wide shot, a woman in a yellow coat walking",
    "INT. CHURCH - DUSK. Wide shot, one figure, candle",
    "EXT. FOREST - DAY. Fog, full shot, a child running",
    "INT. OFFICE - NIGHT. Medium shot, a man in a suit, noir",
    "EXT. HARBOUR - DAWN. Wide shot, two men",
    "INT. CORRIDOR - NIGHT. Low angle, no people",
    "EXT. DESERT - DUSK. Extreme wide shot, one figure",
    "INT. BAR - NIGHT. Medium wide shot, three figures, warm",
    "EXT. ROOFTOP - NIGHT. Rain, wide shot, a woman in a blue coat",
    "INT. LIVING ROOM - DAY. Wide shot, ruined, no people",
    "EXT. ORCHARD - DAY. Snow, wide shot, a man with a ladder",
    "INT. CANNERY - NIGHT. Wide shot, two women in aprons",
    "EXT. BEACH - DUSK. Wide shot, a boat, two figures",
    "Close-up of a woman in a green hood. EXT. FIELD - DAWN",
    "INT. CLASSROOM - DAY. High angle, two children",
    "EXT. CEMETERY - DAY. Fog, wide shot, one figure in black coat",
    "INT. TRAIN - DUSK. Medium shot, a man in a hat",
    "Costume croquis: a woman in a long red dress and a black hat",
    "Costume croquis: a man in a navy uniform and boots, torn",
    "Costume croquis: a child in a striped mustard sweater and brown trousers",
    "Garment flat: a checked green coat",
)
COLUMNS, WIDTH, HEIGHT, GAP, LABEL = 3, 256, 144, 6, 16


def contact_sheet(engine: PocketEngine) -> Image.Image:
    """Render all prompts with seeds by their order; blockout left, frame right, prompt below."""
    cell = (2 * WIDTH + GAP, HEIGHT + LABEL)
    rows = -(-len(PROMPTS) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (cell[0] + GAP * 2), rows * (cell[1] + GAP)), "#16171a")
    draw = ImageDraw.Draw(sheet)
    for number, prompt in enumerate(PROMPTS):
        width, height = (288, 512) if "croquis" in prompt else (512, 288)
        request = FrameRequest(prompt=prompt, model=MODEL, seed=100 + number, width=width, height=height)
        frame = engine.render([request], lambda step: None)[0]
        left = (number % COLUMNS) * (cell[0] + GAP * 2) + GAP
        top = (number // COLUMNS) * (cell[1] + GAP) + GAP // 2
        for offset, picture in ((0, frame.blockout), (WIDTH + GAP, frame.picture)):
            if picture is None:
                continue
            small = picture.copy()
            small.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
            sheet.paste(small, (left + offset + (WIDTH - small.width) // 2, top))
        draw.text((left, top + HEIGHT + 3), prompt, fill="#c9cbd1")
    return sheet
