import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { BUILD_PARAMETERS, defaultJob } from "./default-job.ts";
import { parseJobXml } from "./job-xml.ts";
import { bareRepository } from "./testing/repository.ts";

const read = (name: string) => readFileSync(new URL(`../../deploy/jenkins/${name}`, import.meta.url), "utf8");
const configXml = read("config.xml");
const jenkinsfile = read("Jenkinsfile");

const unescapeXml = (text: string) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const script = unescapeXml(/<command>([\s\S]*)<\/command>/.exec(configXml)?.[1] ?? "");

const work = mkdtempSync(join(tmpdir(), "refract-deploy-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe("the three variants of the job", () => {
  test("config.xml declares what the sandbox's own job declares", () => {
    const names = (job: { parameters: { kind: string; name: string; defaultValue: string }[] }) =>
      job.parameters.map(({ kind, name, defaultValue }) => ({ kind, name, defaultValue }));
    const job = parseJobXml("refract-build", configXml);
    expect(names(job)).toEqual(names(defaultJob("refract-build")));
    expect(job).toMatchObject({ concurrent: true, disabled: false });
  });

  test("Jenkinsfile and casc.yaml declare the same", () => {
    const casc: unknown = parse(read("casc.yaml"));
    const dsl = JSON.stringify(casc);
    for (const name of BUILD_PARAMETERS) {
      expect(jenkinsfile).toContain(`string(name: '${name}'`);
      expect(dsl).toContain(`stringParam('${name}'`);
    }
    expect(jenkinsfile).toContain("text(name: 'BUILD_VARIABLES'");
    expect(jenkinsfile).toContain("password(name: 'SECRET_BUILD_VARIABLES'");
    expect(dsl).toContain("textParam('BUILD_VARIABLES'");
    expect(dsl).toMatch(/PasswordParameterDefinition.{1,80}SECRET_BUILD_VARIABLES/);
  });

  test("Jenkinsfile and config.xml run the same steps", () => {
    const library = /BUILD_LIBRARY = '''#!\/bin\/sh\nset -eu\n([\s\S]*?)'''/.exec(jenkinsfile)?.[1];
    expect(library?.length).toBeGreaterThan(1000);
    expect(script).toContain(library?.replaceAll("\\\\", "\\"));
  });
});

describe("the script of config.xml", () => {
  const repository = bareRepository(work, { "api/Dockerfile": "FROM scratch\n", "api/a.txt": "a\n" });

  /** Runs the script as Jenkins would; `tools` are put first on the PATH. */
  function run(parameters: Record<string, string>, tools = "") {
    const workspace = join(work, "workspace");
    mkdirSync(workspace, { recursive: true });
    const env: NodeJS.ProcessEnv = { ...process.env, WORKSPACE: workspace };
    env.PATH = `${tools}:${process.env.PATH}`;
    for (const { name, defaultValue } of defaultJob("job").parameters) env[name] = defaultValue;
    Object.assign(
      env,
      { GIT_URL: repository.url, GIT_COMMIT: repository.commit, SUB_PATH: "api" },
      parameters,
    );
    const done = spawnSync("sh", ["-c", script], { cwd: workspace, env, encoding: "utf8" });
    return { code: done.status, output: done.stdout + done.stderr, workspace };
  }

  test("is a shell script", () => {
    execFileSync("sh", ["-n"], { input: script });
  });

  test("gives the command its variables, and the log no secret one", () => {
    const { code, output } = run({
      BUILD_COMMAND: 'cat a.txt; echo "$FLAVOUR $KEY"; echo "for $RELEASE"; env',
      BUILD_VARIABLES: "# a note\nFLAVOUR=plain = good\nRELEASE=forged",
      SECRET_BUILD_VARIABLES: "KEY=pass\nLONGER=pass-word",
      RELEASE: "R-1",
    });
    expect(code, output).toBe(0);
    expect(output).toContain("\na\nplain = good ****\nfor R-1\n");
    expect(output).toContain("the reserved name RELEASE is not overridden");
    expect(output).toContain("LONGER=****\n");
    expect(output).not.toContain("pass-word");
    expect(output).not.toContain("KEY=pass");
  });

  test("fails with the command, and with a commit that is not there", () => {
    expect(run({ BUILD_COMMAND: "echo so far; exit 3" })).toMatchObject({ code: 3 });
    expect(run({ GIT_COMMIT: "0123456789abcdef0123456789abcdef01234567", GIT_REF: "main" }).code).not.toBe(0);
  });

  test("builds, pushes and writes the result", () => {
    const tools = join(work, "tools");
    mkdirSync(tools, { recursive: true });
    const digest = `sha256:${"a".repeat(64)}`;
    // Stands for the image builder of an agent: it writes down how it was called.
    const buildah = join(tools, "buildah");
    writeFileSync(
      buildah,
      `#!/bin/sh\necho "buildah $*"\nif [ "$1" = push ]; then echo ${digest} > "$3"; fi\n`,
    );
    chmodSync(buildah, 0o755);
    const image = "registry.test/payments/api:1";
    const parameters = {
      REFRACT_ATTEMPT_ID: "attempt-1",
      IMAGE: image,
      BASE_IMAGE: "base:1",
      RELEASE: "R-1",
    };
    const { code, output, workspace } = run(parameters, tools);
    expect(code, output).toBe(0);
    expect(output).toMatch(
      /buildah build --pull --tag .*revision=[0-9a-f]{40}.* --build-arg BASE_IMAGE=base:1 -f Dockerfile \./,
    );
    expect(JSON.parse(readFileSync(join(workspace, "refract-result.json"), "utf8"))).toEqual({
      attemptId: "attempt-1",
      commit: repository.commit,
      image,
      digest,
    });
    expect(output).toContain("Not signed: no cosign, or no key");
    for (const tool of ["cosign", "syft"]) {
      writeFileSync(join(tools, tool), `#!/bin/sh\necho "${tool} $*" >&2\n`);
      chmodSync(join(tools, tool), 0o755);
    }
    const signed = run({ ...parameters, COSIGN_KEY: "build.key" }, tools);
    expect(signed.code, signed.output).toBe(0);
    const at = `registry.test/payments/api@${digest}`;
    expect(signed.output).toContain(`cosign sign --yes --tlog-upload=false --key build.key ${at}\n`);
    expect(signed.output).toContain(`syft scan --quiet --output spdx-json registry:${at}\n`);
    expect(signed.output).toMatch(/cosign attest .*--type spdxjson --predicate \S+ \S+@sha256:a{64}\n/);
  });
});
