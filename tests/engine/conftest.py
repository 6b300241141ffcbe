"""Tiny models with random weights, built and saved once, and engines over them."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from previs.engine.cards import ModelCard, load_cards
from previs.engine.request import FrameRequest

REVISION = "0123456789abcdef0123456789abcdef01234567"
WORDS = [
    "a",
    "wide",
    "shot",
    "of",
    "the",
    "street",
    "at",
    "night",
    "in",
    "snow",
    "user",
    "assistant",
    "describe",
]


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    import torch

    torch.set_num_threads(1)


def word_tokenizer(folder: Path, *, chat: bool = False) -> Any:
    """A tokenizer of whole words, in the one-file layout that transformers loads for any model."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    vocabulary = {
        word: number for number, word in enumerate(dict.fromkeys(["<pad>", "<s>", "</s>", "<unk>", *WORDS]))
    }
    words = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=words,
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        model_max_length=16,
    )
    if chat:
        tokenizer.chat_template = "{% for m in messages %}{{ m['role'] }} {{ m['content'] }} {% endfor %}"
    tokenizer.save_pretrained(folder)
    return tokenizer


def _clip_text() -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel

    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=64,
            hidden_size=32,
            intermediate_size=37,
            num_attention_heads=4,
            num_hidden_layers=1,
            max_position_embeddings=16,
            bos_token_id=1,
            eos_token_id=2,
            pad_token_id=0,
            projection_dim=32,
        )
    )


def _vae(channels: int) -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=[8, 16],
        in_channels=3,
        out_channels=3,
        down_block_types=["DownEncoderBlock2D"] * 2,
        up_block_types=["UpDecoderBlock2D"] * 2,
        latent_channels=channels,
        norm_num_groups=4,
        shift_factor=0.0,
        scaling_factor=0.5,
    )


def build_tiny_sd(folder: Path) -> None:
    """A Stable Diffusion with random weights and a depth control, in the diffusers layout."""
    import torch
    from diffusers import ControlNetModel, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel

    torch.manual_seed(0)
    unet = UNet2DConditionModel(
        block_out_channels=(8, 16),
        layers_per_block=1,
        sample_size=32,
        in_channels=4,
        out_channels=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=32,
        attention_head_dim=4,
        norm_num_groups=4,
    )
    StableDiffusionPipeline(
        vae=_vae(4),
        text_encoder=_clip_text(),
        tokenizer=word_tokenizer(folder.parent / "words"),
        unet=unet,
        scheduler=DDIMScheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(folder)
    controlnet = ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=(8, 16))
    for block in (*controlnet.controlnet_down_blocks, controlnet.controlnet_mid_block):
        # These start at zero, so an untrained control would change nothing.
        torch.nn.init.normal_(block.weight, std=0.5)
    torch.nn.init.normal_(controlnet.controlnet_cond_embedding.conv_out.weight, std=0.5)
    controlnet.save_pretrained(folder / "controlnet")
    _ip_adapter(unet, folder / "ip_adapter")


def _ip_adapter(unet: Any, folder: Path) -> None:
    """An IP-Adapter with random weights for `unet`, in the layout its makers publish: weights and image encoder."""
    import torch
    from safetensors.torch import save_file
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    eyes = CLIPVisionModelWithProjection(
        CLIPVisionConfig(
            hidden_size=32,
            intermediate_size=37,
            num_attention_heads=4,
            num_hidden_layers=1,
            image_size=32,
            patch_size=8,
            projection_dim=32,
        )
    )
    eyes.save_pretrained(folder / "image_encoder")
    tokens, width = 4, 32
    weights = {
        "image_proj.proj.weight": torch.randn(tokens * width, 32),
        "image_proj.proj.bias": torch.zeros(tokens * width),
        "image_proj.norm.weight": torch.ones(width),
        "image_proj.norm.bias": torch.zeros(width),
    }
    number = 1
    for name in unet.attn_processors:
        if name.endswith("attn1.processor"):
            continue
        if name.startswith("mid_block"):
            size = unet.config.block_out_channels[-1]
        elif name.startswith("up_blocks"):
            size = list(reversed(unet.config.block_out_channels))[int(name[len("up_blocks.")])]
        else:
            size = unet.config.block_out_channels[int(name[len("down_blocks.")])]
        weights[f"ip_adapter.{number}.to_k_ip.weight"] = torch.randn(size, width)
        weights[f"ip_adapter.{number}.to_v_ip.weight"] = torch.randn(size, width)
        number += 2
    save_file(weights, folder / "ip_adapter.safetensors")


