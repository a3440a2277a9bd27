"""The multilingual reader: the layers of multilingual-e5-small over (question, passage).

Its words' vectors (250,000 of them) are never trained and no part of it: they are those of the
embedder that is there at run time, and come in as floats. Position 0 stands for "no answer".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn import functional

from training.model import BLOCKED, ClsHead, Reading, margin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HIDDEN, HEADS, LAYERS, FEED_FORWARD, POSITIONS = 384, 12, 12, 1536, 512
EPSILON = 1e-12


class Layer(nn.Module):
    """One BERT layer, its attention in torch's fused form."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.mix = (nn.Linear(HIDDEN, HIDDEN) for _ in range(4))
        self.mix_norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.wide, self.narrow = nn.Linear(HIDDEN, FEED_FORWARD), nn.Linear(FEED_FORWARD, HIDDEN)
        self.narrow_norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.dropout = 0.0

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Map states (b, s, hidden) to states; `mask` (b, 1, 1, s) is added to the scores."""
        batch, tokens, _ = states.shape
        query, key, value = (
            part(states).view(batch, tokens, HEADS, HIDDEN // HEADS).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        seen = functional.scaled_dot_product_attention(query, key, value, mask.to(query.dtype))
        mixed = self.mix(seen.transpose(1, 2).reshape(batch, tokens, HIDDEN))
        states = self.mix_norm(states + self._drop(mixed))
        narrow = self.narrow(functional.gelu(self.wide(states)))
        normed: Tensor = self.narrow_norm(states + self._drop(narrow))
        return normed

    def _drop(self, states: Tensor) -> Tensor:
        return functional.dropout(states, self.dropout, self.training)


class Layers(nn.Module):
    """Positions and layers: from words' vectors to states."""

    def __init__(self) -> None:
        super().__init__()
        self.positions = nn.Parameter(torch.zeros(POSITIONS, HIDDEN))
        """Of positions and of the one type of token, summed."""
        self.norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))

    def embedded(self, words: Tensor) -> Tensor:
        """States below the first layer, (b, s, hidden)."""
        states: Tensor = self.norm(words + self.positions[: words.shape[1]])
        return states

    def forward(self, words: Tensor, attention_mask: Tensor) -> Tensor:
        """Map words' vectors (b, s, hidden) and 1 = read, 0 = padding (b, s) to states."""
        mask = (1.0 - attention_mask[:, None, None, :].float()) * BLOCKED
        states = self.embedded(words)
        for layer in self.layers:
            states = layer(states, mask)
        return states


class MultilingualReader(nn.Module):
    """Layers and heads: span, "answered here", relevance."""

    def __init__(self) -> None:
        super().__init__()
        self.body = Layers()
        self.span = nn.Linear(HIDDEN, 2)
        self.answered = ClsHead(HIDDEN)
        self.relevance = ClsHead(HIDDEN)
        self.blend = nn.Parameter(torch.tensor([1.0, 0.0, 0.0]), requires_grad=False)

    def forward(self, words: Tensor, attention_mask: Tensor, passage_mask: Tensor) -> Reading:
        """Read pairs: words (b, s, hidden), both masks int64 (b, s); 1 = a token of the passage."""
        states = self.body(words, attention_mask)
        logits = self.span(states).float()
        allowed = passage_mask == 1
        start, end = (_block(logits[..., part], allowed) for part in (0, 1))
        margins = margin(start) + margin(end)
        head = self.answered(states).float()
        answered = self.blend[0] * head + self.blend[1] * margins + self.blend[2]
        return Reading(start, end, answered, self.relevance(states).float())


def _block(logits: Tensor, allowed: Tensor) -> Tensor:
    passage = torch.where(allowed[:, 1:], logits[:, 1:], BLOCKED)
    return torch.cat((logits[:, :1], passage), dim=1)


def mean_states(layers: Layers, words: Tensor, attention_mask: Tensor) -> Tensor:
    """The embedder's vector of each text, not scaled to length 1: mean over its tokens."""
    states = layers(words, attention_mask)
    weights = attention_mask[..., None].to(states.dtype)
    total: Tensor = (states * weights).sum(1) / weights.sum(1)
    return total


PARTS = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "mix",
    "attention.output.LayerNorm": "mix_norm",
    "intermediate.dense": "wide",
    "output.dense": "narrow",
    "output.LayerNorm": "narrow_norm",
}
"""BertModel's names in a layer, and those here."""


def named_here(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The encoder's weights under the names of `Layers`."""
    types = weights["embeddings.token_type_embeddings.weight"]
    named = {
        "positions": weights["embeddings.position_embeddings.weight"] + types[0],
        "norm.weight": weights["embeddings.LayerNorm.weight"],
        "norm.bias": weights["embeddings.LayerNorm.bias"],
    }
    for row in range(LAYERS):
        for part, name in PARTS.items():
            for kind in ("weight", "bias"):
                full = f"encoder.layer.{row}.{part}.{kind}"
                named[f"layers.{row}.{name}.{kind}"] = weights[full]
    return named


def load_layers(folder: Path) -> Layers:
    """The layers of the unpacked embedder in `folder`, in fp32."""
    with safe_open(str(folder / "model.safetensors"), "pt") as file:
        weights = {n: file.get_tensor(n) for n in file.keys() if "word_emb" not in n}  # noqa: SIM118
    layers = Layers()
    layers.load_state_dict(named_here(weights))
    return layers.eval()


def load_words(folder: Path) -> Tensor:
    """The words' vectors of the unpacked embedder, (vocabulary, hidden)."""
    with safe_open(str(folder / "model.safetensors"), "pt") as file:
        words: Tensor = file.get_tensor("embeddings.word_embeddings.weight")
    return words
