/** A pipeline that chooses between values of all types, and branches on values of a type of its own. */
import { bit, bool, enumeration, header, int, mux, newtype, pipeline } from 'p4ts';

const Kind = enumeration('kind_t', bit(8), { small: 1, large: 2 });
const Zone = newtype('zone_t', bit(8));

export const Choice = header('choice_t', { size: bit(8), signed: int(8), zone: Zone, kind: Kind, flag: bool, way: bit(7) });

export const choices = pipeline('choices', {
  headers: { choice: Choice, second: Choice },
  metadata: { isLarge: bool },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.choice);
      return p.select(hdr.choice.zone).when(9, 'more').when({ low: 20, high: 29 }, 'more').otherwise('accept');
    },
    more(p, { hdr }) {
      p.extract(hdr.second);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta }) {
    const { choice } = hdr;
    ctl.apply((c) => {
      c.forward(1);
      c.set(meta.isLarge, choice.size.gt(100));
      c.set(choice.signed, mux(meta.isLarge, choice.signed, -5));
      c.set(choice.kind, mux(meta.isLarge, Kind.large, Kind.small));
      c.set(choice.flag, mux(meta.isLarge, choice.flag, true));
      c.set(meta.isLarge, mux(choice.size.eq(0), true, false));
      c.if(mux(meta.isLarge, choice.size.lt(3), choice.flag), () => c.set(choice.zone, mux(choice.flag, choice.zone, Zone.value(7))));
      c.switch(choice.zone)
        .case([1, 2], () => c.set(choice.way, 1))
        .case(9, () => c.set(choice.way, 2))
        .default(() => c.set(choice.way, 3));
    });
  },
  deparser: (d, { hdr }) => d.emit(hdr.choice, hdr.second),
});
