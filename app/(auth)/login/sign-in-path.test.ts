import { expect, test } from "vitest";
import { signInPath } from "#components/ui/sign-in-path.ts";
import { callbackPath } from "./callback-path.ts";

test.each([
  "/settings/source-hosts",
  "/releases?state=building&q=%E8%A1%8C%E6%83%85",
  "/plans/sha256:0a#quote-api/Deployment",
])("sign-in comes back to %s", (path) => {
  const origin = "https://refract.example.com";
  const back = new URL(signInPath(new URL(path, origin)), origin).searchParams.get("callbackUrl");
  expect(callbackPath(back ?? undefined, origin)).toBe(path);
});
