import type { Annotation } from '../ir/types.js';
import type { Annotations } from './surface.js';

/** The user's annotations as the IR has them; text is quoted. */
export const irAnnotations = (given: Annotations | undefined): readonly Annotation[] | undefined =>
  given &&
  Object.entries(given).map(([name, body]) =>
    body === true ? { name } : { name, body: typeof body === 'string' ? JSON.stringify(body) : String(body) },
  );
