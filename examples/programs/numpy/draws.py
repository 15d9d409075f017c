"""The random numbers of restudy in NumPy, from sections 1 and 3 of src/contract.md: ChaCha with 8 rounds."""
import numpy as np

START = np.frombuffer(b"expand 32-byte k", dtype="<u4")
QUARTERS = [(0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
            (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)]


def words(seed, stream, blocks=64):
    """Yield the words of a stream, many blocks at a time."""
    for first in range(0, 2**32, blocks):
        state = np.zeros((16, blocks), dtype=np.uint32)
        state[:4] = START[:, None]
        state[4], state[5] = seed % 2**32, seed // 2**32
        state[12] = np.arange(first, first + blocks, dtype=np.uint32)
        state[14], state[15] = stream % 2**32, stream // 2**32
        s = state.copy()
        for _ in range(4):
            for a, b, c, d in QUARTERS:
                for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                    s[x] += s[y]
                    s[z] ^= s[x]
                    s[z] = s[z] << turn | s[z] >> (32 - turn)
        yield from (s + state).T.ravel().tolist()


class Draws:
    def __init__(self, seed, stream):
        self.words, self.spare = words(seed, stream), []

    def unit(self):
        return (next(self.words) + (next(self.words) << 32) >> 11) * 2.0**-53

    def below(self, n):
        while True:
            product = next(self.words) * n
            if product % 2**32 >= 2**32 % n:
                return product >> 32

    def disc(self):
        while True:
            u, v = 2 * self.unit() - 1, 2 * self.unit() - 1
            if 0 < u * u + v * v < 1:
                return u, v, u * u + v * v

    def direction(self):
        u, v, q = self.disc()
        return u / np.sqrt(q), v / np.sqrt(q)

    def normal(self):
        if not self.spare:
            u, v, q = self.disc()
            scale = np.sqrt(-2 * np.log(q) / q)
            self.spare = [v * scale, u * scale]
        return self.spare.pop()
