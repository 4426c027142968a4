"""Makes ten steps of recorded runs with torch.optim and writes parameters and optimizer state as safetensors, by numpy alone.

Run beside ../torch-1.13: python3 write.py
"""
import json
import pathlib
import struct

import numpy
import torch

HERE = pathlib.Path(__file__).parent
RECORDED = HERE.parent / "torch-1.13"
RUNS = ["SGD/2", "SGD/4", "Adam/1", "AdamW/2", "AMSGrad/1", "RMSprop/1", "RMSprop/3", "RMSprop/5", "Adagrad/2", "Adadelta/1", "Adamax/2",
        "NAdam/1", "RAdam/2", "Rprop/1", "ASGD/1"]
STEPS = 10
TENSORS = {"layer.weight": (4, 9), "layer.bias": (1,)}


def save(path, tensors):
    header, place = {}, 0
    for name, array in tensors.items():
        element = {"float64": "F64", "float32": "F32", "int64": "I64"}[str(array.dtype)]
        header[name] = {"dtype": element, "shape": list(array.shape), "data_offsets": [place, place + array.nbytes]}
        place += array.nbytes
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for array in tensors.values():
            file.write(array.tobytes())


def make(kind, number):
    recorded = json.loads((RECORDED / f"{kind}.json").read_text())
    run = next(run for run in recorded["runs"] if run["id"] == f"{kind}/{number}/coupled/f64")
    inputs = json.loads((RECORDED / "inputs.json").read_text())
    parameters, start = [], 0
    for shape in TENSORS.values():
        count = int(numpy.prod(shape))
        values = torch.tensor(inputs["p0"][start:start + count], dtype=torch.float64).reshape(shape)
        parameters.append(torch.nn.Parameter(values))
        start += count
    optimizer = getattr(torch.optim, recorded["class"].split(".")[-1])(parameters, **run["args"])
    for step in range(STEPS):
        drive, start = torch.tensor(inputs["drive"][step], dtype=torch.float64), 0
        for parameter in parameters:
            count = parameter.numel()
            parameter.grad = drive[start:start + count].reshape(parameter.shape) + 0.5 * parameter.detach()
            start += count
        optimizer.step()
    reached = torch.cat([parameter.detach().flatten() for parameter in parameters]).tolist()
    assert reached == run["params"][str(STEPS)], run["id"]
    tensors = {}
    for name, parameter in zip(TENSORS, parameters):
        tensors[name] = parameter.detach().numpy()
        for state, value in optimizer.state[parameter].items():
            if value is not None:
                tensors[f"{name}.{state}"] = value.numpy() if torch.is_tensor(value) else numpy.array(value)
    save(HERE / f"{kind}-{number}.safetensors", tensors)


for run in RUNS:
    make(*run.split("/"))
