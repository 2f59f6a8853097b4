// The options of the package as rows, read from its sources by the TypeScript compiler: key, type, whether it may be left out, and what
// the comment above it says. Not here: defaults, which only the engine knows.

import { fileURLToPath } from "node:url";

import ts from "typescript";

export interface Row {
  key: string;
  type: string;
  optional: boolean;
  text: string;
}

const folder = new URL("../../web/src/", import.meta.url);
const FILES = ["protocol.ts", "train-config.ts", "client.ts", "experiment.ts"].map((file) =>
  fileURLToPath(new URL(file, folder)),
);

interface Sources {
  checker: ts.TypeChecker;
  interfaces: Map<string, ts.InterfaceDeclaration>;
}
let read: Sources | undefined;

function sources(): Sources {
  if (read !== undefined) return read;
  const program = ts.createProgram(FILES, {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    noEmit: true,
  });
  const interfaces = new Map<string, ts.InterfaceDeclaration>();
  for (const file of program.getSourceFiles()) {
    if (!FILES.includes(file.fileName)) continue;
    file.forEachChild((node) => {
      if (ts.isInterfaceDeclaration(node)) interfaces.set(node.name.text, node);
    });
  }
  read = { checker: program.getTypeChecker(), interfaces };
  return read;
}

/** Forgets what was read: the sources may have changed. */
export function forgetSources(): void {
  read = undefined;
}

/** Every key of an interface, its own first and then the inherited, in the order of the source. */
export function rowsOf(name: string): Row[] {
  const { checker, interfaces } = sources();
  const declaration = interfaces.get(name);
  if (declaration === undefined) throw new Error(`web/src has no interface ${name}`);
  return checker.getPropertiesOfType(checker.getTypeAtLocation(declaration)).map((property) => {
    const node = property.valueDeclaration;
    if (node === undefined || !ts.isPropertySignature(node) || node.type === undefined) {
      throw new Error(`${name}.${property.name} has no type of its own`);
    }
    return {
      key: property.name,
      // As it is written there: names of types say more than what they expand to.
      type: node.type
        .getText()
        .replaceAll(/\s+/g, " ")
        .replace(/ \| undefined$/, "")
        .replace(/^\(\((.*)\) \| undefined\)$/, "$1"),
      optional: (property.flags & ts.SymbolFlags.Optional) !== 0,
      text: ts.displayPartsToString(property.getDocumentationComment(checker)).replaceAll(/\s+/g, " "),
    };
  });
}

/** What the comment above an interface says. */
export function textOf(name: string): string {
  const { checker, interfaces } = sources();
  const declaration = interfaces.get(name);
  const symbol = declaration === undefined ? undefined : checker.getSymbolAtLocation(declaration.name);
  return symbol === undefined
    ? ""
    : ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\s+/g, " ");
}
