// `npm run bench`: see scripts/bench/main.ts.
import { launch } from "./launch.mjs";

await launch("./bench/main.ts").catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
