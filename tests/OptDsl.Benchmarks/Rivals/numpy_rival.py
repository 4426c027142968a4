# Times NumPy on one thread: for each line prints the samples, nanoseconds of processor time a step. "tempering CHAINS SECONDS" makes a
# transition of simulated tempering of Langevin chains on .3 N(-5, 1) + .7 N(5, 1), all chains in one array, and counts as ours does;
# "mala CHAINS DIMENSIONS SECONDS" one of MALA on independent normals, in float as ours.
import sys
import time

import numpy as np

print("numpy", np.__version__, flush=True)


def tempering(chains):
    random = np.random.default_rng(7)
    inverses = np.array([0.03, 0.08, 0.2, 0.45, 1])
    step, rate, last = 0.1, 0.2, len(inverses) - 1
    offset, constant, noise = np.log(0.7 / 0.3), (np.log(0.7) + np.log(0.3)) / 2, np.sqrt(2 * step)

    def evaluate(x):
        odds = offset + 10 * x
        size = np.abs(odds)
        small = np.exp(-size)
        potential = 0.5 * (x * x + 25 - size) - constant - np.log1p(small)
        return potential, x - 5 * np.copysign((1 - small) / (1 + small), odds)

    grid = np.linspace(-60, 60, 120001)
    values = evaluate(grid)[0]
    weights = np.array([-np.log(np.exp(-inverse * values).sum() * (grid[1] - grid[0])) for inverse in inverses])
    state = {"x": np.full(chains, 5.0), "level": np.full(chains, last)}
    state["gradient"] = evaluate(state["x"])[1]
    occupation = np.zeros(last + 1)

    def transition():
        x, level = state["x"], state["level"]
        x -= step * inverses[level] * state["gradient"]
        x += noise * random.standard_normal(chains)
        potential, state["gradient"] = evaluate(x)
        draw = random.random(chains)
        up = draw < rate / 2
        proposal = np.clip(level + np.where(up, 1, -1), 0, last)
        ratio = (inverses[level] - inverses[proposal]) * potential + weights[proposal] - weights[level]
        swapped = np.where(up, draw, draw - rate / 2) < rate / 2 * np.exp(np.minimum(ratio, 0))
        state["level"] = np.where(swapped, proposal, level)
        occupation[:] += np.bincount(state["level"], minlength=last + 1)

    return transition


def mala(chains, dimensions):
    random = np.random.default_rng(7)
    real = np.float32
    step = 1.65**2 / 2 / dimensions ** (1 / 3)
    half, quarter, spread = real(0.5), real(step / 4), real(np.sqrt(2 * step))
    x = random.standard_normal((chains, dimensions), dtype=real)
    state = {"x": x, "gradient": x.copy(), "potential": 0.5 * np.einsum("ij,ij->i", x, x)}

    def transition():
        x, gradient, potential = state["x"], state["gradient"], state["potential"]
        y = random.standard_normal((chains, dimensions), dtype=real)
        y *= spread
        y += x
        y -= real(step) * gradient
        ahead = y
        reached = 0.5 * np.einsum("ij,ij->i", y, y)
        ratio = potential - reached + np.einsum("ij,ij->i", gradient + ahead, half * (y - x) + quarter * (gradient - ahead))
        accepted = np.log(random.random(chains)) < ratio
        x[accepted] = y[accepted]
        gradient[accepted] = ahead[accepted]
        potential[accepted] = reached[accepted]

    return transition


for line in sys.stdin:
    kind, *numbers, seconds = line.split()
    step = {"tempering": tempering, "mala": mala}[kind](*(int(number) for number in numbers))
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
