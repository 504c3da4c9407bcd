// `npm run test:conformance`: see scripts/conformance.ts.
import { launch } from "./launch.mjs";

await launch("./conformance.ts").catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
