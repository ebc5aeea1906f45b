"""Pillow and FFmpeg (PyAV) play every turntable named on the command line and hold it to what we
promise: 48 frames of 512 pixels, once around in four seconds, without end and without a seam, and
the same pictures in every kind of file.

    .venv/bin/python tests/readers/animation.py TURNTABLE.{webp,gif,mp4}...
"""

import sys
from pathlib import Path

import av
import numpy as np
from PIL import Image

FRAMES = 48
SIDE = 512
MILLISECONDS = 4000
PAPER = np.array([226, 227, 230])
# Root mean square over a frame, in steps of 255, that compression or a palette may be off.
LOSS = 6.0
PAPER_LOSS = 4


def pillow(path):
    """Frames as RGB, milliseconds of each, whether it plays without end."""
    film = Image.open(path)
    frames, times = [], []
    for index in range(film.n_frames):
        film.seek(index)
        frames.append(np.asarray(film.convert("RGB")))
        times.append(film.info["duration"])
    return frames, times, film.info.get("loop") == 0


def ffmpeg(path):
    """The same for a video, which has no say in whether it is repeated."""
    with av.open(str(path)) as film:
        (stream,) = film.streams
        codec = stream.codec_context
        assert (codec.name, codec.pix_fmt) == ("h264", "yuv420p"), (codec.name, codec.pix_fmt)
        assert "Baseline" in codec.profile, codec.profile
        packets = [packet for packet in film.demux(stream) if packet.size]
        times = [float(packet.duration * packet.time_base) * 1000 for packet in packets]
        frames = [frame.to_ndarray(format="rgb24") for packet in packets for frame in packet.decode()]
        frames += [frame.to_ndarray(format="rgb24") for frame in codec.decode(None)]
    return frames, times, True


def loss(one, other):
    return np.sqrt(((one.astype(float) - other.astype(float)) ** 2).mean())


def play(path):
    return (ffmpeg if path.suffix == ".mp4" else pillow)(path)


def broken_promises(path, reference):
    """Plays one film; yields a line for each promise it breaks."""
    frames, times, endless = play(path)
    if (len(frames), len(times)) != (FRAMES, FRAMES):
        yield f"{len(frames)} frames, {len(times)} times"
        return
    if {frame.shape for frame in frames} != {(SIDE, SIDE, 3)}:
        yield f"its size is {frames[0].shape}"
        return
    if abs(sum(times) - MILLISECONDS) > 0.5:
        yield f"once around takes {sum(times)} ms"
    if not endless:
        yield "it ends"
    if max(abs(frame[:4, :4] - PAPER).max() for frame in frames) > PAPER_LOSS:
        yield f"the paper is {frames[0][0, 0]}"
    steps = [loss(frames[index - 1], frames[index]) for index in range(FRAMES)]
    if min(steps) < 0.5:
        yield "it stands still"
    if steps[0] > 2 * np.median(steps):
        yield f"the first frame doesn't follow the last ({steps[0]:.1f}, {np.median(steps):.1f})"
    worst = max(map(loss, frames, reference))
    if worst > LOSS:
        yield f"a frame is {worst:.1f} off the same in the first film"
    print(
        f"{path.name}: {len(frames)} frames, {sum(times):.0f} ms, {path.stat().st_size} bytes, "
        f"up to {worst:.2f} off"
    )


def main(paths):
    paths = [Path(path) for path in paths]
    if not paths:
        return 1
    reference, _, _ = play(paths[0])
    failures = 0
    for path in paths:
        for promise in broken_promises(path, reference):
            print(f"{path.name}: {promise}")
            failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
