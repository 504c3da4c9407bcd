// Loaded before dependency-cruiser: TypeScript 7 has no JavaScript API, so it parses with swc, to which it never says
// that a .tsx file holds JSX.
import { createRequire } from "node:module";

const swc = createRequire(import.meta.url)("@swc/core");
const parseFileSync = swc.parseFileSync;
swc.parseFileSync = (file, options) => parseFileSync(file, { ...options, tsx: file.endsWith(".tsx") });
