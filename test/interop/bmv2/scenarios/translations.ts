/** Values of types that P4Runtime translates: BMv2's server takes them as they are, if it takes them. */
import { bit, build, exact, header, newtype, pipeline } from 'p4ts';
import { P4RuntimeError } from '../../../../runtime/client/errors.js';
import { all } from '../../../support/outcomes.js';
import { type Control, packet, scenario } from '../scenario.js';

const Same = newtype('same_t', bit(16), { uri: 'example.org/same', as: bit(16) });
const Near = newtype('near_t', bit(12), { uri: 'example.org/near', as: bit(16) });
const Wide = newtype('wide_t', bit(12), { uri: 'example.org/wide', as: bit(32) });
const Text = newtype('text_t', bit(8), { uri: 'example.org/text', values: { one: 1, two: 2 } });
const Plain = newtype('plain_t', bit(8));

const Values = header('values_t', { same: Same, near: Near, wide: Wide, text: Text, plain: Plain, result: bit(8) });

const translations = pipeline('translations', {
  headers: { v: Values },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.v);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const found = ctl.action('found', { value: bit(8) }, (c, a) => c.set(hdr.v.result, a.value));
    const rewrite = ctl.action('rewrite', { same: Same, near: Near }, (c, a) => {
      c.set(hdr.v.same, a.same);
      c.set(hdr.v.near, a.near);
    });
    const widen = ctl.action('widen', { wide: Wide }, (c, a) => c.set(hdr.v.wide, a.wide));
    const retext = ctl.action('retext', { text: Text }, (c, a) => c.set(hdr.v.text, a.text));
    const replain = ctl.action('replain', { plain: Plain }, (c, a) => c.set(hdr.v.plain, a.plain));
    const same = ctl.table('same', { key: { same: exact(hdr.v.same) }, actions: [found] });
    const near = ctl.table('near', { key: { near: exact(hdr.v.near) }, actions: [found] });
    const wide = ctl.table('wide', { key: { wide: exact(hdr.v.wide) }, actions: [found] });
    const text = ctl.table('text', { key: { text: exact(hdr.v.text) }, actions: [found] });
    const plain = ctl.table('plain', { key: { plain: exact(hdr.v.plain) }, actions: [rewrite, widen, retext, replain] });
    ctl.apply((c) => {
      c.forward(2);
      for (const table of [same, near, wide, text]) c.apply(table);
      c.apply(plain);
    });
    return { same, near, wide, text, plain, found, rewrite, widen, retext, replain };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.v);
  },
});

const { same, near, wide, text, plain, found, rewrite, widen, retext, replain } = translations.ingress;
/** Whether it is taken. */
const taken = (act: Control<typeof translations>['control'], differs?: string): Control<typeof translations> => ({
  control: (sw) =>
    act(sw).then(
      () => 'OK',
      (error) => {
        if (!(error instanceof P4RuntimeError)) throw error;
        return 'refused';
      },
    ),
  ...(differs === undefined ? {} : { differs }),
});
const value = (fields: { same?: number; near?: number; wide?: number; text?: 'one' | 'two'; plain?: number }, differs?: string) =>
  packet(1, build(Values, { same: 0, near: 0, wide: 0, text: 'one', plain: 0, result: 0, ...fields }), differs);
const untranslated = 'its server translates nothing: a value has the bytes that it has in the switch';

export const translatedValues = scenario({
  name: 'translations',
  pipeline: translations,
  steps: [
    taken((sw) => sw.table(same).insert({ match: { same: 0x1234 }, action: found({ value: 1 }) })),
    taken((sw) => sw.table(near).insert({ match: { near: 0x234 }, action: found({ value: 2 }) })),
    taken((sw) => sw.table(wide).insert({ match: { wide: 0x234 }, action: found({ value: 3 }) }), untranslated),
    taken((sw) => sw.table(text).insert({ match: { text: 'two' }, action: found({ value: 4 }) }), untranslated),
    value({ same: 0x1234 }),
    value({ near: 0x234 }),
    value({ wide: 0x234 }, untranslated),
    value({ text: 'two' }, untranslated),
    taken((sw) => sw.table(plain).insert({ match: { plain: 1 }, action: rewrite({ same: 0xabcd, near: 0xbcd }) })),
    taken((sw) => sw.table(plain).insert({ match: { plain: 2 }, action: widen({ wide: 0xabc }) })),
    taken((sw) => sw.table(plain).insert({ match: { plain: 3 }, action: retext({ text: 'two' }) }), untranslated),
    taken((sw) => sw.table(plain).insert({ match: { plain: 4 }, action: replain({ plain: 5 }) })),
    ...[1, 2, 4].map((n) => value({ plain: n })),
    value({ plain: 3 }, untranslated),
    { control: async (sw) => [await all(sw.table(same).entries()), await all(sw.table(near).entries())] },
    { control: async (sw) => all(sw.table(plain).entries()), differs: untranslated },
  ],
});
