# Times PyTorch on one thread: for each line, "adam tensors length seconds" or "cp order side components observed seconds", prints the samples,
# nanoseconds of processor time a step.
import sys
import time

import torch

torch.set_num_threads(1)
torch.set_num_interop_threads(1)


def adam(tensors, length):
    """A step of torch.optim.Adam."""
    parameters = [torch.nn.Parameter(torch.rand(length) - 0.5) for _ in range(tensors)]
    for parameter in parameters:
        parameter.grad = torch.rand(length) - 0.5
    return torch.optim.Adam(parameters, lr=1e-6).step


def cp(order, side, components, observed):
    """The whole tensor by einsum, its masked mean square, the gradient, and a step of GroupRMSprop."""
    factors = [(torch.randn(side, components) * 0.1).requires_grad_() for _ in range(order)]
    modes = "abcdefgh"[:order]
    equation = ",".join(mode + "r" for mode in modes) + "->" + modes
    shape = [side] * order
    target = torch.randn(shape)
    mask = torch.zeros(target.numel())
    mask[torch.randperm(target.numel())[:observed]] = 1
    mask = mask.view(shape)
    state = [0.0, 0]

    def step():
        residual = (torch.einsum(equation, *factors) - target) * mask
        loss = (residual * residual).sum() / observed
        gradients = torch.autograd.grad(loss, factors)
        state[1] += 1
        state[0] = 0.99 * state[0] + 0.01 * sum(float((g * g).sum()) for g in gradients)
        rate = 1e-6 / ((state[0] / (1 - 0.99 ** state[1])) ** 0.5 + 1e-6)
        with torch.no_grad():
            for factor, gradient in zip(factors, gradients):
                factor.sub_(rate * gradient)

    return step


print("torch", torch.__version__, flush=True)
for line in sys.stdin:
    kind, *sizes, seconds = line.split()
    torch.manual_seed(7)
    step = {"adam": adam, "cp": cp}[kind](*map(int, sizes))
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
