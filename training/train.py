"""Trains the built-in network. See README.md; `python train.py --help` lists the knobs."""

import argparse
import copy
import json
import math
import os
import time

import torch
import torch.nn.functional as F

from network import Network
from samples import Stream, distances_along, mirrored, network_input, rays_inside, worn

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--generator", default="generator", help="the generator's binary")
parser.add_argument("--pack", required=True, nargs="+", help="files of packed objects")
parser.add_argument("--threads", type=int, help="threads of the generator; all without")
parser.add_argument("--procedural", type=int, default=3000, help="procedural objects beside them")
parser.add_argument("--imagenet", help="EfficientNet-Lite weights to begin with; without, from nothing")
parser.add_argument("--variant", default="lite2")
parser.add_argument("--minutes", type=float, default=20)
parser.add_argument("--schedule-minutes", type=float, help="length of the whole schedule, of which this may be a part")
parser.add_argument("--batch", type=int, default=192)
parser.add_argument("--rate", type=float, default=1.5e-3)
parser.add_argument("--rays", type=int, default=2048)
parser.add_argument("--ring", type=int, default=60000)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--out", default="out")
parser.add_argument("--weights", help="weights to begin with, instead of an encoder's")
parser.add_argument("--encoder-share", type=float, default=0.4, help="the encoder's learning rate relative to the decoder's")
parser.add_argument("--resume", action="store_true", help="go on from out/checkpoint.pt")
parser.add_argument("--target", default="soft", choices=["soft", "hard", "distance"], help="what the volume learns")
parser.add_argument("--attention", type=int, default=4)
parser.add_argument("--without", default="", help="parts to leave out: volume, normals, gradient, silhouette, wear")
parser.add_argument("--compile", action="store_true")
parser.add_argument("--validate-every", type=float, default=120, help="seconds")
parser.add_argument("--steps", type=int, default=10**9)

def masked(value, mask):
    """Mean over where the mask is set."""
    return (value * mask).sum() / (mask.sum() * value.shape[1] + 1)


def losses(batch, solids, x, model, args):
    """Weighted parts of the loss, and figures to read, by name."""
    without = set(args.without.split(","))
    rays = rays_inside(batch, args.rays)
    with torch.autocast(DEVICE, torch.bfloat16):
        front, back, volume, numbers = model(x, rays)
    front, back, numbers = front.float(), back.float(), numbers.float()
    parts = {}
    mask = batch["front_mask"].float()

    error = (front[:, :1] - batch["front"]).abs()
    parts["front"] = 3 * masked(error, mask)
    spread = front[:, 4:5].clamp(-7, 2)
    parts["front_spread"] = 0.05 * masked(error.detach() * torch.exp(-spread) + spread, mask)
    if "gradient" not in without:
        total = 0
        for scale in (1, 2, 4):
            for dim in (2, 3):
                pair = lambda t: (t.narrow(dim, scale, t.shape[dim] - scale), t.narrow(dim, 0, t.shape[dim] - scale))
                (a, b), (ta, tb), (ma, mb) = pair(front[:, :1]), pair(batch["front"]), pair(mask)
                smooth = ma * mb * ((ta - tb).abs() < 0.05 * scale)
                total = total + masked(((a - b) - (ta - tb)).abs(), smooth) / scale
        parts["gradient"] = 4 * total
    if "normals" not in without:
        cosine = F.cosine_similarity(front[:, 1:4], batch["normal"], dim=1, eps=1e-4)[:, None]
        parts["normal"] = 0.6 * masked(1 - cosine, mask)

    back_mask = batch["back_mask"].float()
    error = (back[:, 3:4] - batch["back"]).abs()
    parts["back"] = 2 * masked(error, back_mask)
    spread = back[:, 4:5].clamp(-7, 2)
    parts["back_spread"] = 0.05 * masked(error.detach() * torch.exp(-spread) + spread, back_mask)
    parts["colour"] = 0.7 * masked((back[:, :3] - batch["back_colour"]).abs(), back_mask)

    if volume is not None:
        volume = volume.float()
        distance = distances_along(batch, solids, rays)
        if args.target == "soft":
            goal = torch.sigmoid((2 * distance).clamp(-8, 8))
        elif args.target == "hard":
            goal = (distance > 0).float()
        if args.target == "distance":
            parts["volume"] = 2 * (volume.tanh() - (distance / 2).clamp(-2, 2).tanh()).abs().mean()
        else:
            parts["volume"] = 4 * F.binary_cross_entropy_with_logits(volume, goal)
        if "silhouette" not in without:
            thick = (distance.amax(2) > 0.3).float()
            parts["silhouette"] = 0.1 * (F.relu(1 - volume.amax(2)) * thick).mean()

    n = batch["numbers"]
    parts["up"] = 0.5 * F.mse_loss(numbers[:, :3], n[:, 4:7])
    parts["view"] = 2 * (numbers[:, 3] - n[:, 0]).abs().mean()
    has = n[:, 11]
    plane = ((numbers[:, 4:7] - n[:, 7:10]).abs().sum(1) + (numbers[:, 7] - n[:, 10]).abs()) * has
    parts["mirror"] = 0.15 * plane.mean() + 0.05 * F.binary_cross_entropy_with_logits(numbers[:, 8], has)
    with torch.no_grad():
        figures = {}
        if volume is not None:
            guess, truth = volume > 0, distance > 0
            both, either = (guess & truth).sum((1, 2)), (guess | truth).sum((1, 2)).clamp(min=1)
            figures["iou"] = (both / either).mean()
        angle = torch.acos(F.cosine_similarity(front[:, 1:4], batch["normal"], dim=1).clamp(-1, 1))
        figures["degrees"] = masked(torch.rad2deg(angle)[:, None], mask)
        figures["up_degrees"] = torch.rad2deg(torch.acos(F.cosine_similarity(numbers[:, :3], n[:, 4:7]).clamp(-1, 1))).mean()
    return parts, figures


