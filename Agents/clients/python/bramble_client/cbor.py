"""CBOR (RFC 8949), the part that the agent speaks."""

import struct

from .errors import ProtocolError


def encode(value):
    out = bytearray()
    _encode(value, out)
    return bytes(out)


def _head(major, number, out):
    if number < 24:
        out.append(major << 5 | number)
        return
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * size:
            out.append(major << 5 | code)
            out += number.to_bytes(size, "big")
            return
    raise OverflowError("a number of more than 64 bits")


def _encode(value, out):
    if value is None:
        out.append(0xF6)
    elif value is True or value is False:
        out.append(0xF5 if value else 0xF4)
    elif isinstance(value, int):
        _head(*((0, value) if value >= 0 else (1, -1 - value)), out)
    elif isinstance(value, (bytes, bytearray)):
        _head(2, len(value), out)
        out += value
    elif isinstance(value, str):
        data = value.encode("utf-8")
        _head(3, len(data), out)
        out += data
    elif isinstance(value, (list, tuple)):
        _head(4, len(value), out)
        for item in value:
            _encode(item, out)
    elif isinstance(value, dict):
        _head(5, len(value), out)
        for key in sorted(value, key=lambda key: (len(key.encode("utf-8")), key.encode("utf-8"))):
            _encode(key, out)
            _encode(value[key], out)
    else:
        raise TypeError("cannot encode %r" % type(value))


def decode(data):
    value, end = _decode(data, 0, 0)
    if end != len(data):
        raise ProtocolError("%d bytes behind an answer" % (len(data) - end))
    return value


def _take(data, start, count):
    if start + count > len(data):
        raise ProtocolError("an answer that is cut short")
    return data[start:start + count], start + count


def _decode(data, start, depth):
    if depth > 32:
        raise ProtocolError("an answer nested too deep")
    head, position = _take(data, start, 1)
    major, low = head[0] >> 5, head[0] & 31
    if major == 7:
        simple = {20: False, 21: True, 22: None}
        if low in simple:
            return simple[low], position
        formats = {25: (">e", 2), 26: (">f", 4), 27: (">d", 8)}
        if low in formats:
            form, size = formats[low]
            raw, position = _take(data, position, size)
            return struct.unpack(form, raw)[0], position
        raise ProtocolError("an unknown simple value")
    number = low
    if low >= 24:
        if low > 27:
            raise ProtocolError("an unknown length")
        raw, position = _take(data, position, 1 << (low - 24))
        number = int.from_bytes(raw, "big")
    if major == 0:
        return number, position
    if major == 1:
        return -1 - number, position
    if major in (2, 3):
        raw, position = _take(data, position, number)
        try:
            return (bytes(raw) if major == 2 else raw.decode("utf-8")), position
        except UnicodeDecodeError as error:
            raise ProtocolError("text that is no UTF-8") from error
    if number > len(data) - position:
        raise ProtocolError("an answer that is cut short")
    if major == 4:
        items = []
        for _ in range(number):
            item, position = _decode(data, position, depth + 1)
            items.append(item)
        return items, position
    if major == 5:
        fields = {}
        for _ in range(number):
            key, position = _decode(data, position, depth + 1)
            if not isinstance(key, str):
                raise ProtocolError("a key that is no text")
            fields[key], position = _decode(data, position, depth + 1)
        return fields, position
    raise ProtocolError("a tag")
