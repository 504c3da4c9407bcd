import { expect } from "@playwright/test";
import { api, until } from "../support/api.ts";

type Release = { number: string; state: string; stages: { environment: string; state: string }[] };

/** A built release order that has entered FAT, which its tester frees first where somebody else holds it. */
export async function inFat(project: string, component: string, title = "预案页走查"): Promise<string> {
  const made = await api<Release>("dev", "POST", "/releases", {
    project,
    title,
    items: [{ component, ref: "main" }],
    build: true,
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const { number } = made.body;
  await until(
    "the build",
    () => api<Release>("dev", "GET", `/releases/${number}`),
    ({ state }) => state === "built",
  );
  await api("owner", "DELETE", `/projects/${project}/environments/FAT/reservation`);
  await api("tester", "POST", `/releases/${number}/stages/FAT/enter`);
  const { body } = await api<Release>("tester", "GET", `/releases/${number}`);
  expect(body.stages.find(({ environment }) => environment === "FAT")?.state).toBe("entered");
  return number;
}
