"""Who is in whose files: drawn once for everybody by keyed words, the same in every world."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glasshouse.draws.philox import Key, uniforms
from glasshouse.draws.purposes import COVER
from glasshouse.evidence.registers import registers
from glasshouse.population import Population

_REGISTERS_A_BLOCK = 4


def covered(population: Population, seed: int) -> NDArray[np.uint16]:
    """Bits of the registers whose files each person is in: the cover of the register, times the share online."""
    p, bits = population, np.zeros(len(population), np.uint16)
    online = p.digital / 255.0
    for number, register in enumerate(registers()):
        sub, word = divmod(number, _REGISTERS_A_BLOCK)
        drawn = uniforms(Key.of(seed), p.number, COVER, 0, p.town.astype(np.uint32), sub)[word]
        share = float(register.cover) * (online if register.digital else 1.0)
        bits |= np.where(drawn < share, np.uint16(1 << number), np.uint16(0))
    return bits
