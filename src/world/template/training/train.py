"""Trains the adult model with PyTorch: on a GPU if there is one, else on the CPU.

    python training/train.py --request request.json --out out [--resume checkpoint.pt] [--trial 3]

The request is what the app dispatched (`command`, `parameters`, `seed`, ...); without one the defaults below are used.
Everything is seeded: the same code, data, parameters and seed give the same model on the same kind of machine.

Written to --out:
    model.onnx        reads the columns of the table by name, categories as text; answers label and probabilities
    validation.csv    the rows that were neither trained on nor are the exam
    predictions.csv   row_id, prediction and score on these rows
    metrics.json      quality on these rows, and what the training took
    checkpoint.pt     the newest checkpoint; --checkpoints keeps each in the store as well

Exit code 75: interrupted (a spot machine was taken away); a checkpoint is kept, and another run may go on from it.
"""

import argparse
import csv
import inspect
import json
import os
import random
import signal
import subprocess
import sys
import time

os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # deterministic matrix products on a GPU

import onnx
import torch
from onnx import TensorProto, compose, helper

NUMBERS = ["age", "education_num", "capital_gain", "capital_loss", "hours_per_week"]
CATEGORIES = ["workclass", "marital_status", "occupation", "relationship", "race", "sex"]
LABEL = "label"
ID = "row_id"
DEFAULTS = {"learning_rate": 0.01, "epochs": 20, "hidden": 32, "weight_decay": 0.0001, "batch_size": 256}
INTERRUPTED = 75
OPSET = 13


def main():
    options = read_options()
    request = json.load(open(options.request, encoding="utf8")) if options.request else {}
    options.attempt = request.get("attempt", 1)
    asked = trial_of(request, options.trial) if options.trial is not None else request
    parameters = {**DEFAULTS, **asked.get("parameters", {})}
    seed = int(asked.get("seed", 7))
    seed_everything(seed)
    os.makedirs(options.out, exist_ok=True)

    rows = read_rows(options.data)
    fit, held_out = split(rows)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = Network(fit, int(parameters["hidden"])).to(device)
    started = time.monotonic()
    train(network, fit, parameters, seed, device, options)
    seconds = time.monotonic() - started
    print(f"trained on {device.type} in {seconds:.1f} s", flush=True)

    network = network.to("cpu").eval()
    export(network, os.path.join(options.out, "model.onnx"))
    scores = score(network, held_out)
    write_rows(os.path.join(options.out, "validation.csv"), [ID, *NUMBERS, *CATEGORIES, LABEL], held_out)
    predictions = [
        {ID: row[ID], "prediction": int(value > 0.5), "score": repr(value)} for row, value in zip(held_out, scores)
    ]
    write_rows(os.path.join(options.out, "predictions.csv"), [ID, "prediction", "score"], predictions)
    measured = metrics([int(row[LABEL]) for row in held_out], scores)
    about = {
        "parameters": parameters,
        "seed": seed,
        "validation": {"rows": len(held_out), "metrics": measured},
        "compute": {"gpu": gpu_name(device), "gpu_seconds": round(seconds, 3) if device.type == "cuda" else 0},
    }
    with open(os.path.join(options.out, "metrics.json"), "w", encoding="utf8") as file:
        json.dump(about, file, indent=2)
    print(json.dumps(measured))


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--data", default="data/adult-train.csv")
    parser.add_argument("--request", help="the request of the app, a JSON file")
    parser.add_argument("--trial", type=int, help="which trial of a search")
    parser.add_argument("--resume", help="a checkpoint to go on from")
    parser.add_argument("--checkpoints", help="where the store keeps checkpoints; needs weighbridge on the path")
    parser.add_argument("--out", default="out")
    return parser.parse_args()


def trial_of(request, number):
    return next(trial for trial in request["trials"] if trial["trial"] == number)


def seed_everything(seed):
    random.seed(seed)
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)


