/** Generic routing encapsulation (RFC 2784, with the key and sequence number of RFC 2890). */
import type { Next, StateCtx, Transition, ViewOf } from '../index.js';
import { bit, header } from '../index.js';
import { given } from '../support/location.js';
import { type Branches, branch } from './states.js';

/** RFC 2784 §2 and RFC 2890 §2: the 4 bytes that every packet has. */
export const Gre = header('gre_t', {
  checksumPresent: bit(1),
  reserved: bit(1),
  keyPresent: bit(1),
  sequencePresent: bit(1),
  reserved0: bit(9),
  /** 0; PPTP's is 1 (RFC 2637). */
  version: bit(3),
  /** The EtherType of what follows. */
  protocol: bit(16),
});
/** RFC 2784 §2.5 and §2.6. */
export const GreChecksum = header('gre_checksum_t', { checksum: bit(16), reserved1: bit(16) });
/** RFC 2890 §2.1. */
export const GreKey = header('gre_key_t', { key: bit(32) });
/** RFC 2890 §2.2. */
export const GreSequence = header('gre_sequence_t', { number: bit(32) });

type Views = {
  hdr: {
    gre: ViewOf<typeof Gre>;
    greChecksum: ViewOf<typeof GreChecksum>;
    greKey: ViewOf<typeof GreKey>;
    greSequence: ViewOf<typeof GreSequence>;
  };
};

/**
 * States `gre`, `greChecksum`, `greKey`, `greSequence` and `greProtocol`: takes `hdr.gre` and those of the optional
 * fields that are there, then goes on by the EtherType. Another version than 0 goes to `otherwise`.
 */
export function greStates<const N extends string>(branches: Branches<N>, { otherwise = 'accept' }: { readonly otherwise?: Next<N> } = {}) {
  return given({
    gre(p: StateCtx<N | 'greChecksum' | 'greKey' | 'greSequence' | 'greProtocol'>, { hdr }: Views): Transition {
      const { version, checksumPresent, keyPresent, sequencePresent } = hdr.gre;
      p.extract(hdr.gre);
      return p
        .select(version, checksumPresent, keyPresent, sequencePresent)
        .when([0, 1, '_', '_'], 'greChecksum')
        .when([0, 0, 1, '_'], 'greKey')
        .when([0, 0, 0, 1], 'greSequence')
        .when([0, 0, 0, 0], 'greProtocol')
        .otherwise(otherwise);
    },
    greChecksum(p: StateCtx<'greKey' | 'greSequence' | 'greProtocol'>, { hdr }: Views): Transition {
      p.extract(hdr.greChecksum);
      return p
        .select(hdr.gre.keyPresent, hdr.gre.sequencePresent)
        .when([1, '_'], 'greKey')
        .when([0, 1], 'greSequence')
        .otherwise('greProtocol');
    },
    greKey(p: StateCtx<'greSequence' | 'greProtocol'>, { hdr }: Views): Transition {
      p.extract(hdr.greKey);
      return p.select(hdr.gre.sequencePresent).when(1, 'greSequence').otherwise('greProtocol');
    },
    greSequence(p: StateCtx<'greProtocol'>, { hdr }: Views): Transition {
      p.extract(hdr.greSequence);
      return p.goto('greProtocol');
    },
    greProtocol(p: StateCtx<N>, { hdr }: Views): Transition {
      return branch(p, hdr.gre.protocol, branches, otherwise);
    },
  });
}
