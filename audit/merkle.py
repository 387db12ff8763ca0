"""The Merkle tree of RFC 9162 section 2.1: hashes, folding, and proofs made and checked. Plain Python.

A tree over `n` leaves is addressed by (level, index): level 0 holds the leaf hashes, and the node (l, i) is the hash of the
complete subtree over leaves [i * 2**l, (i + 1) * 2**l). Only complete subtrees are ever stored, so nothing stored changes when
the tree grows. The incomplete right edge of a tree is computed from the complete subtrees it consists of (its *peaks*).

Making a proof needs a `Reader`, a function that returns stored nodes; checking one needs nothing but this file.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Reader = Callable[[int, int], bytes]
"""Returns the hash of the complete subtree (level, index); raises LookupError when it isn't stored."""


class ProofError(ValueError):
    """A proof doesn't show what it claims, or asks for something the tree doesn't have."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 of 0x00 and the leaf's bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256 of 0x01 and both children's hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Frontier:
    """The peaks of a growing tree: all that is needed to append leaves and to know the root at any moment.

    `peaks` runs from the largest complete subtree (leftmost) to the smallest; its levels are the set bits of `size`.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Add one leaf hash; yield every complete inner subtree that it finishes as (level, index, hash), lowest first."""
        index, level, node = self.size, 0, leaf
        while index & 1:
            node = node_hash(self.peaks.pop(), node)
            level, index = level + 1, index >> 1
            yield level, index, node
        self.peaks.append(node)
        self.size += 1

    def extend(self, leaves: Sequence[bytes], step: int = 1) -> list[tuple[int, int, bytes]]:
        """Add leaf hashes in order; return the complete inner subtrees that they finish, of every `step`th level, lowest first."""
        size, peaks = self.size, dict(zip(_levels(self.size), self.peaks, strict=True))
        made: list[tuple[int, int, bytes]] = []
        level, index, nodes = 0, size, list(leaves)
        # A level at a time, which is quicker than a leaf at a time: its new nodes, after the peak that they are joined to
        while nodes:
            if index & 1:
                nodes.insert(0, peaks.pop(level))
                index -= 1
            if len(nodes) & 1:
                peaks[level] = nodes.pop()
            pairs = iter(nodes)
            nodes = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
            level, index = level + 1, index >> 1
            if level % step == 0:
                made += [(level, index + place, node) for place, node in enumerate(nodes)]
        self.size = size + len(leaves)
        self.peaks = [peaks[level] for level in _levels(self.size)]
        return made

    def root(self) -> bytes:
        """Return the root hash (MTH) of the tree as it stands."""
        return fold_peaks(self.peaks)

    @classmethod
    def load(cls, size: int, read: Reader) -> "Frontier":
        """Return the frontier of the tree of `size` leaves from stored complete subtrees."""
        return cls(size, [read(level, index) for level, index in peak_addresses(0, size)])


def _levels(size: int) -> list[int]:
    """Return the levels of the peaks of a tree, from the largest."""
    return [level for level in reversed(range(size.bit_length())) if size >> level & 1]


def fold_peaks(peaks: Sequence[bytes]) -> bytes:
    """Return the hash of a subtree given the complete subtrees it consists of, left to right."""
    if not peaks:
        return EMPTY_ROOT
    node = peaks[-1]
    for left in reversed(peaks[:-1]):
        node = node_hash(left, node)
    return node


@lru_cache(maxsize=256)
def fold_complete(hashes: bytes) -> bytes:
    """Return the hash of a complete subtree given one level of it: 2**n hashes, one after the other.

    The large subtrees of one proof are those of the next, so they are remembered, by all their bytes: up to 8 KiB each.
    """
    while len(hashes) > HASH_SIZE:
        pairs = range(0, len(hashes), 2 * HASH_SIZE)
        hashes = b"".join([hashlib.sha256(b"\x01" + hashes[at : at + 2 * HASH_SIZE]).digest() for at in pairs])
    return hashes


def peak_addresses(start: int, end: int) -> list[tuple[int, int]]:
    """Return (level, index) of the complete subtrees that the leaves [start, end) split into, left to right.

    `start` must be a multiple of the first subtree's width, as every range that a proof asks for is.
    """
    addresses = []
    while start < end:
        level = (end - start).bit_length() - 1
        addresses.append((level, start >> level))
        start += 1 << level
    return addresses


def subtree_hash(start: int, end: int, read: Reader) -> bytes:
    """Return MTH of the leaves [start, end), read from stored complete subtrees."""
    return fold_peaks([read(level, index) for level, index in peak_addresses(start, end)])


def _split(width: int) -> int:
    """Return the largest power of two smaller than `width` (which is at least 2)."""
    return 1 << ((width - 1).bit_length() - 1)


def inclusion_proof(index: int, size: int, read: Reader) -> list[bytes]:
    """Return the path from leaf `index` to the root of the tree of `size` leaves, the leaf's sibling first.

    Raises ProofError if the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ProofError(f"A tree of {size} leaves has no leaf {index}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree_hash(middle, end, read))
            end = middle
        else:
            path.append(subtree_hash(start, middle, read))
            start = middle
    path.reverse()
    return path


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that an inclusion path leads to (RFC 9162 section 2.1.3.2).

    Raises ProofError if the path can't belong to a tree of that size.
    """
    if not 0 <= index < size:
        raise ProofError(f"A tree of {size} leaves has no leaf {index}")
    fn, sn, node = index, size - 1, leaf
    for sibling in path:
        if sn == 0 or len(sibling) != HASH_SIZE:
            raise ProofError("The inclusion path is too long or holds something that is no hash")
        if fn & 1 or fn == sn:
            node = node_hash(sibling, node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = node_hash(node, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ProofError("The inclusion path is too short")
    return node


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Raise ProofError unless `path` shows that `leaf` is number `index` in the tree of `size` leaves with that `root`."""
    if root_from_inclusion(leaf, index, size, path) != root:
        raise ProofError("The inclusion path leads to another root")


def consistency_proof(first: int, second: int, read: Reader) -> list[bytes]:
    """Return the proof that the tree of `first` leaves is a prefix of the tree of `second` leaves (section 2.1.4.1).

    Empty when the sizes are equal. Raises ProofError unless 0 < first <= second.
    """
    if not 0 < first <= second:
        raise ProofError(f"No consistency proof leads from {first} to {second} leaves")
    path: list[bytes] = []
    start, end, whole = 0, second, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(subtree_hash(middle, end, read))
            end = middle
        else:
            path.append(subtree_hash(start, middle, read))
            start, whole = middle, False
    if not whole:
        path.append(subtree_hash(start, end, read))
    path.reverse()
    return path


def check_consistency(first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes) -> None:
    """Raise ProofError unless `path` shows that the first tree is a prefix of the second (section 2.1.4.2)."""
    if not 0 < first <= second:
        raise ProofError(f"No consistency proof leads from {first} to {second} leaves")
    if any(len(node) != HASH_SIZE for node in path):
        raise ProofError("The consistency path holds something that is no hash")
    if first == second:
        if path or first_root != second_root:
            raise ProofError("Two trees of one size must have one root and an empty proof")
        return
    # A first tree that is itself a complete subtree isn't repeated in the proof: its root is the start.
    nodes = [first_root, *path] if first & (first - 1) == 0 else list(path)
    if not nodes:
        raise ProofError("The consistency path is too short")
    old, new = _follow_consistency(first, second, nodes)
    if old != first_root:
        raise ProofError("The consistency path leads to another root for the first tree")
    if new != second_root:
        raise ProofError("The consistency path leads to another root for the second tree")


def _follow_consistency(first: int, second: int, nodes: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return both roots that a consistency path leads to."""
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = nodes[0]
    for node in nodes[1:]:
        if sn == 0:
            raise ProofError("The consistency path is too long")
        if fn & 1 or fn == sn:
            old, new = node_hash(node, old), node_hash(node, new)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = node_hash(new, node)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ProofError("The consistency path is too short")
    return old, new
