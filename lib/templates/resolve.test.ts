import { expect, test } from "vitest";
import { pickTemplate } from "./resolve.ts";

const all = [
  { id: "global", name: "web", environmentId: "fat", projectId: null, componentId: null },
  { id: "elsewhere", name: "a", environmentId: "prod", projectId: null, componentId: null },
  { id: "project", name: "web", environmentId: "fat", projectId: "shop", componentId: null },
  { id: "component", name: "web", environmentId: "fat", projectId: "shop", componentId: "api" },
  { id: "other", name: "a", environmentId: "fat", projectId: "bank", componentId: null },
];
const facts = { configTemplateId: null, environmentId: "fat", projectId: "shop", componentId: "api" };

test.each([
  ["the config's choice", { ...facts, configTemplateId: "global" }, "global"],
  ["the component's own", facts, "component"],
  ["the project's", { ...facts, componentId: "web" }, "project"],
  ["the global one", { ...facts, projectId: "new", componentId: "web" }, "global"],
  ["none", { ...facts, environmentId: "staging" }, undefined],
])("%s", (_name, where, id) => {
  expect(pickTemplate(all, where)?.id).toBe(id);
});
