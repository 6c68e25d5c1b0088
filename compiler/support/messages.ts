/**
 * Every diagnostic of p4ts: its code, its severity, its sentence, and what to write instead.
 * A code names the mistake, not the place in the compiler that found it. No code is in two files.
 */

import { controlPlaneMessages } from './messages/control-plane.js';
import { dslMessages } from './messages/dsl.js';
import { filesMessages } from './messages/files.js';
import { languageMessages } from './messages/language.js';
import type { Message } from './messages/message.js';
import { p4Messages } from './messages/p4.js';
import { programMessages } from './messages/program.js';
import { servicesMessages } from './messages/services.js';
import { targetsMessages } from './messages/targets.js';

export const messages = {
  ...languageMessages,
  ...dslMessages,
  ...p4Messages,
  ...programMessages,
  ...servicesMessages,
  ...filesMessages,
  ...controlPlaneMessages,
  ...targetsMessages,
} as const;

export type Code = keyof typeof messages;
export type Params<C extends Code> = (typeof messages)[C] extends Message<infer P> ? P : never;
