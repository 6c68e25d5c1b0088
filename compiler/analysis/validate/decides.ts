/** Warns of an ingress that says nowhere where packets go. */
import { visiting } from '../../ir/visit.js';
import type { Environment } from './environment.js';

const decisions = new Set(['forward', 'drop', 'multicast', 'to_controller', 'recirculate', 'resubmit']);

/** Of portable programs, in which a packet without a decision is dropped. */
export function checkDecides(env: Environment): void {
  const [ingress, egress] = [env.filling('ingress'), env.filling('egress')];
  let decides = false;
  const visitor = visiting({
    stmt: (stmt) => {
      if (stmt.kind === 'call' && stmt.callee.kind === 'function' && decisions.has(stmt.callee.name)) decides = true;
    },
  });
  // A drop in egress decides too late.
  for (const control of env.program.controls) if (control !== egress) visitor.control(control);
  if (!decides && ingress) env.report('never-decides', {}, ingress.loc);
}
