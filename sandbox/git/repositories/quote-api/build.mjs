// Makes dist/: the program, its data and version.json, which says what was built. No clock goes in, so that the
// same commit and release always give the same files.
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";

const version = {
  name: "quote-api",
  version: process.env.RELEASE || "0.0.0-dev",
  commit: process.env.GIT_COMMIT || "unknown",
};

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist", { recursive: true });
for (const from of ["src", "data"]) {
  cpSync(from, "dist", { recursive: true });
  console.log(`[build] copied ${from}/`);
}
writeFileSync("dist/version.json", `${JSON.stringify(version, null, 2)}\n`);
console.log(`[build] ${version.name} ${version.version} (${version.commit.slice(0, 12)}) is in dist/`);
