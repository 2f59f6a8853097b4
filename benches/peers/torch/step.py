"""The peer PyTorch on the CPU: forward, backward, AdamW, loss read back, on `small` and `mid`.

    python step.py [--sizes small,mid] [--threads 1,2] [--steps 30]

Not here: sizes and weights (work.py), the larger work for a real GPU (mini.py).
"""

import argparse
import math

import torch
import torch.nn.functional as F

from work import ADAMW, SIZES, adapter, milliseconds, norm, row, tokens, weights


def loss_of(parameters, batch, size):
    """Mean negative log-probability of the next token."""
    rows, length = batch.shape
    heads = size["H"]
    split = lambda x: x.reshape(rows, length, heads, size["D"] // heads).transpose(1, 2)  # (B, H, T, D/H)
    x = F.embedding(batch, parameters["embedding"])  # (B, T, D)
    for i in range(size["L"]):
        take = lambda name: parameters[f"{i}.{name}"]
        y = norm(x, take("norm1"))
        q, k, v = (split(y @ take(name)) for name in "qkv")
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=1 / math.sqrt(size["D"] // heads))
        x = x + mixed.transpose(1, 2).reshape(rows, length, size["D"]) @ take("o")
        z = norm(x, take("norm2"))
        x = x + (F.silu(z @ take("gate")) * (z @ take("up"))) @ take("down")
    logits = norm(x, parameters["norm"]) @ parameters["embedding"].T  # (B, T, V)
    return F.cross_entropy(logits[:, :-1].flatten(0, 1), batch[:, 1:].flatten())


def measure(name, threads, steps):
    torch.set_num_threads(threads)
    size = SIZES[name]
    parameters, batch = weights(size), tokens(size)
    optimizer = torch.optim.AdamW(parameters.values(), **ADAMW)

    def update():
        optimizer.zero_grad()
        loss = loss_of(parameters, batch, size)
        loss.backward()
        optimizer.step()
        return loss.item()

    @torch.no_grad()
    def score():
        return loss_of(parameters, batch, size).item()

    losses, times = zip(*(milliseconds(update) for _ in range(steps + 1)))
    scores = [milliseconds(score)[1] for _ in range(11)]
    row(
        backend=f"CPU, {threads} thread{'s' if threads > 1 else ''}",
        size=name,
        adapter=adapter("cpu"),
        first_ms=times[0],
        update_ms=times[1:],
        score_ms=scores[1:],
        losses=losses,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="small,mid")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--steps", type=int, default=30)
    given = parser.parse_args()
    for name in given.sizes.split(","):
        for threads in given.threads.split(","):
            measure(name, int(threads), given.steps)


if __name__ == "__main__":
    main()
