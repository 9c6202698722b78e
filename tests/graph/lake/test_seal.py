"""A stored file that is not what was put in force is never taken for it."""

from pathlib import Path

import pytest

from graph.lake.seal import checksum, read_sealed, seal, unbroken, write_sealed


@pytest.mark.parametrize("proof", [seal, checksum])
def test_every_flipped_bit_and_every_cut_is_found(tmp_path: Path, proof: object) -> None:
    assert callable(proof)
    content = bytes(range(40))
    path = tmp_path / "file"
    path.write_bytes(content)
    said = proof(path)
    assert unbroken(path, said)
    for bit in range(0, 8 * len(content), 7):
        broken = bytearray(content)
        broken[bit // 8] ^= 1 << bit % 8
        other = tmp_path / f"flipped-{bit}"
        other.write_bytes(broken)
        assert not unbroken(other, said)
    (tmp_path / "cut").write_bytes(content[:-1])
    assert not unbroken(tmp_path / "cut", said)
    assert not unbroken(tmp_path / "missing", said)


def test_a_list_is_read_as_written_or_not_at_all(tmp_path: Path) -> None:
    place = tmp_path / "list.json"
    assert read_sealed(place) is None
    write_sealed(place, {"rows": {"TRANSFER": 5}, "名": "虚构"})
    assert read_sealed(place) == {"rows": {"TRANSFER": 5}, "名": "虚构"}
    whole = place.read_bytes()
    for at in range(0, len(whole), 3):
        place.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        try:
            found = read_sealed(place)
        except ValueError:
            continue
        # A blank between values, or the seal's own name: what is read is still what was written.
        assert found is not None
        assert {name: found[name] for name in ("rows", "名")} == {"rows": {"TRANSFER": 5}, "名": "虚构"}
