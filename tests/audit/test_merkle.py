"""The tree against RFC 9162's own recursive definitions, written here as plainly as the RFC has them."""

import hashlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import merkle


def mth(leaves: list[bytes]) -> bytes:
    """MTH(D[n]) of section 2.1.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = largest_power_below(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def largest_power_below(n: int) -> int:
    """k with k < n <= 2k."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH(m, D[n]) of section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b) of section 2.1.4.1."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = largest_power_below(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def some_leaves(n: int) -> list[bytes]:
    return [f"event {i}".encode() for i in range(n)]


class Stored:
    """A tree built by folding, which answers reads from the complete subtrees that folding yielded."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.frontier = merkle.Frontier()
        self.nodes: dict[tuple[int, int], bytes] = {}
        for index, data in enumerate(leaves):
            hashed = merkle.leaf_hash(data)
            self.nodes[0, index] = hashed
            for level, position, node in self.frontier.append(hashed):
                assert (level, position) not in self.nodes, "a stored node never changes"
                self.nodes[level, position] = node

    def read(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]


SIZES = st.integers(1, 150)


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert merkle.Frontier().root() == mth([])


@given(SIZES)
def test_folding_gives_the_root_of_the_definition(n: int) -> None:
    leaves = some_leaves(n)
    assert Stored(leaves).frontier.root() == mth(leaves)


@given(SIZES, st.data())
def test_a_frontier_loaded_from_storage_goes_on_as_if_never_stopped(n: int, data: st.DataObject) -> None:
    leaves = some_leaves(n)
    stop = data.draw(st.integers(0, n))
    frontier = merkle.Frontier.load(stop, Stored(leaves[:stop]).read)
    assert frontier.root() == mth(leaves[:stop])
    frontier.extend([merkle.leaf_hash(leaf) for leaf in leaves[stop:]])
    assert frontier.root() == mth(leaves)


@given(SIZES, st.data(), st.sampled_from([1, 2, 8]))
def test_many_leaves_at_once_make_the_nodes_that_one_after_the_other_make(n: int, data: st.DataObject, step: int) -> None:
    leaves = [merkle.leaf_hash(leaf) for leaf in some_leaves(n)]
    one, many = merkle.Frontier(), merkle.Frontier()
    cuts = [0, *sorted(data.draw(st.lists(st.integers(0, n), max_size=4))), n]
    for start, end in itertools.pairwise(cuts):
        by_one = [node for leaf in leaves[start:end] for node in one.append(leaf) if node[0] % step == 0]
        assert sorted(many.extend(leaves[start:end], step)) == sorted(by_one)
        assert many == one


@given(SIZES, st.data())
def test_inclusion_proofs_are_those_of_the_definition_and_check(n: int, data: st.DataObject) -> None:
    leaves = some_leaves(n)
    m = data.draw(st.integers(0, n - 1))
    proof = merkle.inclusion_proof(m, n, Stored(leaves).read)
    assert proof == path(m, leaves)
    merkle.check_inclusion(merkle.leaf_hash(leaves[m]), m, n, proof, mth(leaves))


@given(SIZES, st.data())
def test_a_changed_inclusion_proof_is_refused(n: int, data: st.DataObject) -> None:
    leaves = some_leaves(n)
    m = data.draw(st.integers(0, n - 1))
    proof = merkle.inclusion_proof(m, n, Stored(leaves).read)
    hashed, root = merkle.leaf_hash(leaves[m]), mth(leaves)
    wrong = data.draw(st.sampled_from(wrong_paths(proof)))
    with pytest.raises(merkle.ProofError):
        merkle.check_inclusion(hashed, m, n, wrong, root)
    with pytest.raises(merkle.ProofError):
        merkle.check_inclusion(merkle.leaf_hash(b"another"), m, n, proof, root)
    other = data.draw(st.integers(-1, n + 1))
    if other != m:
        with pytest.raises(merkle.ProofError):
            merkle.check_inclusion(hashed, other, n, proof, root)


def wrong_paths(proof: list[bytes]) -> list[list[bytes]]:
    """The same proof with a hash added, left out, changed or cut short."""
    wrong = [[*proof, b"\x00" * 32]]
    if proof:
        flipped = bytes([proof[0][0] ^ 1]) + proof[0][1:]
        wrong += [proof[:-1], proof[1:], [flipped, *proof[1:]], [proof[0][:-1], *proof[1:]]]
    return wrong


@given(SIZES, st.data())
def test_consistency_proofs_are_those_of_the_definition_and_check(n: int, data: st.DataObject) -> None:
    leaves = some_leaves(n)
    m = data.draw(st.integers(1, n))
    proof = merkle.consistency_proof(m, n, Stored(leaves).read)
    assert proof == subproof(m, leaves, True)
    merkle.check_consistency(m, n, proof, mth(leaves[:m]), mth(leaves))


@given(SIZES, st.data())
def test_a_rewritten_past_has_no_consistency_proof(n: int, data: st.DataObject) -> None:
    leaves = some_leaves(n)
    m = data.draw(st.integers(1, n))
    rewritten = list(leaves)
    rewritten[data.draw(st.integers(0, m - 1))] = b"rewritten"
    proof = merkle.consistency_proof(m, n, Stored(rewritten).read)
    with pytest.raises(merkle.ProofError):
        merkle.check_consistency(m, n, proof, mth(leaves[:m]), mth(rewritten))


@given(SIZES, st.data())
def test_a_changed_consistency_proof_is_refused(n: int, data: st.DataObject) -> None:
    leaves = some_leaves(n)
    m = data.draw(st.integers(1, n))
    proof = merkle.consistency_proof(m, n, Stored(leaves).read)
    wrong = data.draw(st.sampled_from(wrong_paths(proof)))
    with pytest.raises(merkle.ProofError):
        merkle.check_consistency(m, n, wrong, mth(leaves[:m]), mth(leaves))


def test_every_pair_of_small_sizes() -> None:
    leaves = some_leaves(40)
    stored = Stored(leaves)
    for n in range(1, 41):
        for m in range(n):
            assert merkle.inclusion_proof(m, n, stored.read) == path(m, leaves[:n])
        for m in range(1, n + 1):
            proof = merkle.consistency_proof(m, n, stored.read)
            merkle.check_consistency(m, n, proof, mth(leaves[:m]), mth(leaves[:n]))


@pytest.mark.parametrize(("first", "second"), [(0, 1), (2, 1), (-1, 3)])
def test_no_consistency_proof_between_impossible_sizes(first: int, second: int) -> None:
    with pytest.raises(merkle.ProofError):
        merkle.consistency_proof(first, second, lambda level, index: b"")
    with pytest.raises(merkle.ProofError):
        merkle.check_consistency(first, second, [], b"", b"")
