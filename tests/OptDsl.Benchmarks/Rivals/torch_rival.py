# Times torch.optim.Adam on one thread: for each line "tensors length" prints the samples, nanoseconds of processor time a step.
import sys
import time

import torch

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
print("torch", torch.__version__, flush=True)
for line in sys.stdin:
    tensors, length, seconds = line.split()
    torch.manual_seed(7)
    parameters = [torch.nn.Parameter(torch.rand(int(length)) - 0.5) for _ in range(int(tensors))]
    for parameter in parameters:
        parameter.grad = torch.rand(int(length)) - 0.5
    optimizer = torch.optim.Adam(parameters, lr=1e-6)
    samples = []
    end = time.perf_counter() + float(seconds)
    steps = 0
    while steps < 12 or time.perf_counter() < end:
        start = time.thread_time_ns()
        optimizer.step()
        stop = time.thread_time_ns()
        steps += 1
        if steps > 2:
            samples.append(stop - start)
    print(*samples, flush=True)
