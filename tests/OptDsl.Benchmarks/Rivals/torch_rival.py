# Times PyTorch on one thread: for each line prints the samples, nanoseconds of processor time a step. "adam TENSORS LENGTH SECONDS" steps
# torch.optim.Adam; "deep SIDE DEPTH OBSERVED SECONDS" makes an iteration of deep matrix factorization under GroupRMSprop by autograd, and
# "deep-by-hand" with the gradients written out; "cp ORDER SIDE COMPONENTS OBSERVED SECONDS" one of tensor completion, by einsum and autograd;
# "langevin LENGTH SECONDS" makes a step of Langevin dynamics in place.
import sys
import time

import torch

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
print("torch", torch.__version__, flush=True)


def adam(tensors, length):
    torch.manual_seed(7)
    parameters = [torch.nn.Parameter(torch.rand(length) - 0.5) for _ in range(tensors)]
    for parameter in parameters:
        parameter.grad = torch.rand(length) - 0.5
    return torch.optim.Adam(parameters, lr=1e-6).step


def deep(side, depth, observed, by_hand):
    torch.manual_seed(7)
    scale = 1e-3 ** (1 / depth) * side ** -0.5
    factors = [scale * torch.randn(side, side) for _ in range(depth)]
    if not by_hand:
        factors = [torch.nn.Parameter(factor) for factor in factors]
    target = torch.randn(side, side)
    mask = torch.zeros(side * side)
    mask[torch.randperm(side * side)[:observed]] = 1
    mask = mask.view(side, side)
    state = {"square": 0.0, "decay": 1.0}

    def update(gradients):
        state["square"] = 0.99 * state["square"] + 0.01 * float(sum((gradient * gradient).sum() for gradient in gradients))
        state["decay"] *= 0.99
        rate = 1e-3 / ((state["square"] / (1 - state["decay"])) ** 0.5 + 1e-4)
        with torch.no_grad():
            for factor, gradient in zip(factors, gradients):
                factor.sub_(gradient, alpha=rate)

    def automatic():
        product = factors[0]
        for factor in factors[1:]:
            product = factor @ product
        loss = (((product - target) * mask) ** 2).sum() / observed
        for factor in factors:
            factor.grad = None
        loss.backward()
        update([factor.grad for factor in factors])

    def written():
        below = [factors[0]]
        for factor in factors[1:]:
            below.append(factor @ below[-1])
        residual = (below[-1] - target) * mask
        float((residual * residual).sum() / observed)
        outer = residual * (2 / observed)
        gradients = [None] * depth
        for i in range(depth - 1, 0, -1):
            gradients[i] = outer @ below[i - 1].T
            outer = factors[i].T @ outer
        gradients[0] = outer
        update(gradients)

    return written if by_hand else automatic


def cp(order, side, components, observed):
    """The whole tensor by einsum, its mean square, masked unless all is observed, the gradient, and a step of GroupRMSprop."""
    torch.manual_seed(7)
    factors = [(torch.randn(side, components) * 0.1).requires_grad_() for _ in range(order)]
    modes = "abcdefgh"[:order]
    equation = ",".join(mode + "r" for mode in modes) + "->" + modes
    shape = [side] * order
    target = torch.randn(shape)
    mask = torch.zeros(target.numel())
    mask[torch.randperm(target.numel())[:observed]] = 1
    mask = mask.view(shape)
    masked = observed < target.numel()
    state = [0.0, 0]

    def step():
        residual = torch.einsum(equation, *factors) - target
        if masked:
            residual = residual * mask
        loss = (residual * residual).sum() / observed
        gradients = torch.autograd.grad(loss, factors)
        state[1] += 1
        state[0] = 0.99 * state[0] + 0.01 * sum(float((g * g).sum()) for g in gradients)
        rate = 1e-6 / ((state[0] / (1 - 0.99 ** state[1])) ** 0.5 + 1e-6)
        with torch.no_grad():
            for factor, gradient in zip(factors, gradients):
                factor.sub_(rate * gradient)

    return step


def langevin(length):
    torch.manual_seed(7)
    parameter, gradient = torch.randn(length), torch.randn(length)

    def step():
        parameter.add_(gradient, alpha=-1e-6)
        parameter.add_(torch.randn(length), alpha=2e-6 ** 0.5)

    return step


for line in sys.stdin:
    kind, *numbers, seconds = line.split()
    numbers = [int(number) for number in numbers]
    makers = {"adam": adam, "cp": cp, "langevin": langevin}
    step = makers[kind](*numbers) if kind in makers else deep(*numbers, kind == "deep-by-hand")
    samples = []
    end = time.perf_counter() + float(seconds)
    steps = 0
    while steps < 12 or time.perf_counter() < end:
        start = time.thread_time_ns()
        step()
        stop = time.thread_time_ns()
        steps += 1
        if steps > 2:
            samples.append(stop - start)
    print(*samples, flush=True)
