"""Write an encoder as it ships: vocabulary cut down, pooled output, ONNX with 8-bit weights. Needs torch."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from models.vocabulary import chosen_pieces, trimmed

PIECES = 44_000
OPSET = 18


def small_encoder(base: Path, texts: Iterable[str]) -> tuple[Any, str]:
    """Return the encoder in `base` with its vocabulary cut down, and its tokenizer as JSON.

    `texts` are passages of the field: the pieces they use are kept first.
    """
    from transformers import BertModel

    tokenizer = json.loads((base / "tokenizer.json").read_text("utf-8"))
    keep = chosen_pieces(tokenizer, PIECES, texts)
    model = BertModel.from_pretrained(base, add_pooling_layer=False, attn_implementation="eager")
    keep_rows(model, keep)
    return model, json.dumps(trimmed(tokenizer, keep), ensure_ascii=False, separators=(",", ":"))


def write_encoder(model: Any, tokenizer_json: str, out: Path) -> None:
    """Write `encoder.onnx` and `tokenizer.json` into `out`."""
    (out / "tokenizer.json").write_text(tokenizer_json, "utf-8")
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "encoder.onnx"
        write_onnx(model.eval(), whole)
        quantise(whole, out / "encoder.onnx")


def keep_rows(model: Any, keep: list[int]) -> None:
    """Cut the word embeddings down to the kept pieces, in place."""
    import torch

    words = model.embeddings.word_embeddings
    rows = words.weight.data[torch.tensor(keep)]
    smaller = torch.nn.Embedding(len(keep), rows.shape[1], padding_idx=keep.index(1), _weight=rows)
    model.embeddings.word_embeddings = smaller
    model.config.vocab_size = len(keep)


def pooled(model: Any) -> Any:
    """Return a module from (input_ids, attention_mask) to one vector of length 1 a text: the mean over its pieces."""
    import torch

    class Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            states = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            mask = attention_mask.unsqueeze(-1).to(states.dtype)
            mean = (states * mask).sum(1) / mask.sum(1)
            return torch.nn.functional.normalize(mean, dim=-1)

    return Pooled().eval()


def write_onnx(model: Any, path: Path) -> None:
    import torch

    example = (torch.ones(2, 8, dtype=torch.long), torch.ones(2, 8, dtype=torch.long))
    batch, pieces = torch.export.Dim("batch", min=1, max=4096), torch.export.Dim("pieces", min=2, max=512)
    shapes = {"input_ids": {0: batch, 1: pieces}, "attention_mask": {0: batch, 1: pieces}}
    torch.onnx.export(
        pooled(model),
        example,
        str(path),
        input_names=["input_ids", "attention_mask"],
        output_names=["vectors"],
        dynamic_shapes=shapes,
        opset_version=OPSET,
        external_data=False,
        dynamo=True,
    )


def quantise(whole: Path, small: Path) -> None:
    """Write the model with 8-bit weights, the embeddings too."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        whole,
        small,
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather", "Gemm"],
    )
