"""The untrained parts of the pocket model, all of stock classes; their configuration is the architecture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from previs.engine.pocket.conditions import INPUTS, LATENT

TEXT_WIDTH = 192
TOKENS = 48


def build_unet() -> Any:
    """11 million weights. Attention only in the two lower levels: at the top it costs most and text acts least."""
    from diffusers import UNet2DConditionModel

    channels = (64, 128, 192)
    return UNet2DConditionModel(  # type: ignore[no-untyped-call]
        sample_size=(18, 32),
        in_channels=INPUTS,
        out_channels=LATENT,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        block_out_channels=channels,
        layers_per_block=1,
        cross_attention_dim=TEXT_WIDTH,
        attention_head_dim=tuple(width // 32 for width in channels),
        norm_num_groups=32,
        use_linear_projection=True,
    )


def build_text_encoder(vocabulary: int) -> Any:
    """A CLIP text model of three layers for our own word list; trained together with the UNet."""
    from transformers import CLIPTextConfig, CLIPTextModel

    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=vocabulary,
            hidden_size=TEXT_WIDTH,
            intermediate_size=TEXT_WIDTH * 3,
            projection_dim=TEXT_WIDTH,
            num_hidden_layers=3,
            num_attention_heads=6,
            max_position_embeddings=TOKENS,
            hidden_act="gelu",
            pad_token_id=0,
            bos_token_id=1,
            eos_token_id=2,
        )
    )


def build_tokenizer(words: Iterable[str]) -> Any:
    """One token a word, in alphabetical order; the prompt reader never passes a word that is not listed."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    pad, begin, end, unknown = special = ["<pad>", "<bos>", "<eos>", "<unk>"]
    split = pre_tokenizers.Whitespace()
    known = {token for word in words for token, _ in split.pre_tokenize_str(word.lower())} | {","}
    tokenizer = Tokenizer(
        models.WordLevel({t: i for i, t in enumerate([*special, *sorted(known)])}, unk_token=unknown)
    )
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = split
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<bos> $A <eos>", special_tokens=[("<bos>", 1), ("<eos>", 2)]
    )
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        unk_token=unknown,
        pad_token=pad,
        bos_token=begin,
        eos_token=end,
        model_max_length=TOKENS,
    )


def build_scheduler() -> Any:
    """Zero terminal signal, so that night can be truly dark; clipping off, since latents are not bounded by 1."""
    from diffusers import DDIMScheduler

    return DDIMScheduler(  # type: ignore[no-untyped-call]
        beta_schedule="scaled_linear",
        beta_start=0.00085,
        beta_end=0.012,
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        clip_sample=False,
        set_alpha_to_one=True,
        steps_offset=0,
    )
