/** The names of P4Info are those by which the control plane knows declarations. */
export { annotation, annotationText, controlPlaneName, externalName } from '../ir/names.js';
