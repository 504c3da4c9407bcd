// `npm test`: see scripts/test/main.ts.
import { launch } from "./launch.mjs";

await launch("./test/main.ts").catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
  console.log("0 passed, 1 failed, 0 skipped");
});
