// Makes dist/: public/ with the pages (version put in), the small server, and version.json, which says what was built.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const version = {
  name: "portal-web",
  version: process.env.RELEASE || "0.0.0-dev",
  commit: process.env.GIT_COMMIT || "unknown",
};

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist/public/assets", { recursive: true });
cpSync("src", "dist", { recursive: true });
console.log("[build] copied src/");

// The hash in its name lets browsers keep the style sheet for ever.
const style = readFileSync("site/style.css", "utf8");
const styleName = `style.${createHash("sha256").update(style).digest("hex").slice(0, 10)}.css`;
writeFileSync(`dist/public/assets/${styleName}`, style);
console.log(`[build] wrote assets/${styleName}`);

const page = readFileSync("site/index.html", "utf8")
  .replaceAll("{{style}}", `/assets/${styleName}`)
  .replaceAll("{{version}}", version.version)
  .replaceAll("{{commit}}", version.commit.slice(0, 12));
writeFileSync("dist/public/index.html", page);
writeFileSync("dist/version.json", `${JSON.stringify(version, null, 2)}\n`);
console.log(`[build] ${version.name} ${version.version} (${version.commit.slice(0, 12)}) is in dist/`);