def learning_stream(args):
    """Endless samples to learn from."""
    command = [args.generator, "stream", *args.pack, "--procedural", str(args.procedural), "--seed", str(args.seed)]
    if args.threads:
        command += ["--threads", str(args.threads)]
    return Stream(command, args.ring, args.procedural + 4000, DEVICE)


def held_out_samples(args):
    """Two views of each object that is never trained on."""
    held_out = Stream([args.generator, "stream", *args.pack, "--held-out", "2", "--seed", "7"], 600, 300, DEVICE)
    held_out.thread.join()
    return held_out


class Training:
    """One run: a network, its optimizer and its averaged weights."""

    def __init__(self, args, stream, held_out):
        torch.manual_seed(args.seed)
        self.args, self.stream, self.held_out = args, stream, held_out
        self.without = set(args.without.split(","))
        network = Network(args.variant, attention=args.attention, volume="volume" not in self.without)
        if args.imagenet:
            network.encoder.load_imagenet(args.imagenet)
        if args.weights:
            network.load_state_dict(torch.load(args.weights, map_location="cpu", weights_only=True))
        self.network = network.to(DEVICE).to(memory_format=torch.channels_last)
        self.model = torch.compile(self.network) if args.compile else self.network
        encoder = list(network.encoder.parameters())
        known = {id(p) for p in encoder}
        decoder = [p for p in network.parameters() if id(p) not in known]
        groups = []
        for part, share in ((encoder, args.encoder_share), (decoder, 1.0)):
            groups.append(dict(params=[p for p in part if p.dim() > 1], weight_decay=0.03, share=share))
            groups.append(dict(params=[p for p in part if p.dim() <= 1], weight_decay=0.0, share=share))
        self.parameters = encoder + decoder
        self.optimizer = torch.optim.AdamW(groups, lr=args.rate, betas=(0.9, 0.98), fused=True)
        self.average = {key: value.detach().clone() for key, value in network.state_dict().items()}
        self.step = self.seen = 0
        self.elapsed = 0.0
        self.started = time.time()
        self.recent = {}
        os.makedirs(args.out, exist_ok=True)
        self.checkpoint = f"{args.out}/checkpoint.pt"
        if args.resume and os.path.exists(self.checkpoint):
            self.load()

    def log(self, **values):
        values["seconds"] = round(time.time() - self.started, 1)
        print(json.dumps(values), flush=True)
        with open(f"{self.args.out}/log.jsonl", "a") as file:
            file.write(json.dumps(values) + "\n")

    def load(self):
        saved = torch.load(self.checkpoint, map_location=DEVICE, weights_only=True)
        self.network.load_state_dict(saved["network"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.average = {key: value.clone() for key, value in saved["average"].items()}
        self.step, self.seen, self.elapsed = saved["step"], saved["seen"], saved["elapsed"]

    def save(self):
        """The averaged weights by themselves, and all that resuming needs."""
        half = {k: v.half() if v.is_floating_point() else v for k, v in self.average.items()}
        everything = dict(
            network=self.network.state_dict(),
            optimizer=self.optimizer.state_dict(),
            average=self.average,
            step=self.step,
            seen=self.seen,
            elapsed=self.elapsed,
        )
        for value, path in ((half, f"{self.args.out}/average.pt"), (everything, self.checkpoint)):
            torch.save(value, path + ".tmp")
            os.replace(path + ".tmp", path)

    def validate(self):
        """Figures of the averaged weights on objects never trained on."""
        network, held_out = self.network, self.held_out
        current = copy.deepcopy(network.state_dict())
        network.load_state_dict(self.average)
        network.eval()
        sums = {}
        with torch.no_grad(), torch.random.fork_rng():
            torch.manual_seed(11)
            for start in range(0, held_out.filled, 64):
                batch = held_out.slice(start, min(start + 64, held_out.filled))
                x = network_input(batch["rgb"], batch["alpha"]).contiguous(memory_format=torch.channels_last)
                parts, figures = losses(batch, held_out.solids, x, network, self.args)
                for key, value in {**parts, **figures}.items():
                    sums[key] = sums.get(key, 0.0) + float(value) * len(x)
        network.load_state_dict(current)
        network.train()
        return {key: round(value / held_out.filled, 4) for key, value in sums.items()}

    def learn(self):
        """One step; the parts of its loss."""
        args = self.args
        progress = min(1.0, self.elapsed / (60 * (args.schedule_minutes or args.minutes)))
        warm = min(1.0, (self.step + 1) / 300)
        rate = args.rate * warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["share"]
        batch = mirrored(self.stream.batch(args.batch))
        with torch.no_grad():
            x = network_input(batch["rgb"], batch["alpha"]) if "wear" in self.without else worn(batch)
            x = x.contiguous(memory_format=torch.channels_last)
        parts, figures = losses(batch, self.stream.solids, x, self.model, args)
        self.optimizer.zero_grad(set_to_none=True)
        sum(parts.values()).backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        self.step += 1
        self.seen += args.batch
        keep = min(0.9985, (self.step + 1) / (self.step + 20))
        with torch.no_grad():
            state = self.network.state_dict()
            floats = [key for key, value in state.items() if value.is_floating_point()]
            torch._foreach_lerp_([self.average[k] for k in floats], [state[k] for k in floats], 1 - keep)
        return {**parts, **figures}

    def run(self):
        """Until the time is up; leaves weights, a checkpoint and a log."""
        args, stream = self.args, self.stream
        while stream.filled < min(args.batch * 8, args.ring // 2) and not stream.ended:
            time.sleep(0.05)
        self.log(parameters=sum(p.numel() for p in self.parameters), filled=stream.filled, device=DEVICE)
        before, began = self.elapsed, time.time()
        told = validated = began
        told_seen = self.seen
        while self.step < args.steps and self.elapsed - before < args.minutes * 60:
            values = self.learn()
            now = time.time()
            self.elapsed = before + now - began
            if self.step % 50 == 0:
                for key, value in values.items():
                    value = float(value.detach())
                    if not math.isfinite(value):
                        raise SystemExit(f"diverged at step {self.step}: {key}")
                    self.recent[key] = self.recent.get(key, value) * 0.8 + value * 0.2
            if now - told > 15:
                speed = round((self.seen - told_seen) / (now - told))
                recent = {key: round(value, 4) for key, value in self.recent.items()}
                self.log(step=self.step, seen=self.seen, per_second=speed, received=stream.received, **recent)
                told, told_seen = now, self.seen
            if now - validated > args.validate_every:
                self.log(step=self.step, seen=self.seen, held_out=self.validate())
                self.save()
                validated = time.time()
        figures = self.validate()
        self.log(step=self.step, seen=self.seen, held_out=figures, final=True)
        self.save()
        return figures


def fast():
    """Lower precision where the device has it."""
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.allow_tf32 = True


if __name__ == "__main__":
    fast()
    arguments = parser.parse_args()
    samples = learning_stream(arguments)
    Training(arguments, samples, held_out_samples(arguments)).run()
    samples.close()
