"""An uploaded photo as pixels, or a refusal in words before anything is kept."""

from __future__ import annotations

import io
import warnings

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from previs.engine.eyes.seen import EyesError, Uint8

LARGEST = 60_000_000
# Only what a camera, a scanner or a phone writes; every other reader is a way in for a stranger's bytes.
FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "TIFF", "BMP", "AVIF")
APPLE = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")


def read_photo(encoded: bytes, *, shortest: int = 64) -> Uint8:
    """Decode a photo: upright as its camera held it, colours in sRGB, transparency on white.

    shortest: the least its shorter side may measure, px.
    Returns (h, w, 3) uint8.
    Raises EyesError for what is no picture, HEIC where Pillow cannot read it, a file cut short, more than 60 million
    pixels (a small file can unpack to gigabytes), or a picture smaller than `shortest`.
    """
    try:
        with warnings.catch_warnings():
            # Pillow warns first and raises at twice its limit; ours is lower and checked before anything unpacks.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(encoded), formats=_readable())
    except Image.DecompressionBombError:
        raise _too_large() from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise _unknown(encoded) from None
    if image.width * image.height > LARGEST:
        raise _too_large()
    if min(image.size) < shortest:
        raise EyesError(
            f"The picture is {image.width} x {image.height} px; its shorter side must have at least {shortest} px. "
            "Choose a larger one."
        )
    try:
        image.load()
        upright = ImageOps.exif_transpose(image)
        pixels = np.asarray(_in_srgb(upright))
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        raise EyesError("The picture is cut short or damaged. Copy it again from where it came.") from None
    return pixels.copy()


def _readable() -> list[str]:
    Image.init()
    return [name for name in FORMATS if name in Image.OPEN]


def _in_srgb(image: Image.Image) -> Image.Image:
    """RGB by the picture's own colour profile; without one, CMYK and grey are converted plainly."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):
            converted = (
                None  # a broken profile says nothing; the plain conversion is what everybody else shows
            )
        if converted is not None:
            return converted
    if image.mode.startswith("I") or image.mode == "F":
        raise EyesError("The picture has 16 or 32 bits a channel in grey. Save it as an 8 bit JPEG or PNG.")
    if "transparency" in image.info or image.mode in ("LA", "PA", "RGBA", "RGBa", "La"):
        layered = image.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("RGB")
    return image.convert("RGB")


def _too_large() -> EyesError:
    return EyesError(
        f"The picture unpacks to more than {LARGEST // 1_000_000} million pixels. Save it smaller and choose it again."
    )


def _unknown(encoded: bytes) -> EyesError:
    if encoded[4:8] == b"ftyp" and encoded[8:12] in APPLE:
        return EyesError("HEIC photos cannot be read here. Export the photo as JPEG and choose that file.")
    return EyesError("This is not a photo that can be read. Choose a JPEG, PNG, WebP or TIFF file.")
