"""Writes trained weights as the ONNX file that the product embeds: batch norms folded, weights in fp16."""

import argparse
import copy
import hashlib

import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from network import ConvNorm, INPUT, Network

OUTPUTS = ("front", "back", "volume", "globals")


def folded(network):
    """The same function with each batch norm inside the convolution before it."""
    network = copy.deepcopy(network).eval()
    for block in network.modules():
        if isinstance(block, ConvNorm):
            conv, norm = block[0], block[1]
            scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            with torch.no_grad():
                conv.weight *= scale[:, None, None, None]
                conv.bias = nn.Parameter(norm.bias - norm.running_mean * scale)
            block[1] = nn.Identity()
    return network


def rounded(network):
    """The same network with its larger weights as fp16 will store them."""
    with torch.no_grad():
        for weight in network.parameters():
            if weight.numel() > 64:
                weight.copy_(weight.half().float())
    return network


def halved(model):
    """Weights of more than 64 numbers stored as fp16 and cast back where they are used."""
    kept, casts = [], []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size <= 64:
            kept.append(tensor)
            continue
        stored = tensor.name + "_half"
        kept.append(numpy_helper.from_array(values.astype("float16"), stored))
        casts.append(helper.make_node("Cast", [stored], [tensor.name], to=TensorProto.FLOAT))
    nodes = list(model.graph.node)
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(casts + nodes)
    onnx.checker.check_model(model)
    return model


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights")
    parser.add_argument("out")
    parser.add_argument("--variant", default="lite2")
    args = parser.parse_args()
    network = Network(args.variant)
    state = torch.load(args.weights, map_location="cpu", weights_only=True)
    network.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in state.items()})
    network = rounded(folded(network))
    example = torch.rand(1, 4, INPUT, INPUT, generator=torch.Generator().manual_seed(1)) * 2 - 1
    torch.onnx.export(
        network, (example,), args.out, input_names=["picture"], output_names=list(OUTPUTS),
        opset_version=17, dynamo=False,
    )
    onnx.save(halved(onnx.load(args.out)), args.out)
    with torch.no_grad():
        expected = network(example)
    answers = onnxruntime.InferenceSession(args.out).run(None, {"picture": example.numpy()})
    for name, ours, theirs in zip(OUTPUTS, expected, answers):
        difference = (ours - torch.from_numpy(theirs)).abs().max().item()
        print(f"{name}: differs from PyTorch by at most {difference:.1e}")
        assert difference < 1e-3
    print(hashlib.sha256(open(args.out, "rb").read()).hexdigest(), args.out)
