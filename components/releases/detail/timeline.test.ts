import { expect, test } from "vitest";
import audit from "#lib/i18n/messages/zh/audit.json" with { type: "json" };
import releases from "#lib/i18n/messages/zh/releases.json" with { type: "json" };

/** What a release order's timeline tells of. */
const NOUNS = ["release", "build", "stage", "plan", "deployment"];
/** The deployment's page tells them. */
const ELSEWHERE = ["deployment_step"];

test("whatever the audit trail has of a release order has a sentence in its timeline", () => {
  const others = Object.keys(audit.noun).filter((noun) => !NOUNS.includes(noun));
  const actions = Object.keys(audit.action).filter(
    (action) =>
      NOUNS.some((noun) => action.startsWith(`${noun}_`)) &&
      !others.some((noun) => action.startsWith(`${noun}_`)) &&
      !ELSEWHERE.includes(action),
  );
  expect(actions.length).toBeGreaterThan(30);
  expect(actions.filter((action) => !(action in releases.timeline))).toEqual([]);
});
