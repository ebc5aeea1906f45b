"""Short runs that differ in one thing, on one stream of samples; prints a table. `python ablate.py --help`."""

import copy
import json
import os

import train

VARIANTS = {
    # Kernels are being chosen and the stream has few objects yet.
    "warm-up, not counted": {},
    "occupancy, not distance": dict(target="hard"),
    "truncated distance by L1": dict(target="distance"),
    "no volume": dict(without="volume"),
    "no attention": dict(attention=0),
    "encoder from nothing": dict(imagenet=None, encoder_share=1.0),
    "no normal and gradient losses": dict(without="normals,gradient"),
    "no silhouette loss": dict(without="silhouette"),
    "clean pictures": dict(without="wear"),
    "as shipped": {},
}
FIGURES = ("front", "back", "degrees", "iou", "colour", "up_degrees")

if __name__ == "__main__":
    train.parser.add_argument("--only", help="comma-separated numbers of variants")
    arguments = train.parser.parse_args()
    train.fast()
    stream, held_out = train.learning_stream(arguments), train.held_out_samples(arguments)
    rows = []
    for number, (name, changes) in enumerate(VARIANTS.items()):
        if arguments.only and str(number) not in arguments.only.split(","):
            continue
        args = copy.copy(arguments)
        args.out = os.path.join(arguments.out, f"variant{number}")
        for key, value in changes.items():
            setattr(args, key, value)
        training = train.Training(args, stream, held_out)
        figures = training.run()
        rows.append(dict(variant=name, seen=training.seen, **{k: figures.get(k) for k in FIGURES}))
        print(json.dumps(rows[-1]), flush=True)
        with open(os.path.join(arguments.out, "ablation.json"), "w") as file:
            json.dump(rows, file, indent=1)
    stream.close()
