import { settings } from "./settings.mjs";

const LEVELS = ["debug", "info", "warn", "error"];

/** One line a message, for people and for grep: time, level, text, key=value. */
export function log(level, text, facts = {}) {
  if (LEVELS.indexOf(level) < LEVELS.indexOf(settings.logLevel)) return;
  const rest = Object.entries(facts).map(([key, value]) => ` ${key}=${value}`);
  console.log(`${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${text}${rest.join("")}`);
}
