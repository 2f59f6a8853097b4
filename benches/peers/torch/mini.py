"""SofT-GRPO's larger work on PyTorch, meant for a real GPU: 512 rollouts × 64 tokens of `mini`, decoded softly, scored, updated.

    python mini.py [--device cuda|cpu] [--rollouts 512] [--tokens 64] [--steps 10] [--compile]

fp32 throughout, TF32 off. `mini`: 6 layers, D 384, 6 query and 2 key-value heads, SwiGLU 1024, vocabulary 64, rotary positions, tied.
One rollout: 64 soft steps from one token, with a key-value cache; nothing is read back before the last. One update: forward over
what was decoded, the Gumbel log density of each soft step, the clipped surrogate, backward, clipping at 1, AdamW, loss read back.
`--compile` gives both to torch.compile. Without a GPU the default is 16 rollouts, as a check that it works.

Not here: the smaller work shared by all peers (step.py); graders and tasks: advantages are drawn.
"""

import argparse

import torch
import torch.nn.functional as F

from work import NORM_EPSILON, adapter, milliseconds, row

V, D, L, H, KV, WIDE, HEAD = 64, 384, 6, 6, 2, 1024, 64
THETA = 10_000.0
# src/math/gumbel.rs, truncation.rs and decode/policy.rs.
K, TOP_P, TEMPERATURE, LOG_EPSILON, NOISE_MIN, NOISE_MAX, MASK_LOG_PROB = 5, 0.95, 0.1, 1e-6, -1.5, 3.0, -3.0
CLIP = 0.2


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        linear = lambda inputs, outputs: torch.nn.Linear(inputs, outputs, bias=False)
        self.norm1, self.norm2 = (torch.nn.RMSNorm(D, eps=NORM_EPSILON) for _ in range(2))
        self.q, self.o = linear(D, H * HEAD), linear(H * HEAD, D)
        self.k, self.v = linear(D, KV * HEAD), linear(D, KV * HEAD)
        self.gate, self.up, self.down = linear(D, WIDE), linear(D, WIDE), linear(WIDE, D)

    def forward(self, x, turns, cache=None, position=None):
        """x (B, T, D). With a cache, T is 1 and keys and values are put at `position`; without, attention is causal."""
        rows, length, _ = x.shape
        y = self.norm1(x)
        split = lambda t, heads: t.view(rows, length, heads, HEAD).transpose(1, 2)  # (B, heads, T, HEAD)
        q, k = rotate(split(self.q(y), H), turns), rotate(split(self.k(y), KV), turns)
        v = split(self.v(y), KV)
        if cache is None:
            mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        else:
            keys, values, seen = cache
            keys.index_copy_(2, position, k)
            values.index_copy_(2, position, v)
            mixed = F.scaled_dot_product_attention(q, keys, values, attn_mask=(seen <= position)[None], enable_gqa=True)
        x = x + self.o(mixed.transpose(1, 2).reshape(rows, length, H * HEAD))
        z = self.norm2(x)
        return x + self.down(F.silu(self.gate(z)) * self.up(z))


class Mini(torch.nn.Module):
    def __init__(self, tokens):
        super().__init__()
        self.embedding = torch.nn.Parameter(torch.randn(V, D) * 0.02)
        self.blocks = torch.nn.ModuleList(Block() for _ in range(L))
        self.norm = torch.nn.RMSNorm(D, eps=NORM_EPSILON)
        angles = torch.outer(torch.arange(tokens), THETA ** (-torch.arange(0, HEAD, 2) / HEAD))
        self.register_buffer("turns", torch.stack([angles.cos(), angles.sin()]))  # (2, T, HEAD/2)

    def forward(self, x):
        for block in self.blocks:
            x = block(x, self.turns[:, : x.shape[1]])
        return self.norm(x) @ self.embedding.T  # (B, T, V)

    def decode(self, x, caches, position):
        turns = self.turns.index_select(1, position)
        for block, cache in zip(self.blocks, caches):
            x = block(x, turns, cache, position)
        return (self.norm(x) @ self.embedding.T).squeeze(1)  # (B, V)

    def caches(self, rows, tokens):
        empty = lambda: torch.zeros(rows, KV, tokens, HEAD, device=self.embedding.device)
        seen = torch.arange(tokens, device=self.embedding.device)
        return [(empty(), empty(), seen) for _ in self.blocks]


def rotate(x, turns):
    """Turns the halves of each head, as Llama does."""
    cos, sin = turns
    left, right = x.chunk(2, -1)
    return torch.cat([left * cos - right * sin, right * cos + left * sin], -1)


