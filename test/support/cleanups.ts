/** What is undone after a test, or after all tests of a file. Modules are shared by files, so their hooks are in test/setup.ts. */
type Cleanup = () => Promise<void> | void;

const cleanups: { readonly test: Cleanup[]; readonly file: Cleanup[] } = { test: [], file: [] };

export function afterThe(scope: keyof typeof cleanups, cleanup: Cleanup): void {
  cleanups[scope].push(cleanup);
}

/** The last first. */
export async function cleanUp(scope: keyof typeof cleanups): Promise<void> {
  for (const cleanup of cleanups[scope].splice(0).reverse()) await cleanup();
}
