import { findDrift } from "./prisma/drift.ts";
import { testServer } from "./testing/server.ts";

// Do the migrations make exactly what the schema says? Exit code 0 yes, 2 no, 1 it could not be found out.
// `node scripts/check-migrations.ts [schema]`

const server = await testServer();
try {
  const findings = await findDrift(server.url, process.argv[2]);
  for (const { gate, code, output } of findings) {
    process.stdout.write(`${code === 0 ? "no drift" : code === 2 ? "DRIFT" : "ERROR"}: ${gate}\n`);
    if (code !== 0) process.stdout.write(`${output}\n`);
  }
  const codes = findings.map((finding) => finding.code);
  process.exitCode = codes.find((code) => code !== 0 && code !== 2) ? 1 : Math.max(...codes);
} finally {
  await server.stop();
}
