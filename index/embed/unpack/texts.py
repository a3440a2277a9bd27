"""The small files of the folder: tokenizer, sizes, what sentence-transformers does with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.embed.unpack.packed import Pieces, Shape

PROMPTS = {"query": "query: ", "document": "passage: "}
"""What E5 models were trained with before questions and passages (arXiv:2402.05672)."""

METASPACE = {
    "type": "Metaspace",
    "replacement": "\u2581",
    "prepend_scheme": "always",
    "split": True,
}
"""White space as part of the piece that follows it, written as U+2581."""


def tokenizer(pieces: Pieces) -> dict[str, Any]:
    """XLM-RoBERTa's tokenizer as a `tokenizer.json`.

    Its table of replaced characters is NFKC after the rules that the tokenizers library calls
    Nmt: of all code points only U+FF5E (full-width tilde) and U+1F23B differ, which it leaves.
    """
    names = pieces.texts
    special = {pieces.begin, pieces.pad, pieces.end, pieces.unknown, len(names) - 1}
    begin, end = (
        {"SpecialToken": {"id": names[i], "type_id": 0}} for i in (pieces.begin, pieces.end)
    )
    text = {"Sequence": {"id": "A", "type_id": 0}}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_special(i, names[i]) for i in sorted(special)],
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "Nmt"}, {"type": "NFKC"}]},
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [{"type": "WhitespaceSplit"}, METASPACE],
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [begin, text, end],
            "pair": [begin, text, end, end, {"Sequence": {"id": "B", "type_id": 0}}, end],
            "special_tokens": {
                names[i]: {"id": names[i], "ids": [i], "tokens": [names[i]]}
                for i in (pieces.begin, pieces.end)
            },
        },
        "decoder": METASPACE,
        "model": {
            "type": "Unigram",
            "unk_id": pieces.unknown,
            "vocab": list(zip(names, pieces.scores, strict=True)),
            "byte_fallback": False,
        },
    }


def _special(number: int, text: str) -> dict[str, object]:
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": number, "content": text, **flags, "special": True}


def tokenizer_config(pieces: Pieces, positions: int) -> dict[str, object]:
    """How transformers loads the tokenizer."""
    begin, end = pieces.texts[pieces.begin], pieces.texts[pieces.end]
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": positions,
        "model_input_names": ["input_ids", "attention_mask"],
        "bos_token": begin,
        "cls_token": begin,
        "eos_token": end,
        "sep_token": end,
        "pad_token": pieces.texts[pieces.pad],
        "unk_token": pieces.texts[pieces.unknown],
        "mask_token": pieces.texts[-1],
    }


def config(shape: Shape, pad: int) -> dict[str, object]:
    """The encoder's sizes, as transformers' BertModel takes them."""
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float32",
        "hidden_act": "gelu",
        "hidden_size": shape.hidden,
        "intermediate_size": shape.feed_forward,
        "layer_norm_eps": shape.epsilon,
        "max_position_embeddings": shape.positions,
        "num_attention_heads": shape.heads,
        "num_hidden_layers": shape.layers,
        "pad_token_id": pad,
        "type_vocab_size": shape.types,
        "vocab_size": shape.vocabulary,
    }


def modules(shape: Shape) -> dict[str, object]:
    """What sentence-transformers does with the encoder: mean of all tokens, scaled to length 1."""
    places = {"Transformer": "", "Pooling": "1_Pooling", "Normalize": "2_Normalize"}
    parts = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (kind, path) in enumerate(places.items())
    ]
    pooling = {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True}
    return {
        "modules.json": parts,
        "sentence_bert_config.json": {"max_seq_length": shape.positions},
        "config_sentence_transformers.json": {
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": pooling,
        "2_Normalize/config.json": {},
    }