def read_rows(path):
    with open(path, newline="", encoding="utf8") as file:
        return list(csv.DictReader(file))


def write_rows(path, columns, rows):
    with open(path, "w", newline="", encoding="utf8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def split(rows):
    """Every fifth row by id is held out: the same rows for every trial, whatever its seed."""
    return [row for row in rows if int(row[ID]) % 5 != 0], [row for row in rows if int(row[ID]) % 5 == 0]


class Network(torch.nn.Module):
    """Scales the numbers, passes the one-hot categories through, two hidden layers, probabilities of both classes."""

    def __init__(self, rows, hidden):
        super().__init__()
        self.values = {name: sorted({row[name] for row in rows if row[name] != ""}) for name in CATEGORIES}
        numbers = torch.tensor([[float(row[name]) for name in NUMBERS] for row in rows]).log1p()
        self.register_buffer("mean", numbers.mean(0))
        self.register_buffer("scale", numbers.std(0).clamp_min(1e-6))
        width = len(NUMBERS) + sum(len(values) for values in self.values.values())
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(width, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, hidden), torch.nn.ReLU(),
            torch.nn.Linear(hidden, 1),
        )

    def encode(self, rows):
        """What the exported graph does with a table: numbers, then one column for each value of each category."""
        numbers = [[float(row[name]) for name in NUMBERS] for row in rows]
        one_hot = [
            [float(row[name] == value) for name in CATEGORIES for value in self.values[name]] for row in rows
        ]
        return torch.cat([torch.tensor(numbers), torch.tensor(one_hot)], dim=1)

    def margins(self, encoded):
        numbers = (torch.log(encoded[:, : len(NUMBERS)] + 1) - self.mean) / self.scale
        return self.layers(torch.cat([numbers, encoded[:, len(NUMBERS) :]], dim=1)).squeeze(1)

    def forward(self, encoded):
        positive = torch.sigmoid(self.margins(encoded))
        return (positive > 0.5).to(torch.int64), torch.stack([1 - positive, positive], dim=1)


def train(network, rows, parameters, seed, device, options):
    inputs = network.encode(rows).to(device)
    labels = torch.tensor([float(row[LABEL]) for row in rows], device=device)
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=float(parameters["learning_rate"]), weight_decay=float(parameters["weight_decay"])
    )
    first = 0
    if options.resume:
        state = torch.load(options.resume, map_location=device, weights_only=True)
        network.load_state_dict(state["network"])
        optimiser.load_state_dict({**optimiser.state_dict(), "state": state["optimiser"]})
        first = state["epoch"]
        print(f"going on after epoch {first}", flush=True)
    interrupted = watch_interruption()
    epochs, batch = int(parameters["epochs"]), int(parameters["batch_size"])
    for epoch in range(first, epochs):
        order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed * 100_003 + epoch)).to(device)
        total = 0.0
        for start in range(0, len(rows), batch):
            picked = order[start : start + batch]
            optimiser.zero_grad()
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                network.margins(inputs[picked]), labels[picked]
            )
            loss.backward()
            optimiser.step()
            total += loss.item() * len(picked)
        print(f"epoch {epoch + 1}/{epochs} log_loss {total / len(rows):.5f}", flush=True)
        if interrupted() or (epoch + 1) % 5 == 0 or epoch + 1 == epochs:
            keep_checkpoint(network, optimiser, epoch + 1, options)
        if interrupted():
            print("::error title=weighbridge-preempted::interrupted; a checkpoint was kept", flush=True)
            sys.exit(INTERRUPTED)


def watch_interruption():
    """Asks whether the machine is being taken away: the runner sends SIGTERM or SIGINT some seconds before."""
    seen = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, frame: seen.append(number))
    return lambda: len(seen) > 0


