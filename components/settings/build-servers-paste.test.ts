import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { declarationsOf, rightsAsCode } from "./build-servers-paste.ts";

const files = ["Jenkinsfile", "config.xml"].map((name) => ({
  name,
  text: readFileSync(new URL(`../../deploy/jenkins/${name}`, import.meta.url), "utf8"),
}));

test("each parameter of the job can be pasted alone, in both kinds of job", () => {
  const names = [...(files[1]?.text ?? "").matchAll(/<name>([A-Z_]+)<\/name>/g)].map(([, name = ""]) => name);
  expect(names).toHaveLength(15);
  for (const name of names) {
    const line = declarationsOf(files, [name], "pipeline");
    expect(line).toMatch(new RegExp(`^\\w+\\(name: '${name}', defaultValue: .*\\)$`));
    const element = declarationsOf(files, [name], "freestyle");
    expect(element).toMatch(/^<hudson\.model\.(\w+)>\n[\s\S]*<\/hudson\.model\.\1>$/);
    expect(element.match(/<name>/g)).toHaveLength(1);
  }
});

test("several stand below one another; a name that no file has adds nothing", () => {
  const lines = declarationsOf(files, ["IMAGE", "NO_SUCH", "GIT_COMMIT"], "pipeline").split("\n");
  expect(lines.map((line) => /name: '(\w+)'/.exec(line)?.[1])).toEqual(["IMAGE", "GIT_COMMIT"]);
});

test("rights are YAML whatever the account is called", () => {
  const user = 'ci: "bot"';
  const { jenkins } = parse(rightsAsCode(user));
  expect(jenkins.authorizationStrategy.projectMatrix.entries[0].user).toEqual({
    name: user,
    permissions: ["Overall/Read", "Job/Read", "Job/Build", "Job/Cancel"],
  });
});
