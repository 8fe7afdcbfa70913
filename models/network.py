"""The network as it is trained: an encoder, a vector for each indicator tied to its description, a verdict head.

After training the indicators' vectors stand alone: the shipped heads are plain matrices.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

FROZEN_LAYERS = (
    7  # of 12, with the word embeddings: they gain little from few passages, and their output is kept
)


class Network(nn.Module):
    """Scores a batch of passages for every indicator, and the verdict for chosen pairs of passage and indicator."""

    def __init__(self, encoder: Any, descriptions: Tensor):
        """`descriptions` has one vector of length 1 an indicator, from the encoder before training."""
        super().__init__()
        dimensions = descriptions.shape[1]
        self.encoder = encoder
        self.register_buffer("descriptions", descriptions)
        self.turn = nn.Linear(dimensions, dimensions, bias=False)
        nn.init.eye_(self.turn.weight)
        self.own = nn.Parameter(torch.zeros_like(descriptions))
        self.bias = nn.Parameter(torch.full((len(descriptions),), -2.0))
        self.scale = nn.Parameter(torch.tensor(15.0))
        self.verdict = nn.Linear(dimensions, 4)
        self.verdict_joint = nn.Linear(dimensions, 4, bias=False)
        self.tuned = encoder.encoder.layer[FROZEN_LAYERS:]

    def below(self, input_ids: Tensor) -> Tensor:
        """Return what the frozen layers make of one text, shape (pieces, dimensions): it never changes."""
        with torch.no_grad():
            states = self.encoder.embeddings(input_ids=input_ids.unsqueeze(0))
            for layer in self.encoder.encoder.layer[:FROZEN_LAYERS]:
                states = _first(layer(states))
        return states[0]

    def vectors(self, states: Tensor, mask: Tensor) -> Tensor:
        """Return one vector of length 1 a passage, from the output of the frozen layers: the mean over its pieces."""
        hidden = (1.0 - mask[:, None, None, :]) * torch.finfo(states.dtype).min
        for layer in self.tuned:
            states = _first(layer(states, attention_mask=hidden))
        return functional.normalize((states * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True), dim=-1)

    def weight(self) -> Tensor:
        """Return the indicators' vectors: the description, turned, and what is learned beside it."""
        turned: Tensor = self.turn(self.descriptions)
        return self.scale * (turned + self.own)

    def scores(self, vectors: Tensor) -> Tensor:
        return vectors @ self.weight().T + self.bias

    def verdicts(self, vectors: Tensor, passages: Tensor, indicators: Tensor) -> Tensor:
        """Return the scores of the four verdicts for pairs of a passage and an indicator (their indexes)."""
        own = vectors[passages]
        out: Tensor = 10 * self.verdict(own) + self.verdict_joint(own * self.weight()[indicators])
        return out


def _first(output: Any) -> Tensor:
    """Return a layer's states, which some versions wrap in a tuple."""
    states: Tensor = output[0] if isinstance(output, tuple) else output
    return states


def ranking_loss(scores: Tensor, truth: Tensor) -> Tensor:
    """Return the loss that puts an indicator's score above 0 where it is true and below where it is not.

    Zero-bounded log-sum-exp pairwise ranking (Su and others, 2022): no class weights are needed although only one
    or two of 91 are true.
    """
    zero = torch.zeros_like(scores[:, :1])
    below = torch.logsumexp(torch.cat([scores.masked_fill(truth, -1e9), zero], dim=1), dim=1)
    above = torch.logsumexp(torch.cat([(-scores).masked_fill(~truth, -1e9), zero], dim=1), dim=1)
    return (below + above).mean()