def keep_checkpoint(network, optimiser, epoch, options):
    path = os.path.join(options.out, "checkpoint.pt")
    state = {"network": network.state_dict(), "optimiser": optimiser.state_dict()["state"], "epoch": epoch}
    torch.save(state, path + ".new")
    os.replace(path + ".new", path)
    if options.checkpoints:
        trial = "" if options.trial is None else f"trial-{options.trial}-"
        name = f"{trial}epoch-{epoch:05d}-attempt-{options.attempt:02d}.pt"  # the last by name is the newest
        saved = subprocess.run(["weighbridge", "checkpoint", "save", path, "--to", options.checkpoints + name])
        if saved.returncode != 0:
            print(f"::warning::{name} was not kept in the store; the training goes on", flush=True)


def score(network, rows):
    with torch.no_grad():
        return [float(value) for value in network(network.encode(rows))[1][:, 1]]


def export(network, path):
    """The network, with the table's columns in front of it: numbers as they are, categories one-hot."""
    width = len(NUMBERS) + sum(len(values) for values in network.values.values())
    inner = path + ".network"
    # newer versions have a second exporter, which needs more packages and writes other graphs
    exporter = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    torch.onnx.export(
        network, torch.zeros(2, width), inner, opset_version=OPSET, input_names=["encoded"],
        output_names=["label", "probabilities"],
        dynamic_axes={"encoded": {0: "n"}, "label": {0: "n"}, "probabilities": {0: "n"}}, **exporter,
    )
    model = compose.merge_models(columns_model(network, width), onnx.load(inner), io_map=[("table", "encoded")])
    os.remove(inner)
    model.producer_name = "weighbridge-template"
    onnx.checker.check_model(model)
    onnx.save(model, path)


def columns_model(network, width):
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 1]) for name in NUMBERS]
    inputs += [helper.make_tensor_value_info(name, TensorProto.STRING, ["n", 1]) for name in CATEGORIES]
    nodes, parts = [], list(NUMBERS)
    for name in CATEGORIES:
        values = network.values[name]
        nodes.append(
            helper.make_node(
                "OneHotEncoder", [name], [f"{name}_cube"], domain="ai.onnx.ml", cats_strings=values, zeros=1
            )
        )
        nodes.append(helper.make_node("Flatten", [f"{name}_cube"], [f"{name}_one_hot"], axis=1))
        parts.append(f"{name}_one_hot")
    nodes.append(helper.make_node("Concat", parts, ["table"], axis=1))
    output = helper.make_tensor_value_info("table", TensorProto.FLOAT, ["n", width])
    graph = helper.make_graph(nodes, "columns", inputs, [output])
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", 2)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=7)


def metrics(labels, scores):
    """roc_auc by ranks (ties share theirs), log_loss with scores kept off 0 and 1, accuracy at 0.5."""
    ranked = sorted(range(len(scores)), key=scores.__getitem__)
    ranks, start = [0.0] * len(scores), 0
    while start < len(ranked):
        end = start
        while end < len(ranked) and scores[ranked[end]] == scores[ranked[start]]:
            end += 1
        for place in ranked[start:end]:
            ranks[place] = (start + end + 1) / 2
        start = end
    positives = sum(labels)
    negatives = len(labels) - positives
    auc = None
    if positives and negatives:
        total = sum(rank for rank, label in zip(ranks, labels) if label == 1)
        auc = (total - positives * (positives + 1) / 2) / (positives * negatives)
    clipped = torch.tensor(scores, dtype=torch.float64).clamp(1e-15, 1 - 1e-15)
    truth = torch.tensor(labels, dtype=torch.float64)
    loss = float(torch.nn.functional.binary_cross_entropy(clipped, truth))
    right = sum(int(value > 0.5) == label for value, label in zip(scores, labels))
    return {"roc_auc": auc, "log_loss": loss, "accuracy": right / len(labels)}


def gpu_name(device):
    return torch.cuda.get_device_name(device) if device.type == "cuda" else None


if __name__ == "__main__":
    main()
