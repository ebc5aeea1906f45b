#!/bin/sh
# The network in turns, three times: PyTorch, then ours in f32 and int8.
#
#     bench/triposr/turns.sh PYTHON SPEED FOLDER
#
# PYTHON has torch, SPEED is target/release/examples/triposr_speed, FOLDER has the weights or gets them.
set -eu
here=$(dirname "$0")
for turn in 1 2 3; do
    "$1" "$here/reference.py"
    "$2" "$3" f32
    "$2" "$3" int8
done
