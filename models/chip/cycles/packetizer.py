"""Packetizer in the chip's cycle model (rtl/ppu: packetizer, rle_encoder, entry_packer)."""

from models.cycle_cache import block

__all__ = [
    "BEAT_END",
    "BEAT_LAST",
    "BEAT_NONE",
    "BEAT_PART",
    "BEAT_TILE",
    "FIELDS",
    "beat",
    "ready",
    "step",
]

_SLOTS = 4  # blocks in an LO beat
_BEAT_ENTRIES, _BEAT_VECTORS, _VECTOR = 12, 16, 4
_LO_DEPTH = 4
_RING = 16  # of the FIFOs below; more than the deepest has

# Ring FIFOs with counts of all that came and went: LO, lowest LO, HO beats.
(
    SLOT, RLE, RLE_LAST, RLE_COUNT, PACKED, ENDED, STATE, TILE, WIDE,
    LO_IN, LO_OUT, LO0_IN, LO0_OUT, HO_IN, HO_OUT, LO,
) = range(16)  # fmt: skip
LO0 = LO + _LO_DEPTH
HO = LO0 + _RING
FIELDS = HO + _RING
_ST_LO, _ST_HO, _ST_LO0, _ST_HO0 = range(4)
_IS_LAST, _IS_TILE, _IS_WIDE = 1, 2, 4  # of an LO beat

# Flags of an output beat.
BEAT_NONE, BEAT_LAST, BEAT_END, BEAT_TILE, BEAT_PART = -1, 1, 2, 4, 8


@block
def _ho_space(k, peas):
    return k[HO_IN] - k[HO_OUT] < -(-_VECTOR * peas // _BEAT_ENTRIES) + 2


@block
def ready(k, peas):
    """A block would be taken."""
    return (
        k[LO_IN] - k[LO_OUT] < _LO_DEPTH
        and k[LO0_IN] - k[LO0_OUT] < -(-_VECTOR * peas // _BEAT_VECTORS) + 2
        and (k[RLE] == 0 or _ho_space(k, peas))
    )


@block
def beat(k):
    """Flags of the beat that is offered, or BEAT_NONE."""
    state = k[STATE]
    if state == _ST_LO:
        if k[LO_IN] == k[LO_OUT]:
            return BEAT_NONE
        return BEAT_TILE if k[LO + k[LO_OUT] % _LO_DEPTH] & _IS_TILE else 0
    flags = BEAT_TILE if k[TILE] else 0
    if state == _ST_HO:
        if k[HO_IN] == k[HO_OUT]:
            return BEAT_NONE
        if k[HO + k[HO_OUT] % _RING]:
            flags |= BEAT_LAST if k[WIDE] else BEAT_LAST | BEAT_END
        return flags
    flags |= BEAT_PART
    if state == _ST_LO0:
        return flags if k[LO0_IN] != k[LO0_OUT] else BEAT_NONE
    return flags | BEAT_LAST | BEAT_END


@block
def _send(k):
    """The beat that is offered is taken."""
    if k[STATE] == _ST_LO:
        head = k[LO + k[LO_OUT] % _LO_DEPTH]
        k[LO_OUT] += 1
        k[TILE] = 1 if head & _IS_TILE else 0
        k[WIDE] = 1 if head & _IS_WIDE else 0
        if head & _IS_LAST:
            k[STATE] = _ST_HO
    elif k[STATE] == _ST_HO:
        last = k[HO + k[HO_OUT] % _RING]
        k[HO_OUT] += 1
        if last:
            k[STATE] = _ST_LO0 if k[WIDE] else _ST_LO
    elif k[STATE] == _ST_LO0:
        last = k[LO0 + k[LO0_OUT] % _RING]
        k[LO0_OUT] += 1
        if last:
            k[STATE] = _ST_HO0
    else:
        k[STATE] = _ST_LO


@block
def _entry_packer(k):
    """What the run-length encoder holds, if anything, goes to the HO FIFO, which has space."""
    valid, last, count = k[RLE] == 1, k[RLE_LAST], k[RLE_COUNT]
    full = k[ENDED] == 0 and valid and k[PACKED] + count > _BEAT_ENTRIES
    if k[ENDED] == 1 or full:
        k[HO + k[HO_IN] % _RING] = k[ENDED]
        k[HO_IN] += 1
    if k[ENDED] == 1:
        k[PACKED] = count if valid else 0
        k[ENDED] = last if valid else 0
    elif valid:
        k[PACKED] += count - (_BEAT_ENTRIES if full else 0)
        k[ENDED] = last
    k[RLE] = 0


@block
def step(k, peas, fire, last, tile, wide, count, sent):
    """One cycle.

    Args:
        k: registers.
        peas: of the core.
        fire, last, tile, wide, count: a block comes: a packet's last one, its tile, of three
            slices, its HO entries.
        sent: the beat that is offered is taken.
    """
    ho_space = _ho_space(k, peas)
    if sent:
        _send(k)
    if ho_space:
        _entry_packer(k)
    if fire:
        k[RLE], k[RLE_LAST], k[RLE_COUNT] = 1, last, count
        k[SLOT] += 1
        if last or k[SLOT] == _SLOTS:
            k[SLOT] = 0
            flags = (_IS_LAST if last else 0) | (_IS_TILE if tile else 0)
            k[LO + k[LO_IN] % _LO_DEPTH] = flags | (_IS_WIDE if wide else 0)
            k[LO_IN] += 1
            if wide:
                k[LO0 + k[LO0_IN] % _RING] = last
                k[LO0_IN] += 1
