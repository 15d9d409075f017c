"""Strict JSON of section 6 of the contract: a repeated key is refused, at any depth."""

import json
import re
import unicodedata
from decimal import Decimal


def read(text):
    """Parse a JSON text; raise ValueError if an object repeats a key, or a number is not JSON."""

    def unique(pairs):
        keys = [key for key, _ in pairs]
        twice = next((key for i, key in enumerate(keys) if key in keys[:i]), None) if len(set(keys)) < len(keys) else None
        if twice is not None:
            raise ValueError(f"an object has the key {twice!r} twice")
        return dict(pairs)

    def constant(word):
        raise ValueError(f"{word} is no number")

    return json.loads(text, object_pairs_hook=unique, parse_constant=constant)


def is_line(text):
    """Whether a text is one line, without control characters and marks of writing direction."""
    turns = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    return not any(unicodedata.category(c) == "Cc" or c in "\u2028\u2029" or c in turns for c in text)


def is_name(text):
    return text not in ("", ".", "..") and "/" not in text and is_line(text)


def is_manifest(manifest):
    """Whether all labels of a manifest are single lines."""
    paths = [*manifest["files"], *manifest["tables"]]
    inside = all(part not in ("", ".", "..") for path in paths for part in path.split("/"))
    return is_name(manifest["study"]) and all(is_line(text) for text in [manifest["restudy"], manifest.get("experiment", ""), *paths]) and inside


def shortest(x):
    """Return the decimal of a double in a proof."""
    if x == 0:
        return "-0.0" if str(x).startswith("-") else "0.0"
    sign, digits, exponent = Decimal(repr(x)).normalize().as_tuple()
    digits, sign = "".join(map(str, digits)), "-" * sign
    point = len(digits) + exponent
    if 0 < point <= 16:
        return sign + digits[:point].ljust(point, "0") + "." + (digits[point:] or "0")
    if -5 < point <= 0:
        return sign + "0." + "0" * -point + digits
    return sign + digits[0] + ("." + digits[1:] if digits[1:] else "") + f"e{point - 1:+}"


def written(value):
    """Return the only valid text of a value."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{written(key)}:{written(own)}" for key, own in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    if isinstance(value, float):
        return shortest(value)
    return json.dumps(value, ensure_ascii=False)


def bare(text):
    """Return a JSON text without white space between its tokens."""
    return re.sub(r'("(?:[^"\\]|\\.)*")|[ \n\r\t]+', lambda found: found[1] or "", text)
