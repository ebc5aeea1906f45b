"""Trains the built-in network. See README.md; `python train.py --help` lists the knobs."""

import argparse
import json
import math
import os
import signal
import time

import torch
import torch.nn.functional as F

from network import Network
from samples import Stream, distances_along, mirrored, network_input, rays_inside, worn

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--generator", default="generator", help="the generator's binary")
parser.add_argument("--pack", required=True, help="the packed objects")
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
parser.add_argument("--resume", action="store_true", help="go on from out/checkpoint.pt")
parser.add_argument("--target", default="soft", choices=["soft", "hard", "distance"], help="what the volume learns")
parser.add_argument("--attention", type=int, default=4)
parser.add_argument("--without", default="", help="parts to leave out: volume, normals, gradient, silhouette, wear")
parser.add_argument("--compile", action="store_true")
parser.add_argument("--validate-every", type=float, default=120, help="seconds")
parser.add_argument("--steps", type=int, default=10**9)
args = parser.parse_args()
without = set(filter(None, args.without.split(",")))

device = "cuda" if torch.cuda.is_available() else "cpu"
torch.manual_seed(args.seed)
torch.backends.cudnn.benchmark = True
torch.backends.cuda.matmul.allow_tf32 = True
torch.backends.cudnn.allow_tf32 = True
os.makedirs(args.out, exist_ok=True)
started = time.time()


def log(**values):
    values["seconds"] = round(time.time() - started, 1)
    print(json.dumps(values), flush=True)
    with open(f"{args.out}/log.jsonl", "a") as file:
        file.write(json.dumps(values) + "\n")


def commands():
    common = [args.generator, "stream", args.pack]
    learning = common + ["--procedural", str(args.procedural), "--seed", str(args.seed)]
    return learning, common + ["--held-out", "2", "--seed", "7"]


learning, judging = commands()
held_out = Stream(judging, 600, 4000, device)
held_out.thread.join()
solids_held_out = held_out.solids[: int(held_out.ring[: held_out.filled, 4:8].contiguous().view(torch.float32).max()) + 1].clone()
held_out.solids = None
log(held_out=held_out.filled)
stream = Stream(learning, args.ring, args.procedural + 3200, device)

network = Network(args.variant, attention=args.attention, volume="volume" not in without)
if args.imagenet:
    network.encoder.load_imagenet(args.imagenet)
network = network.to(device).to(memory_format=torch.channels_last)
encoder = list(network.encoder.parameters())
known = {id(p) for p in encoder}
decoder = [p for p in network.parameters() if id(p) not in known]
groups = []
for part, share in ((encoder, 0.4), (decoder, 1.0)):
    groups.append(dict(params=[p for p in part if p.dim() > 1], weight_decay=0.03, share=share))
    groups.append(dict(params=[p for p in part if p.dim() <= 1], weight_decay=0.0, share=share))
optimizer = torch.optim.AdamW(groups, lr=args.rate, betas=(0.9, 0.98), fused=True)
average = {key: value.detach().clone() for key, value in network.state_dict().items()}
step = seen = 0
elapsed_before = 0.0
checkpoint = f"{args.out}/checkpoint.pt"
if args.resume and os.path.exists(checkpoint):
    saved = torch.load(checkpoint, map_location=device, weights_only=True)
    network.load_state_dict(saved["network"])
    optimizer.load_state_dict(saved["optimizer"])
    average = {key: value.clone() for key, value in saved["average"].items()}
    step, seen, elapsed_before = saved["step"], saved["seen"], saved["elapsed"]
run = torch.compile(network) if args.compile else network


def masked(value, mask):
    return (value * mask).sum() / (mask.sum() * value.shape[1] + 1)


def losses(batch, solids, x, count, model):
    """Weighted parts of the loss, by name."""
    rays = rays_inside(batch, count)
    with torch.autocast(device, torch.bfloat16):
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


def validate():
    """Figures of the averaged weights on objects never trained on."""
    current = {key: value.clone() for key, value in network.state_dict().items()}
    network.load_state_dict(average)
    network.eval()
    sums, total = {}, 0
    torch.manual_seed(11)
    with torch.no_grad():
        for start in range(0, held_out.filled, 64):
            batch = held_out.slice(start, min(start + 64, held_out.filled))
            x = network_input(batch["rgb"], batch["alpha"]).contiguous(memory_format=torch.channels_last)
            parts, figures = losses(batch, solids_held_out, x, 2048, network)
            weight = len(x)
            total += weight
            for key, value in {**parts, **figures}.items():
                sums[key] = sums.get(key, 0.0) + float(value) * weight
    network.load_state_dict(current)
    network.train()
    return {key: round(value / total, 4) for key, value in sums.items()}


def save():
    half = {key: value.half() if value.is_floating_point() else value for key, value in average.items()}
    torch.save(half, f"{args.out}/average.pt.tmp")
    os.replace(f"{args.out}/average.pt.tmp", f"{args.out}/average.pt")
    everything = dict(
        network=network.state_dict(), optimizer=optimizer.state_dict(), average=average,
        step=step, seen=seen, elapsed=elapsed_before + time.time() - began,
    )
    torch.save(everything, checkpoint + ".tmp")
    os.replace(checkpoint + ".tmp", checkpoint)


stopping = False


def stop(*_):
    global stopping
    stopping = True


signal.signal(signal.SIGTERM, stop)
while stream.filled < min(args.batch * 8, args.ring // 2) and not stream.ended:
    time.sleep(0.05)
began = time.time()
length = (args.schedule_minutes or args.minutes) * 60
validated, told, told_seen = began, began, seen
recent = {}
log(parameters=sum(p.numel() for p in network.parameters()), filled=stream.filled, device=device)
while step < args.steps and not stopping:
    now = time.time()
    if now - began > args.minutes * 60:
        break
    progress = min(1.0, (elapsed_before + now - began) / length)
    rate = args.rate * min(1.0, (step + 1) / 300) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))
    for group in optimizer.param_groups:
        group["lr"] = rate * group["share"]
    batch = mirrored(stream.batch(args.batch))
    with torch.no_grad():
        x = network_input(batch["rgb"], batch["alpha"]) if "wear" in without else worn(batch)
        x = x.contiguous(memory_format=torch.channels_last)
    parts, figures = losses(batch, stream.solids, x, args.rays, run)
    loss = sum(parts.values())
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(encoder + decoder, 1.0)
    optimizer.step()
    step += 1
    seen += args.batch
    keep = min(0.9985, (step + 1) / (step + 20))
    with torch.no_grad():
        state = network.state_dict()
        floats = [key for key, value in state.items() if value.is_floating_point()]
        torch._foreach_lerp_([average[key] for key in floats], [state[key] for key in floats], 1 - keep)
    if step % 50 == 0:
        values = {key: float(value.detach()) for key, value in {**parts, **figures}.items()}
        if not math.isfinite(sum(values.values())):
            log(diverged=step)
            raise SystemExit(1)
        for key, value in values.items():
            recent[key] = recent.get(key, value) * 0.8 + value * 0.2
    now = time.time()
    if now - told > 15:
        log(step=step, seen=seen, per_second=round((seen - told_seen) / (now - told)), received=stream.received,
            rate=round(rate, 6), **{key: round(value, 4) for key, value in recent.items()})
        told, told_seen = now, seen
    if now - validated > args.validate_every:
        log(step=step, seen=seen, held_out=validate())
        save()
        validated = time.time()
log(step=step, seen=seen, held_out=validate(), final=True)
save()
stream.close()
