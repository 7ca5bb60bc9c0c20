"""Pictures with few colors, small enough for an email: a chart's PNG rewritten with a palette."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import numpy.typing as npt

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST_COLORS = 256


def with_palette(png: bytes) -> bytes:
    """Write a picture with at most 256 colors, a third to a tenth of the size; shapes and letters stay sharp.

    Parameters
    ----------
    png : bytes
        Of 8 bits per channel with transparency, not interlaced, as vl-convert returns it; transparent pixels
        become white.

    Returns
    -------
    bytes
        A PNG of the same size in pixels.

    Raises
    ------
    ValueError
        It is another kind of picture.

    Notes
    -----
    The format, and the filters of its rows, are those of the PNG specification (W3C, third edition).

    Examples
    --------
    >>> row = bytes([0, *(255, 0, 0, 255) * 8])
    >>> head = (b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 6, 0, 0, 0))
    >>> red = _chunks(head, (b"IDAT", zlib.compress(row * 8)))
    >>> _pixels(with_palette(red), 1).tolist() == [[[0]] * 8] * 8
    True
    """
    pixels = _pixels(png, 4).astype(np.uint16)
    alpha = pixels[..., 3:]
    colors = (pixels[..., :3] * alpha + 255 * (255 - alpha)) // 255
    # The edges of letters have many shades: the steps become coarser until all colors fit into the palette.
    for step in (1, 4, 8, 16, 32, 64):
        coarse = np.minimum((colors + step // 2) // step * step, 255).astype(np.uint32)
        codes = coarse[..., 0] << 16 | coarse[..., 1] << 8 | coarse[..., 2]
        known, place = np.unique(codes, return_inverse=True)
        if len(known) <= _MOST_COLORS:
            break
    height, width = codes.shape
    palette = np.stack([known >> 16, known >> 8 & 255, known & 255], axis=1).astype(np.uint8)
    rows = np.zeros((height, width + 1), dtype=np.uint8)
    rows[:, 1:] = place.reshape(height, width)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return _chunks((b"IHDR", head), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(rows.tobytes(), 9)))


def _chunks(*chunks: tuple[bytes, bytes]) -> bytes:
    """Put a picture together."""
    written = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in (*chunks, (b"IEND", b""))
    ]
    return _SIGNATURE + b"".join(written)


def _pixels(png: bytes, channels: int) -> npt.NDArray[np.uint8]:
    """Return a picture's values, (height, width, channels)."""
    place, packed = len(_SIGNATURE), b""
    width = height = 0
    while png.startswith(_SIGNATURE) and place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, body = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            width, height, depth, color, _, _, interlaced = struct.unpack(">IIBBBBB", body)
            if (depth, color, interlaced) != (8, {4: 6, 1: 3}[channels], 0):
                break
        packed += body if kind == b"IDAT" else b""
        place += length + 12
    if not packed:
        raise ValueError("png must be a picture of 8 bits a channel with transparency; it is something else.")
    filtered = np.frombuffer(zlib.decompress(packed), dtype=np.uint8).reshape(height, width * channels + 1)
    rows, above = [], np.zeros(width * channels, dtype=np.uint8)
    for line in filtered:
        above = _unfiltered(int(line[0]), line[1:], above, channels)
        rows.append(above)
    return np.stack(rows).reshape(height, width, channels)


def _unfiltered(
    kind: int, line: npt.NDArray[np.uint8], above: npt.NDArray[np.uint8], channels: int
) -> npt.NDArray[np.uint8]:
    """Undo the filter of a row: none, left, up, the mean of both, or Paeth's."""
    if kind == 0:
        return line
    if kind == 2:
        return line + above
    if kind == 1:
        by_channel = line.reshape(-1, channels)
        return np.cumsum(by_channel, axis=0, dtype=np.uint8).reshape(-1)
    values, up = line.tolist(), above.tolist()
    found = [0] * channels + values
    for i, value in enumerate(values):
        left, over = found[i], up[i]
        if kind == 3:
            near = (left + over) // 2
        else:
            corner = up[i - channels] if i >= channels else 0
            guess = left + over - corner
            near = min((left, over, corner), key=lambda one: abs(guess - one))
        found[i + channels] = (value + near) & 255
    return np.array(found[channels:], dtype=np.uint8)
