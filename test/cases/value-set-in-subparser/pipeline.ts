/** Value sets in a subparser and in states that parsers share. */
import { bit, header, pipeline, type StateCtx, type Transition, type ValueSet, type ViewOf, valueSet } from 'p4ts';

export const Tag = header('tag_t', { kind: bit(8), next: bit(8) });

/** A module of parser states: takes the tag `outer`, and goes on by a value set of the pipeline. */
const outerStates = <const N extends string>(next: N) => ({
  outer(p: StateCtx<N>, { hdr, sets }: { hdr: { outer: ViewOf<typeof Tag> }; sets: { outerKinds: ValueSet<8> } }): Transition {
    p.extract(hdr.outer);
    return p.select(hdr.outer.kind).when(sets.outerKinds, next).otherwise('accept');
  },
});

export const setsEverywhere = pipeline('value_sets', {
  headers: { outer: Tag, inner: Tag, last: Tag },
  valueSets: { outerKinds: valueSet(bit(8), 4), innerKinds: valueSet(bit(8), 2) },
  subparsers: {
    tail: {
      start(p, { hdr, sets }) {
        p.extract(hdr.inner);
        return p.select(hdr.inner.kind).when(sets.innerKinds, 'last').otherwise('accept');
      },
      last(p, { hdr }) {
        p.extract(hdr.last);
        return p.accept();
      },
    },
  },
  parser: {
    start: (p) => p.goto('outer'),
    ...outerStates('tail'),
    tail(p) {
      p.call('tail');
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    ctl.apply((c) => {
      c.forward(1);
      // What was not parsed is payload, and comes behind.
      c.set(hdr.outer.next, 0xaa);
      c.set(hdr.inner.next, 0xbb);
      c.set(hdr.last.next, 0xcc);
    });
    return {};
  },
  deparser(d, { hdr }) {
    d.emit(hdr.outer, hdr.inner, hdr.last);
  },
});
