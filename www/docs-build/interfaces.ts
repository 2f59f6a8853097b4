// The options of the package as rows, read from its sources by the TypeScript compiler: key, type, whether it may be left out, and what
// the comment above it says. Not here: defaults, which only the engine knows.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import type ts from "typescript";

export interface Row {
  key: string;
  type: string;
  optional: boolean;
  text: string;
}

const folder = new URL("../../web/src/", import.meta.url);
const FILES = [
  "protocol.ts",
  "train-config.ts",
  "client.ts",
  "lab-options.ts",
  "experiment.ts",
  "semantic-protocol.ts",
  "embed/messages.ts",
  "embed/embed-lab.ts",
].map((file) => fileURLToPath(new URL(file, folder)));

type Compiler = typeof ts;
/** Loaded when it is first needed: Vite reads this file also when it only serves what is built, and the compiler is 9 MB. */
const compiler = () => createRequire(import.meta.url)("typescript") as Compiler;

interface Sources {
  checker: ts.TypeChecker;
  interfaces: Map<string, ts.InterfaceDeclaration>;
  /** Names of choices between words, and the choices: those say more than the name. */
  choices: Map<string, string>;
}
let read: Sources | undefined;

function sources(): Sources {
  if (read !== undefined) return read;
  const ts = compiler();
  const program = ts.createProgram(FILES, {
    strict: true,
    // Types are shown as they are written, so those of the platform need not be read: that would take seconds.
    noLib: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    noEmit: true,
  });
  const interfaces = new Map<string, ts.InterfaceDeclaration>();
  const choices = new Map<string, string>();
  for (const file of program.getSourceFiles()) {
    if (!FILES.includes(file.fileName)) continue;
    file.forEachChild((node) => {
      if (ts.isInterfaceDeclaration(node)) interfaces.set(node.name.text, node);
      if (
        ts.isTypeAliasDeclaration(node) &&
        ts.isUnionTypeNode(node.type) &&
        node.type.types.every(ts.isLiteralTypeNode)
      ) {
        choices.set(node.name.text, node.type.getText(file));
      }
    });
  }
  read = { checker: program.getTypeChecker(), interfaces, choices };
  return read;
}

/** A type as it is written, since names say more than what they expand to, but for choices between words. */
function wordsOf(type: ts.TypeNode, choices: Sources["choices"]): string {
  const written = type.getText().replaceAll(/\s+/g, " ");
  const bare = written.replace(/ \| undefined$/, "").replace(/^\((\(.*)\)$/, "$1");
  return bare.replaceAll(/\b[A-Z]\w+\b/g, (name) => choices.get(name) ?? name);
}

/** Every key of an interface, its own first and then the inherited, in the order of the source. */
export function rowsOf(name: string): Row[] {
  const ts = compiler();
  const { checker, interfaces, choices } = sources();
  const declaration = interfaces.get(name);
  if (declaration === undefined) throw new Error(`web/src has no interface ${name}`);
  return checker.getPropertiesOfType(checker.getTypeAtLocation(declaration)).map((property) => {
    const node = property.valueDeclaration;
    if (node === undefined || !ts.isPropertySignature(node) || node.type === undefined) {
      throw new Error(`${name}.${property.name} has no type of its own`);
    }
    return {
      key: property.name,
      type: wordsOf(node.type, choices),
      optional: (property.flags & ts.SymbolFlags.Optional) !== 0,
      text: ts.displayPartsToString(property.getDocumentationComment(checker)).replaceAll(/\s+/g, " "),
    };
  });
}
