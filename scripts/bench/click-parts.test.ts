import { expect, test } from "vitest";
import { type Asked, partsOf } from "./click-parts.ts";

const asked = (part: Asked["part"], what: string, start: number, end: number | null): Asked => ({
  part,
  what,
  start,
  end,
});

test("each moment until the queue id is kept counts once, and what comes after not at all", () => {
  const click = {
    path: "/api/v1/releases/1/build",
    start: 100,
    asked: [
      asked("sql", "SELECT token", 102, 104),
      asked("git", "/a.git/git-upload-pack", 105, 115),
      // While Git is asked the database is, too.
      asked("sql", "SELECT component", 105, 108),
      asked("sql", "SELECT server", 107, 117),
      asked("jenkins", "/job/x/buildWithParameters?delay=0sec", 120, 130),
      asked("sql", "UPDATE queue id", 131, 133),
      asked("sql", "SELECT the answer", 134, 140),
      asked("sql", "never answered", 110, null),
    ],
  };
  expect(partsOf(click)).toEqual({ git: 10, jenkins: 10, sql: 2 + 2 + 2, web: 2 + 1 + 3 + 1, statements: 4 });
});

test("a click whose queue id was not kept has no parts", () => {
  const click = { path: "/build", start: 0, asked: [asked("sql", "SELECT", 1, 2)] };
  expect(() => partsOf(click)).toThrow("kept no queue id");
});