def soft_step(logits):
    """Candidates, perturbed log-probabilities and mixture (B, K)."""
    probs, candidates = logits.softmax(-1).topk(K)
    kept = probs.cumsum(-1) - probs < TOP_P
    probs = torch.where(kept, probs, 0.0)
    log_probs = (probs / probs.sum(-1, keepdim=True) + LOG_EPSILON).log()
    noise = -torch.empty_like(probs).exponential_().clamp_min(1e-10).log()
    perturbed = log_probs + noise.clamp(NOISE_MIN, NOISE_MAX)
    mixture = torch.where(kept, perturbed / TEMPERATURE, -1e30).softmax(-1)
    return candidates, perturbed, mixture


def log_density(logits, candidates, perturbed):
    """(B, T): the mean over counted candidates, clamped noise without a gradient."""
    log_probs = (logits.gather(-1, candidates).softmax(-1) + LOG_EPSILON).log()
    noise = (perturbed - log_probs).clamp(NOISE_MIN, NOISE_MAX)
    counted = (log_probs > MASK_LOG_PROB).float()
    return ((-noise - (-noise).exp()) * counted).sum(-1) / counted.sum(-1).clamp_min(1)


class Bench:
    """The model, and the three things that are timed."""

    def __init__(self, given):
        self.rows, self.tokens = given.rollouts, given.tokens
        self.model = Mini(given.tokens).to(given.device)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=2e-4, fused=given.device == "cuda")
        self.advantages = torch.randn(self.rows, 1, device=given.device)
        wrap = torch.compile if given.compile else lambda function: function
        self.next = wrap(self._next)
        self.density = wrap(self._density)

    def _next(self, x, caches, position):
        """One soft step: the next input (B, 1, D) and the record of the action."""
        action = soft_step(self.model.decode(x, caches, position))
        candidates, _, mixture = action
        return torch.einsum("bk,bkd->bd", mixture, self.model.embedding[candidates]).unsqueeze(1), action

    def _density(self, candidates, perturbed, mixture):
        """The log densities (B, T) of the actions; the input of each step is the blend of the one before, with its gradient."""
        blends = torch.einsum("btk,btkd->btd", mixture[:, :-1], self.model.embedding[candidates[:, :-1]])
        first = self.model.embedding[:1].expand(self.rows, 1, D)
        return log_density(self.model(torch.cat([first, blends], 1)), candidates, perturbed)

    @torch.no_grad()
    def rollout(self):
        device = self.model.embedding.device
        caches = self.model.caches(self.rows, self.tokens)
        x = self.model.embedding[:1].expand(self.rows, 1, D)
        record = []
        for t in range(self.tokens):
            x, action = self.next(x, caches, torch.tensor([t], device=device))
            record.append(action)
        actions = [torch.stack(parts, 1) for parts in zip(*record)]  # (B, T, K) each
        actions[0].cpu()
        return actions

    @torch.no_grad()
    def score(self, actions):
        return self.density(*actions)

    def update(self, actions, old):
        ratio = (self.density(*actions) - old).exp()
        clipped = ratio.clamp(1 - CLIP, 1 + CLIP)
        loss = -torch.minimum(ratio * self.advantages, clipped * self.advantages).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss.item()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--rollouts", type=int)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--compile", action="store_true")
    given = parser.parse_args()
    gpu = given.device == "cuda"
    given.rollouts = given.rollouts or (512 if gpu else 16)
    given.steps = given.steps or (10 if gpu else 3)
    torch.manual_seed(1)
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.set_float32_matmul_precision("highest")

    bench = Bench(given)
    time = lambda work: milliseconds(work, given.device)
    actions, first_rollout = time(bench.rollout)
    rollouts = [time(bench.rollout)[1] for _ in range(given.steps)]
    old = bench.score(actions)
    scores = [time(lambda: bench.score(actions))[1] for _ in range(given.steps)]
    losses, updates = zip(*(time(lambda: bench.update(actions, old)) for _ in range(given.steps + 1)))
    row(
        backend=given.device + (", compiled" if given.compile else ""),
        size="mini",
        sequences=given.rollouts,
        positions=given.tokens,
        adapter=adapter(given.device),
        parameters=sum(p.numel() for p in bench.model.parameters()),
        first_ms=updates[0],
        update_ms=updates[1:],
        score_ms=scores,
        first_rollout_ms=first_rollout,
        rollout_tokens_per_s=given.rollouts * given.tokens * 1e3 / sorted(rollouts)[len(rollouts) // 2],
        live_bytes=torch.cuda.max_memory_allocated() if gpu else None,
        losses=losses,
    )


if __name__ == "__main__":
    main()
