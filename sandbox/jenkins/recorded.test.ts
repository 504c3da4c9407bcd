import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const here = new URL("./", import.meta.url);

test("every recording is compared with this server's answer", () => {
  const sources = readdirSync(here)
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => readFileSync(new URL(name, here), "utf8"));
  const recordings = readdirSync(new URL("recorded/", here)).map((name) => name.replace(/\.json$/, ""));
  expect(recordings.length).toBeGreaterThanOrEqual(64);
  const left = recordings.filter((name) => !sources.some((source) => source.includes(`"${name}"`)));
  expect(left).toEqual([]);
});
