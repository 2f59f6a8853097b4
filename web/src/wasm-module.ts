// Stands for `#wasm` when types are checked, so that they can be before the module is built. build.mjs binds the real module instead.
import type { Door } from "./door.js";

declare const init: Door["default"];
export declare const version: Door["version"];
export declare const tasks: Door["tasks"];
export declare const metricDefinitions: Door["metricDefinitions"];
export declare const presets: Door["presets"];
export declare const summarise: Door["summarise"];
export declare const semanticArms: Door["semanticArms"];
export declare const SemanticLab: Door["SemanticLab"];
export declare const LanguageFile: Door["LanguageFile"];
export declare const Lab: Door["Lab"];
export default init;
