// `npm run demo`: see scripts/demo/main.ts.
import { launch } from "./launch.mjs";

await launch("./demo/main.ts").catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
