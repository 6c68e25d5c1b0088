/** Functions, actions and controls (P4-16 §10, §14). */
import type { ActionDecl, ControlDecl, ExternFunctionDecl, FunctionDecl, Name } from '../ast.js';
import { checkAnnotations } from './annotations.js';
import type { Checker } from './context.js';
import { declareInstance } from './instances.js';
import { declareParams, resolveParams, resolveSignature } from './params.js';
import { type FunctionEntity, Scope } from './scope.js';
import { checkBlock, checkBody, declareConstant, declareVariable } from './statements.js';
import { checkTable } from './tables.js';
import { declareTypeParams } from './type-refs.js';
import { type BlockInfo, type ParamInfo, prune, type Signature, showType, voidType } from './types.js';

export function declareFunction(c: Checker, decl: FunctionDecl | ExternFunctionDecl): void {
  c.open(decl.name, 'function');
  const signature = c.within(() => {
    declareTypeParams(c, decl.typeParams);
    const resolved = resolveSignature(c, decl, decl.kind === 'function' ? 'function' : 'extern');
    if (decl.kind === 'function') {
      c.within(() => {
        declareParams(c, resolved.params, 'function');
        checkFunctionBody(c, decl, resolved);
      });
    }
    return resolved;
  });
  overload(c, { decl, signature });
}

/** Which of the functions of one name is meant, calls tell by the number or the names of their arguments (P4-16 §7.2.9). */
function overload(c: Checker, entity: FunctionEntity): void {
  const { name } = entity.decl;
  const there = c.scope.names.get(name.text);
  if (there?.kind !== 'function') {
    c.declare({ kind: 'function', name, overloads: [entity] });
    return;
  }
  if (!tooMany(c, name, there.overloads.length)) c.scope.names.set(name.text, { ...there, overloads: [...there.overloads, entity] });
}

/** Of functions, methods or constructors of one name. */
const maxOverloads = 200;

export function tooMany(c: Checker, name: Name, count: number): boolean {
  if (count === maxOverloads) c.report('p4-overloads', { name: name.text, limit: maxOverloads }, name.loc);
  return count > maxOverloads;
}

export const sameParameters = (a: Signature, b: Signature): boolean => sameNames(a.params, b.params);

export function sameNames(a: readonly ParamInfo[], b: readonly ParamInfo[]): boolean {
  return a.length === b.length && a.every((p) => b.some((q) => q.name === p.name));
}

export function checkFunctionBody(c: Checker, decl: FunctionDecl, signature: Signature): void {
  const ends = c.at({ in: 'function', returns: signature.returns, loops: 0, owner: c.place.owner ?? decl }, () => checkBlock(c, decl.body));
  const returns = prune(signature.returns);
  if (!ends && returns.kind !== 'void' && returns.kind !== 'unknown') {
    c.report('missing-return', { name: decl.name.text, type: showType(returns) }, decl.name.loc);
  }
}

export function declareAction(c: Checker, decl: ActionDecl): void {
  c.open(decl.name, 'action');
  const signature = c.within(
    () => {
      const params = resolveParams(c, decl.params, 'action');
      declareParams(c, params, 'action');
      checkBlock(c, decl.body);
      return { typeParams: [], params, returns: voidType };
    },
    { in: 'action', returns: voidType, loops: 0, owner: c.place.owner ?? decl },
  );
  c.declare({ kind: 'action', name: decl.name, decl, signature });
}

export function checkControl(c: Checker, decl: ControlDecl, info: BlockInfo): void {
  c.within(
    () => {
      declareParams(c, info.params, 'block');
      declareParams(c, info.constructorParams, 'constructor');
      c.scope = new Scope(c.scope);
      for (const local of decl.locals) {
        checkAnnotations(c, local.annotations);
        if (local.kind === 'constant') declareConstant(c, local);
        else if (local.kind === 'variable') declareVariable(c, local);
        else if (local.kind === 'instance') declareInstance(c, local);
        else if (local.kind === 'action') declareAction(c, local);
        else {
          c.open(local.name, 'table');
          checkTable(c, local);
          c.declare({ kind: 'table', name: local.name, decl: local });
        }
      }
      c.within(() => checkBody(c, decl.body.body), { in: 'apply', returns: voidType });
    },
    { in: 'control', loops: 0, owner: decl },
  );
}
