"""The contact sheet: prompts as a crew writes them, each as blockout, as frame, and as frame from the words alone."""

from __future__ import annotations

from dataclasses import replace

from PIL import Image, ImageDraw

from previs.engine.pocket.engine import MODEL, PocketEngine
from previs.engine.request import FrameRequest, RenderedFrame

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
    "EXT. VILLAGE STREET - DAY. Wide shot, two figures, rain",
    "INT. WAREHOUSE - NIGHT. Wide shot, one figure, fog",
    "EXT. FARM - DUSK. Extreme wide shot, no people",
    "INT. HOSPITAL CORRIDOR - DAY. Medium wide shot, a woman walking",
    "EXT. BRIDGE - DAWN. Fog, wide shot, one figure",
    "INT. BEDROOM - NIGHT. Medium shot, a child sitting",
    "EXT. MARKET SQUARE - DAY. Wide shot, four figures",
    "INT. LIBRARY - DUSK. Wide shot, a man reading",
    "EXT. MOUNTAIN - DAY. Snow, extreme wide shot, two figures",
    "INT. GARAGE - NIGHT. Low angle, a man in a grey coat",
    "EXT. STREET - NIGHT. Rain, close-up of a man in a hat",
    "INT. RESTAURANT - NIGHT. Wide shot, two figures sitting, warm",
    "EXT. STREET - DAY. Ruined, ash, wide shot, no people",
    "INT. THEATRE - NIGHT. High angle, three figures",
    "Costume croquis: a woman in a rust coat and a yellow scarf",
    "Garment flat: a red shirt",
)
COLUMNS, WIDTH, HEIGHT, GAP, LABEL = 2, 256, 144, 6, 16


def request_of(number: int) -> FrameRequest:
    """The request of one prompt; its seed follows from its place, and a croquis stands upright."""
    prompt = PROMPTS[number]
    width, height = (288, 512) if "croquis" in prompt else (512, 288)
    return FrameRequest(prompt=prompt, model=MODEL, seed=100 + number, width=width, height=height)


def from_words(engine: PocketEngine, number: int) -> RenderedFrame:
    """The same prompt and seed without a blockout: at strength 0 none is built."""
    return engine.render([replace(request_of(number), control_strength=0.0)], lambda step: None)[0]


def contact_sheet(engine: PocketEngine) -> Image.Image:
    """Render all prompts: blockout left, frame in the middle, the frame from words alone right, prompt below."""
    wide, tall = 3 * WIDTH + 2 * GAP, HEIGHT + LABEL
    rows = -(-len(PROMPTS) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (wide + GAP * 2), rows * (tall + GAP)), "#16171a")
    draw = ImageDraw.Draw(sheet)
    for number, prompt in enumerate(PROMPTS):
        frame = engine.render([request_of(number)], lambda step: None)[0]
        left = (number % COLUMNS) * (wide + GAP * 2) + GAP
        top = (number // COLUMNS) * (tall + GAP) + GAP // 2
        shown = (frame.blockout, frame.picture, from_words(engine, number).picture)
        for place, picture in enumerate(shown):
            if picture is not None:
                small = picture.copy()
                small.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
                sheet.paste(small, (left + place * (WIDTH + GAP) + (WIDTH - small.width) // 2, top))
        draw.text((left, top + HEIGHT + 3), prompt, fill="#c9cbd1")
    return sheet
