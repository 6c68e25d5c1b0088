/** The variables of parsers and controls. */
import type { Frame } from './frame.js';
import type { Instance } from './instances.js';
import { store } from './places.js';

/** Variables that a run before may have set are set again. */
export function declareVariables(instance: Instance, frame: Frame): void {
  const again = frame.repeats || instance.entered;
  for (const local of instance.decl.locals) {
    if (local.kind !== 'variable') continue;
    const place = instance.entered ? instance.scope.get(local.name) : frame.layout.place(local.type, local.name);
    const value = local.init ? frame.evaluate(local.init, frame) : again ? frame.layout.default(local.type) : undefined;
    if (value) store(place, value, local.loc, frame);
    instance.scope.declare(local.name, place);
  }
  instance.entered = true;
}
