"""Unpacks Rob Northen Compression's first method (ProPack, 1991), in which Beneath a Steel Sky keeps its speech."""

import struct


class _Bits:
    """Words of 16 bits, the lowest first, between which literal bytes stand."""

    def __init__(self, data, position):
        self.data, self.position, self.bits, self.count = data, position, 0, 0

    def read(self, count):
        if self.count < count:
            self.bits |= int.from_bytes(self.data[self.position : self.position + 2], "little") << self.count
            self.position += 2
            self.count += 16
        value = self.bits & ((1 << count) - 1)
        self.bits >>= count
        self.count -= count
        return value

    def literals(self, count):
        self.position += count
        return self.data[self.position - count : self.position]


def _table(bits):
    """{(length, code): value} of a canonical Huffman code, whose lengths stand in the data."""
    lengths = [bits.read(4) for _ in range(bits.read(5))]
    codes, code = {}, 0
    for length in range(1, 17):
        for value, of_value in enumerate(lengths):
            if of_value == length:
                codes[length, code] = value
                code += 1
        code <<= 1
    return codes


def _number(bits, table):
    """A value's first bits say how many bits follow."""
    code = length = 0
    while (length, code) not in table:
        code, length = code << 1 | bits.read(1), length + 1
        if length > 16:
            raise ValueError("the archive's code is broken")
    value = table[length, code]
    return value if value < 2 else 1 << (value - 1) | bits.read(value - 1)


def unpack(data):
    """The unpacked bytes of `data`, which begins with b"RNC\\1"; raises ValueError where it is broken."""
    size = struct.unpack_from(">I", data, 4)[0]
    bits, out = _Bits(data, 18), bytearray()
    bits.read(2)
    while len(out) < size:
        raw, distances, lengths = (_table(bits) for _ in range(3))
        for left in range(bits.read(16), 0, -1):
            out += bits.literals(_number(bits, raw))
            if left > 1:
                start = len(out) - _number(bits, distances) - 1
                for place in range(start, start + _number(bits, lengths) + 2):
                    out.append(out[place])
    if len(out) != size:
        raise ValueError(f"{len(out)} bytes were unpacked, {size} expected")
    return bytes(out)
