/**
 * The rendering worker as text, run with `eval`: a bundler cannot lose it, and it holds nothing of this process but
 * what it is sent. It answers one message per job. `fuel` ends templates that loop, the parent ends the rest.
 */
export const WORKER_SOURCE = `
const { parentPort, workerData } = require("node:worker_threads");
const { createRequire } = require("node:module");
const { Environment } = createRequire(workerData.from)("minijinja-js");
parentPort.on("message", ({ source, context }) => {
  const environment = new Environment();
  try {
    environment.undefinedBehavior = "strict";
    environment.fuel = workerData.fuel;
    environment.removeGlobal("debug");
    const text = environment.renderNamedStr("template.yaml", source, context);
    if (text.length > workerData.maxOutput) parentPort.postMessage({ ok: false, tooLarge: true, message: "" });
    else parentPort.postMessage({ ok: true, text });
  } catch (error) {
    parentPort.postMessage({ ok: false, tooLarge: false, message: String(error && error.message || error) });
  } finally {
    environment.free();
  }
});
`;