def build_tiny_flux(folder: Path) -> None:
    """A FLUX.1 with random weights, in the diffusers layout."""
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, FluxPipeline, FluxTransformer2DModel
    from transformers import T5Config, T5EncoderModel

    torch.manual_seed(0)
    words = word_tokenizer(folder.parent / "words")
    FluxPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        vae=_vae(4),
        text_encoder=_clip_text(),
        tokenizer=words,
        text_encoder_2=T5EncoderModel(
            T5Config(vocab_size=64, d_model=32, d_kv=8, d_ff=37, num_layers=1, num_heads=4, pad_token_id=0)
        ),
        tokenizer_2=words,
        transformer=FluxTransformer2DModel(
            patch_size=1,
            in_channels=16,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=32,
            pooled_projection_dim=32,
            axes_dims_rope=[4, 4, 8],
        ),
    ).save_pretrained(folder)


def build_tiny_z_image(folder: Path) -> None:
    """A Z-Image with random weights, in the diffusers layout."""
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, ZImagePipeline, ZImageTransformer2DModel
    from transformers import Qwen3Config, Qwen3Model

    torch.manual_seed(0)
    ZImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=_vae(4),
        text_encoder=Qwen3Model(
            Qwen3Config(
                vocab_size=64,
                hidden_size=32,
                intermediate_size=37,
                num_hidden_layers=2,
                num_attention_heads=4,
                num_key_value_heads=2,
                head_dim=8,
            )
        ),
        tokenizer=word_tokenizer(folder.parent / "chat", chat=True),
        transformer=ZImageTransformer2DModel(
            in_channels=4,
            dim=32,
            n_layers=1,
            n_refiner_layers=1,
            n_heads=2,
            n_kv_heads=2,
            cap_feat_dim=32,
            axes_dims=[4, 6, 6],
            axes_lens=[256, 64, 64],
        ),
    ).save_pretrained(folder)


def build_tiny_qwen(folder: Path) -> None:
    """A Qwen-Image with random weights, in the diffusers layout."""
    import torch
    from diffusers import (
        AutoencoderKLQwenImage,
        FlowMatchEulerDiscreteScheduler,
        QwenImagePipeline,
        QwenImageTransformer2DModel,
    )
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    torch.manual_seed(0)
    text = {
        "vocab_size": 64,
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "rope_parameters": {"rope_type": "default", "mrope_section": [1, 1, 2], "rope_theta": 10_000.0},
    }
    eyes = {"depth": 1, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2, "out_hidden_size": 16}
    QwenImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        vae=AutoencoderKLQwenImage(
            base_dim=8,
            z_dim=4,
            dim_mult=[1, 2],
            num_res_blocks=1,
            temperal_downsample=[False],
            latents_mean=[0.0] * 4,
            latents_std=[1.0] * 4,
        ),
        text_encoder=Qwen2_5_VLForConditionalGeneration(
            Qwen2_5_VLConfig(text_config=text, vision_config=eyes)
        ),
        tokenizer=word_tokenizer(folder.parent / "words"),
        transformer=QwenImageTransformer2DModel(
            patch_size=2,
            in_channels=16,
            out_channels=4,
            num_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=16,
            axes_dims_rope=(8, 4, 4),
        ),
    ).save_pretrained(folder)


