import { readFileSync } from "node:fs";

/** The limits in force. They are part of the release, so that a check can be traced to what was approved. */
export async function loadLimits() {
  return JSON.parse(readFileSync(new URL("./limits.json", import.meta.url), "utf8"));
}
