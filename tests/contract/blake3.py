"""BLAKE3 (https://github.com/BLAKE3-team/BLAKE3-specs) in plain Python: the unkeyed hash, 32 bytes."""

import struct

START = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)
MIXED = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
PLACES = [(0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)]
PLACES += [(0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)]
CHUNK_START, CHUNK_END, PARENT, ROOT = 1, 2, 4, 8


def compress(chaining, words, counter, length, flags):
    """Compress one block: return the new chaining value of eight words."""
    s = [*chaining, *START[:4], counter & 0xFFFFFFFF, counter >> 32, length, flags]
    for _ in range(7):
        for (a, b, c, d), x, y in zip(PLACES, words[::2], words[1::2]):
            s[a] = s[a] + s[b] + x & 0xFFFFFFFF
            t = s[d] ^ s[a]
            s[d] = (t >> 16 | t << 16) & 0xFFFFFFFF
            s[c] = s[c] + s[d] & 0xFFFFFFFF
            t = s[b] ^ s[c]
            s[b] = (t >> 12 | t << 20) & 0xFFFFFFFF
            s[a] = s[a] + s[b] + y & 0xFFFFFFFF
            t = s[d] ^ s[a]
            s[d] = (t >> 8 | t << 24) & 0xFFFFFFFF
            s[c] = s[c] + s[d] & 0xFFFFFFFF
            t = s[b] ^ s[c]
            s[b] = (t >> 7 | t << 25) & 0xFFFFFFFF
        words = [words[i] for i in MIXED]
    return [low ^ high for low, high in zip(s, s[8:])]


def chunk(data, number, root):
    chaining, blocks = START, max(1, -(-len(data) // 64))
    for i in range(blocks):
        block = data[64 * i : 64 * i + 64]
        flags = CHUNK_START * (i == 0) | (CHUNK_END | root) * (i == blocks - 1)
        chaining = compress(chaining, struct.unpack("<16I", block.ljust(64, b"\0")), number, len(block), flags)
    return chaining


def tree(data, first, root):
    """Return the chaining value of whole chunks, numbered from `first`; the left half has a power of two of them."""
    if len(data) <= 1024:
        return chunk(data, first, root)
    left = 1 << ((len(data) - 1) // 1024).bit_length() - 1
    words = tree(data[: 1024 * left], first, 0) + tree(data[1024 * left :], first + left, 0)
    return compress(START, words, 0, 64, PARENT | root)


def blake3(data):
    return struct.pack("<8I", *tree(data, 0, ROOT))
