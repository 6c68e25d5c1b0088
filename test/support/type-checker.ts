/** What tsc and an editor tell of files of this repository, as text in which no path is of this machine. */
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));
const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
const { options } = ts.getParsedCommandLineOfConfigFile(`${root}tsconfig.json`, {}, host) as ts.ParsedCommandLine;

export interface TypeChecker {
  /** The errors of a file in their order, each with its line (from 0), the line with the place below it, and the message. */
  errors(file: string): { readonly line: number; readonly text: string }[];
  /** What an editor shows of the thing at the first place of `at` in the file, or so many characters after that place. */
  hover(file: string, at: string, after?: number): string;
  /** How many types tsc made of others so far: what checking costs. */
  instantiations(): number;
}

export function typeChecker(files: readonly string[]): TypeChecker {
  const service = ts.createLanguageService({
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getCompilationSettings: () => options,
    getScriptFileNames: () => files.map((file) => root + file),
    getScriptVersion: () => '',
    getScriptSnapshot: (path) => {
      const text = ts.sys.readFile(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  });
  const program = service.getProgram() as ts.Program;
  const source = (file: string): ts.SourceFile => program.getSourceFile(root + file) as ts.SourceFile;
  return {
    errors: (file) => [...service.getSyntacticDiagnostics(root + file), ...service.getSemanticDiagnostics(root + file)].map(describe),
    hover: (file, at, after = 0) => {
      const info = service.getQuickInfoAtPosition(root + file, source(file).text.indexOf(at) + after);
      return ts.displayPartsToString(info?.displayParts);
    },
    instantiations: () => program.getInstantiationCount(),
  };
}

function describe({ file, start = 0, length = 0, code, messageText, relatedInformation = [] }: ts.Diagnostic): {
  line: number;
  text: string;
} {
  if (!file) throw new Error('The diagnostic is about no file.');
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const source = file.text.split('\n')[line] ?? '';
  const indent = source.length - source.trimStart().length;
  const text = [
    source.trim(),
    ' '.repeat(character - indent) + '~'.repeat(Math.min(length, source.length - character)),
    `TS${code}: ${flat(messageText)}`,
    ...relatedInformation.map((related) => `note: ${flat(related.messageText)}`),
  ].join('\n');
  return { line, text };
}

/** Names with their module are how tsc writes them in a few messages: `import("…/surface", …).Bool`. */
const flat = (message: string | ts.DiagnosticMessageChain): string =>
  ts.flattenDiagnosticMessageText(message, '\n').replace(/import\("[^"]*\/compiler\/dsl\/[^"]*"[^)]*\)/g, 'import("p4ts")');