def build_tiny_klein(folder: Path) -> None:
    """A FLUX.2 klein with random weights, in the diffusers layout."""
    import torch
    from diffusers import (
        AutoencoderKLFlux2,
        FlowMatchEulerDiscreteScheduler,
        Flux2KleinPipeline,
        Flux2Transformer2DModel,
    )
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(0)
    Flux2KleinPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        vae=AutoencoderKLFlux2(
            block_out_channels=[8, 16],
            down_block_types=["DownEncoderBlock2D"] * 2,
            up_block_types=["UpDecoderBlock2D"] * 2,
            latent_channels=4,
            norm_num_groups=4,
        ),
        text_encoder=Qwen3ForCausalLM(
            Qwen3Config(
                vocab_size=64,
                hidden_size=16,
                intermediate_size=16,
                # The pipeline reads the 9th, 18th and 27th layer.
                num_hidden_layers=28,
                num_attention_heads=2,
                num_key_value_heads=2,
                head_dim=8,
            )
        ),
        tokenizer=word_tokenizer(folder.parent / "chat", chat=True),
        transformer=Flux2Transformer2DModel(
            patch_size=1,
            in_channels=16,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=48,
            axes_dims_rope=[4, 4, 4, 4],
        ),
        is_distilled=True,
    ).save_pretrained(folder)


TINY: dict[str, tuple[str, Callable[[Path], None], dict[str, Any]]] = {
    "tiny-sd": ("sd-1.5", build_tiny_sd, {}),
    "tiny-flux": ("flux.1-dev", build_tiny_flux, {"licence_note": "Random weights."}),
    "tiny-klein": ("flux.2-klein-4b", build_tiny_klein, {}),
    "tiny-qwen": ("qwen-image", build_tiny_qwen, {}),
    "tiny-z": ("z-image-turbo", build_tiny_z_image, {"takes_guidance": True}),
}


@dataclasses.dataclass(frozen=True)
class Studio:
    """Tiny model folders as they would be downloaded, and the cards to add them with."""

    downloads: Path

    def folder(self, model: str) -> Path:
        folder = self.downloads / model
        if not folder.exists():
            TINY[model][1](folder)
        return folder

    def card(self, model: str) -> dict[str, Any]:
        like, _, changes = TINY[model]
        fields = ModelCard.to_json(load_cards()[like]) | changes | {"id": model, "title": f"Tiny {like}"}
        fields.pop("revision")
        return fields


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return Studio(tmp_path_factory.mktemp("downloads"))


@pytest.fixture(scope="session")
def models_home(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shelf with every tiny model; tests must leave it as it is."""
    from previs.engine.catalogue import add

    home = tmp_path_factory.mktemp("models")
    for model in TINY:
        add(home, studio.folder(model), card=studio.card(model), revision=REVISION)
    return home


def png(picture: Image.Image) -> tuple[str, bytes]:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return hashlib.sha256(buffer.getvalue()).hexdigest(), buffer.getvalue()


@pytest.fixture(scope="session")
def inputs() -> dict[str, bytes]:
    """SHA-256 -> bytes of a picture, a mask with a white middle, and a depth ramp, 64 x 64."""
    mask = Image.new("L", (64, 64))
    mask.paste(255, (16, 16, 48, 48))
    pictures = (
        Image.linear_gradient("L").resize((64, 64)).convert("RGB").rotate(90),
        mask,
        Image.radial_gradient("L"),
    )
    return dict(png(picture) for picture in pictures)


@pytest.fixture
def ask() -> Callable[..., FrameRequest]:
    def ask(model: str = "tiny-sd", **changes: Any) -> FrameRequest:
        values: dict[str, Any] = {
            "prompt": "a wide shot of the street at night", "model": model, "seed": 7, "width": 64, "height": 64, "steps": 3,
        }  # fmt: skip
        return FrameRequest(**values | changes)

    return ask


@pytest.fixture
def own_home(studio: Studio, tmp_path: Path) -> Path:
    """A shelf of this test's own with the tiny Stable Diffusion on it, free to be damaged."""
    from previs.engine.catalogue import add

    add(tmp_path / "models", studio.folder("tiny-sd"), card=studio.card("tiny-sd"), revision=REVISION)
    return tmp_path / "models"


@pytest.fixture
def record_of() -> Callable[[Path], dict[str, Any]]:
    return lambda folder: json.loads((folder / "previs-model.json").read_text())


@pytest.fixture(scope="session")
def blockouts() -> tuple[dict[str, Any], dict[str, Any]]:
    """Two rooms as `FrameRequest.blockout`: a kitchen and a church."""
    from previs.blockout.description import SceneDescription

    kitchen, church = (
        json.loads(SceneDescription(place=place, interior=True, stage_key="a").to_json())
        for place in ("kitchen", "church")
    )
    return kitchen, church
