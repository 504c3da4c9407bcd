import { expect, test } from "vitest";
import { adoptedDrafts } from "./adopted-draft.ts";

const drafts = (query: string) => adoptedDrafts(new URLSearchParams(query));

test("values of the address are typed into the environment that it names", () => {
  expect(drafts("environment=FAT&replicas=3&cpuLimit=500m&memoryLimit=1.5Gi")).toEqual({
    FAT: { sizes: { replicas: "3", cpuLimit: "500m", memoryLimit: "1.5Gi" }, variables: {}, secrets: {} },
  });
});

test.each([
  "",
  "replicas=3",
  "environment=FAT",
  "environment=FAT&replicas=many",
  "environment=FAT&color=red",
])("%s types nothing", (query) => {
  expect(drafts(query)).toEqual({});
});
