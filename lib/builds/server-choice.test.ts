import { expect, test } from "vitest";
import { type Asker, chooseServer, type ServerFacts } from "./server-choice.ts";

const server = (key: string, rest: Partial<ServerFacts> = {}): ServerFacts => ({
  id: `id-${key}`,
  key,
  disabled: false,
  labels: [],
  projects: [],
  open: 0,
  ...rest,
});
const own: Asker = { key: "api", project: "quotes", buildServerId: "id-main", buildLabel: "" };
const labelled = { ...own, buildLabel: "windows" };
const code = (chosen: ReturnType<typeof chooseServer>) => "blocker" in chosen && chosen.blocker.code;

test("without a label: its own server, however much it has to do", () => {
  expect(chooseServer(own, [server("idle"), server("main", { open: 9 })])).toEqual({ id: "id-main" });
});

test("its own server must be enabled and open to the project", () => {
  expect(code(chooseServer(own, [server("main", { disabled: true })]))).toBe("BUILD_SERVER_DISABLED");
  expect(code(chooseServer(own, [server("main", { projects: ["payments"] })]))).toBe("BUILD_SERVER_CLOSED");
  expect(chooseServer(own, [server("main", { projects: ["quotes"] })])).toEqual({ id: "id-main" });
});

test("with a label: the one with the fewest builds of those that fit, the first by key where they are equal", () => {
  const windows = { labels: ["windows"] };
  const servers = [
    server("busy", { ...windows, open: 3 }),
    server("off", { ...windows, disabled: true }),
    server("closed", { ...windows, projects: ["payments"] }),
    server("linux"),
    server("w2", { ...windows, open: 1 }),
    server("w1", { ...windows, open: 1 }),
  ];
  expect(chooseServer(labelled, servers)).toEqual({ id: "id-w1" });
  expect(chooseServer(labelled, servers.slice(1, 4))).toMatchObject({
    blocker: {
      code: "NO_BUILD_SERVER",
      facts: { component: "api", label: "windows" },
      liftedBy: ["admin"],
    },
  });
});
