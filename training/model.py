"""The reader: a BERT cross-encoder over (question, passage) with four outputs.

start and end logits over the tokens, "answered here", and the relevance of the reranker that it
grew from. Position 0 ([CLS]) stands for "no answer" among the starts and the ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn
from transformers import BertConfig
from transformers.models.bert.modeling_bert import BertEmbeddings, BertLayer

if TYPE_CHECKING:
    from training.dequantise import Weights

SEP_ID = 102
BLOCKED = -10_000.0
"""Logit of a token that cannot open or close an answer: the question, [SEP], padding."""


class Reading(NamedTuple):
    """What the reader says of a batch: (b, s), (b, s), (b,), (b,)."""

    start_logits: Tensor
    end_logits: Tensor
    answered_logit: Tensor
    relevance_logit: Tensor


class ClsHead(nn.Module):
    """BERT's pooler and a linear unit: one logit from the state of [CLS]."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.pooler = nn.Linear(hidden, hidden)
        self.classifier = nn.Linear(hidden, 1)

    def forward(self, states: Tensor) -> Tensor:
        """Map states (b, s, hidden) to logits (b,)."""
        pooled = torch.tanh(self.pooler(states[:, 0]))
        logit: Tensor = self.classifier(pooled).squeeze(-1)
        return logit


class Reader(nn.Module):
    """Cross-encoder of 12 layers; `frozen` layers from below, and the embeddings, do not learn."""

    def __init__(self, frozen: int = 0, dropout: float = 0.0, attention: str = "eager") -> None:
        super().__init__()
        config = BertConfig(
            vocab_size=30522, hidden_size=384, num_hidden_layers=12, num_attention_heads=12,
            intermediate_size=1536, hidden_dropout_prob=dropout,
            attention_probs_dropout_prob=0.0, attn_implementation=attention,  # type: ignore[call-arg]
        )  # fmt: skip
        self.embeddings = BertEmbeddings(config)  # type: ignore[no-untyped-call]
        self.layers = nn.ModuleList(
            BertLayer(config)  # type: ignore[no-untyped-call]
            for _ in range(config.num_hidden_layers)
        )
        self.span = nn.Linear(config.hidden_size, 2)
        self.answered = ClsHead(config.hidden_size)
        self.relevance = ClsHead(config.hidden_size)
        self.blend = nn.Parameter(torch.tensor([1.0, 0.0, 0.0]), requires_grad=False)
        self.frozen = frozen
        for module in (self.embeddings, *self.layers[:frozen]):
            module.requires_grad_(requires_grad=False)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Reading:
        """Read a batch of pairs, all three tensors int64 of shape (b, s)."""
        mask = additive_mask(attention_mask)
        states = self.upper(self.lower(input_ids, token_type_ids, mask), mask)
        return self.heads(states, self.allowed(input_ids, attention_mask, token_type_ids))

    @staticmethod
    def allowed(input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Which tokens can open or close an answer: those of the passage, (b, s)."""
        return (token_type_ids == 1) & (attention_mask == 1) & (input_ids != SEP_ID)

    def lower(self, input_ids: Tensor, token_type_ids: Tensor, mask: Tensor) -> Tensor:
        """Embeddings and frozen layers: states (b, s, hidden), which training leaves alone."""
        states: Tensor = self.embeddings(input_ids=input_ids, token_type_ids=token_type_ids)
        for layer in self.layers[: self.frozen]:
            states = layer(states, mask)
        return states

    def upper(self, states: Tensor, mask: Tensor) -> Tensor:
        """The layers that learn."""
        for layer in self.layers[self.frozen :]:
            states = layer(states, mask)
        return states

    def heads(self, states: Tensor, allowed: Tensor) -> Reading:
        """All four outputs; `allowed` (b, s) marks the passage's own tokens."""
        logits = self.span(states).float()
        start = self._block(logits[..., 0], allowed)
        end = self._block(logits[..., 1], allowed)
        head, margins = self.answered(states).float(), margin(start) + margin(end)
        answered = self.blend[0] * head + self.blend[1] * margins + self.blend[2]
        return Reading(start, end, answered, self.relevance(states).float())

    @staticmethod
    def _block(logits: Tensor, allowed: Tensor) -> Tensor:
        passage = torch.where(allowed[:, 1:], logits[:, 1:], BLOCKED)
        return torch.cat((logits[:, :1], passage), dim=1)


def margin(logits: Tensor) -> Tensor:
    """How far the best token of the passage lies above "no answer", shape (b,)."""
    return logits[:, 1:].amax(dim=1) - logits[:, 0]


def additive_mask(attention_mask: Tensor) -> Tensor:
    """Turn 1 = read, 0 = padding into what attention scores are added to, (b, 1, 1, s)."""
    return (1.0 - attention_mask[:, None, None, :].float()) * BLOCKED


def from_reranker(
    weights: Weights, frozen: int = 0, dropout: float = 0.0, attention: str = "eager"
) -> Reader:
    """Build a reader from the reranker's weights; "answered here" starts as its relevance.

    `weights` may be an earlier reader's too, all of which is kept.
    `attention` is one of the kinds of transformers: on a CPU, "eager" is the fastest to learn with.
    """
    reader = Reader(frozen, dropout, attention)
    named: Weights = {}
    for name, tensor in weights.items():
        if name.startswith("bert.embeddings."):
            named[name.removeprefix("bert.")] = tensor
        elif not name.startswith(("bert.", "classifier.")):  # a reader's
            named[name] = tensor
        elif name.startswith("bert.encoder.layer."):
            named[name.replace("bert.encoder.layer", "layers")] = tensor
        else:  # bert.pooler.dense.* and classifier.*
            part = name.replace("bert.pooler.dense", "pooler")
            named[f"relevance.{part}"] = tensor
            named[f"answered.{part}"] = tensor.clone()
    left = reader.load_state_dict(named, strict=False)
    missing = [name for name in left.missing_keys if not name.startswith(("span.", "blend"))]
    if missing or left.unexpected_keys:
        raise ValueError(f"weights do not fit: missing {missing}, left {left.unexpected_keys}")
    return reader
