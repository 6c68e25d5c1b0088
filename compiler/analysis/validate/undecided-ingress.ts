/** Warns of an ingress that says nowhere where packets go. */
import { visiting } from '../../ir/visit.js';
import type { Environment } from './environment.js';

/** Of programs for an architecture in which a packet without a decision is dropped. */
export function checkDecides(env: Environment): void {
  if (!env.arch.functions.some((fn) => fn.decides)) return;
  const [ingress, egress] = [env.filling('ingress'), env.filling('egress')];
  let decides = false;
  const visitor = visiting({
    stmt: (stmt) => {
      if (stmt.kind === 'call' && env.externMethod(stmt)?.decides) decides = true;
    },
  });
  // A drop in egress decides too late.
  for (const control of env.program.controls) if (control !== egress) visitor.control(control);
  if (!decides && ingress) env.report('never-decides', {}, ingress.loc);
}
