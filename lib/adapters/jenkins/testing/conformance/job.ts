import { expect } from "vitest";
import { z } from "zod";
import { JOB_PARAMETERS } from "../../../ports.ts";
import { failureOf } from "../failure-of.ts";
import type { ConformanceCase, Theme } from "./case.ts";
import { FOLDER_XML, freestyleXml } from "./job-xml.ts";
import type { World } from "./world.ts";

const jobSchema = z.object({
  _class: z.string(),
  buildable: z.boolean(),
  nextBuildNumber: z.number(),
  property: z.array(z.object({ parameterDefinitions: z.array(z.object({ name: z.string() })).optional() })),
});
const buildParameters = z.object({
  actions: z.array(
    z.object({
      parameters: z.array(z.object({ name: z.string(), value: z.string().optional() })).optional(),
    }),
  ),
});

/** The parameters that a build says it was started with. */
async function told(world: World, number: number): Promise<Map<string, string | undefined>> {
  const path = `${world.jobPath("freestyle")}/${number}/api/json?tree=actions[parameters[name,value]]`;
  const { actions } = buildParameters.parse(await world.json(path));
  return new Map(
    actions.flatMap((action) => action.parameters ?? []).map(({ name, value }) => [name, value]),
  );
}

const consoleOf = async ({ raw, jobPath }: World, number: number): Promise<string> =>
  (await raw("GET", `${jobPath("freestyle")}/${number}/consoleText`)).text;

const cases: ConformanceCase[] = [
  {
    rows: ["17"],
    title: "a job tells its kind, that it can be built, and the parameters that it declares",
    async run({ json, jobPath }) {
      const job = jobSchema.parse(await json(`${jobPath("freestyle")}/api/json`));
      expect(job).toMatchObject({ _class: "hudson.model.FreeStyleProject", buildable: true });
      const names = job.property.flatMap((one) => one.parameterDefinitions ?? []).map(({ name }) => name);
      expect(names).toEqual([...JOB_PARAMETERS]);
    },
  },
  {
    rows: ["18"],
    title: "a tree is answered in part where a key is unknown, without a word",
    async run({ json, jobPath }) {
      const job = await json(`${jobPath("freestyle")}/api/json?tree=name,noSuchKey`);
      expect(job).toEqual({ _class: "hudson.model.FreeStyleProject", name: expect.any(String) });
    },
  },
  {
    rows: ["18"],
    title: "what the job does not declare is named",
    async run({ server }) {
      expect(await server().undeclaredParameters([...JOB_PARAMETERS, "NOBODY_DECLARES_THIS"])).toEqual([
        "NOBODY_DECLARES_THIS",
      ]);
    },
  },
  {
    rows: ["17", "18"],
    title: "the doctor finds the whole job in order",
    async run({ server, begin, ended }) {
      const { number } = await begin("freestyle", "true");
      await ended("freestyle", number);
      const findings = await server().check();
      expect(findings.filter(({ ok }) => ok !== true)).toEqual([]);
      const codes = findings.map(({ code }) => code);
      for (const code of [
        "JOB_BUILDABLE",
        "PARAMETERS_DECLARED",
        "SECRETS_MASKED",
        "CONCURRENT",
        "MAY_BUILD",
        "MAY_CANCEL",
      ]) {
        expect(codes).toContain(code);
      }
    },
  },
  {
    rows: ["17"],
    title: "the doctor sees that builds of a job wait for one another",
    async run({ server }) {
      const findings = await server("serial").check();
      expect(findings.find(({ code }) => code === "CONCURRENT")?.ok).toBe(false);
    },
  },
  {
    rows: ["19"],
    title: "a Pipeline job declares the same, and whether its builds wait for one another is a property",
    needs: ["pipeline"],
    async run({ server }) {
      expect(await server("pipeline").undeclaredParameters(JOB_PARAMETERS)).toEqual([]);
      const of = async (job: "pipeline" | "pipelineSerial") => {
        const findings = await server(job).check();
        return {
          kind: findings.find(({ code }) => code === "JOB_EXISTS")?.facts?.kind,
          concurrent: findings.find(({ code }) => code === "CONCURRENT")?.ok,
        };
      };
      expect(await of("pipeline")).toEqual({ kind: "pipeline", concurrent: true });
      expect(await of("pipelineSerial")).toEqual({ kind: "pipeline", concurrent: false });
    },
  },
  {
    rows: ["14", "17"],
    title: "a job is made once, whoever is quicker",
    async run({ server, jobName, raw }) {
      const name = `${jobName("freestyle")}-made`;
      const maker = server("freestyle", { jobName: name });
      try {
        const made = await Promise.all([1, 2, 3].map(() => maker.ensureJob(freestyleXml())));
        expect(made.filter((one) => one === "created").length).toBe(1);
        expect(await maker.ensureJob(freestyleXml())).toBe("present");
      } finally {
        await raw("POST", `/job/${name}/doDelete`);
      }
    },
  },
  {
    rows: ["14", "17", "60"],
    title: "a job inside of folders is made there, triggered, found and read",
    needs: ["folders"],
    async run(world) {
      const [team, group] = [world.folder, "组 1"];
      const made = await world.raw("POST", `/job/${team}/createItem?name=${encodeURIComponent(group)}`, {
        xml: FOLDER_XML,
      });
      expect(made.status).toBe(200);
      const name = `${team}/${group}/refract build`;
      const server = world.server("freestyle", { jobName: name });
      expect((await server.check()).find(({ ok }) => ok === false)?.code).toBe("JOB_EXISTS");
      expect(await server.ensureJob(freestyleXml())).toBe("created");
      expect(await server.ensureJob(freestyleXml())).toBe("present");
      const attemptId = world.attempt();
      const parameters = world.parameters(attemptId, { BUILD_COMMAND: "echo in a folder" });
      const { queueId } = await server.trigger({ parameters });
      await world.until(async () => expect((await server.queueItem(queueId)).state).toBe("left"));
      const found = await server.findAttempt(attemptId);
      const number = found?.number ?? 0;
      await world.until(async () => expect((await server.build(number))?.state).toBe("succeeded"));
      const log = await server.openLog(number, 0);
      expect(await new Response(log.body).text()).toContain("\r\nin a folder\r\n");
      expect((await server.check()).filter(({ ok }) => ok === false)).toEqual([]);
    },
  },
  {
    rows: ["20"],
    title: "a trigger by GET is refused and starts nothing",
    async run(world) {
      const { raw, jobPath, json } = world;
      const next = async () =>
        jobSchema.parse(await json(`${jobPath("freestyle")}/api/json`)).nextBuildNumber;
      const before = await next();
      const reply = await raw(
        "GET",
        `${jobPath("freestyle")}/buildWithParameters?REFRACT_ATTEMPT_ID=${world.attempt()}`,
      );
      expect(reply.status).toBe(405);
      expect(await next()).toBe(before);
    },
  },
  {
    rows: ["21"],
    title: "/build on a job with parameters is refused, so that the doctor may ask for the right to build",
    async run(world) {
      const { raw, jobPath, json, server } = world;
      const next = async () =>
        jobSchema.parse(await json(`${jobPath("freestyle")}/api/json`)).nextBuildNumber;
      const before = await next();
      expect((await raw("POST", `${jobPath("freestyle")}/build`)).status).toBe(400);
      const findings = await server().check();
      expect(findings.find(({ code }) => code === "MAY_BUILD")?.ok).toBe(true);
      expect(await next()).toBe(before);
    },
  },
  {
    rows: ["22", "23", "24"],
    title: "an unknown parameter is accepted and dropped: not even an empty variable reaches the build",
    async run(world) {
      const command = "echo unknown is $(printenv NOBODY_DECLARES_THIS || echo unset)";
      const { number } = await world.begin("freestyle", command, { NOBODY_DECLARES_THIS: "lost" });
      expect((await world.ended("freestyle", number)).state).toBe("succeeded");
      expect((await told(world, number)).has("NOBODY_DECLARES_THIS")).toBe(false);
      expect(await consoleOf(world, number)).toContain("\nunknown is unset\n");
    },
  },
  {
    rows: ["25"],
    title: "what is not sent takes its default",
    async run(world) {
      const attemptId = world.attempt();
      const { queueId } = await world.server().trigger({ parameters: { REFRACT_ATTEMPT_ID: attemptId } });
      await world.until(async () => expect((await world.server().queueItem(queueId)).state).toBe("left"));
      const found = await world.server().findAttempt(attemptId);
      const values = await told(world, found?.number ?? 0);
      expect(values.get("SUB_PATH")).toBe(".");
      expect(values.get("RELEASE")).toBe("");
      expect([...values.keys()]).toEqual([...JOB_PARAMETERS]);
    },
  },
  {
    rows: ["09", "44"],
    title: "values arrive as they were sent: Chinese, signs of a form, line breaks, much text",
    async run(world) {
      const value = `组件 a=b&c=d+e%20f "'<\\>\n第二行 ${"长".repeat(20_000)}`;
      const { number } = await world.begin("freestyle", "true", {
        BUILD_VARIABLES: `# ${value.replaceAll("\n", " ")}`,
        RELEASE: "R=1&2+3 发布",
      });
      await world.ended("freestyle", number);
      const values = await told(world, number);
      expect(values.get("RELEASE")).toBe("R=1&2+3 发布");
      expect(values.get("BUILD_VARIABLES")).toBe(`# ${value.replaceAll("\n", " ")}`);
    },
  },
  {
    rows: ["32", "44"],
    title: "a password parameter is in no answer, of the queue or of the build",
    async run(world) {
      const secret = `geheim-${world.attempt()}`;
      const busy = await world.begin("serial", "sleep 300");
      const attemptId = world.attempt();
      const parameters = world.parameters(attemptId, { SECRET_BUILD_VARIABLES: `KEY=${secret}` });
      const { queueId } = await world.server("serial").trigger({ parameters });
      const queue = await world.raw("GET", "/queue/api/json");
      expect(queue.text).toContain(attemptId);
      expect(queue.text).not.toContain(secret);
      await world.stop("serial", busy.number);
      await world.until(async () =>
        expect((await world.server("serial").queueItem(queueId)).state).toBe("left"),
      );
      const found = await world.server("serial").findAttempt(attemptId);
      const build = await world.raw("GET", `${world.jobPath("serial")}/${found?.number}/api/json`);
      expect(build.text).toContain("SECRET_BUILD_VARIABLES");
      expect(build.text).not.toContain(secret);
      await world.ended("serial", found?.number ?? 0);
    },
  },
  {
    rows: ["26"],
    title: "a disabled job refuses triggers, and the doctor says why",
    async run(world) {
      const { raw, jobPath, server } = world;
      await raw("POST", `${jobPath("serial")}/disable`);
      try {
        const attemptId = world.attempt();
        const error = await failureOf(server("serial").trigger({ parameters: world.parameters(attemptId) }));
        expect(error).toMatchObject({ failure: "conflict", status: 409, details: { outcome: "refused" } });
        expect(await server("serial").findAttempt(attemptId)).toBeNull();
        const findings = await server("serial").check();
        expect(findings.find(({ code }) => code === "JOB_BUILDABLE")?.ok).toBe(false);
        expect(findings.find(({ code }) => code === "MAY_BUILD")?.ok).toBe(true);
      } finally {
        await raw("POST", `${jobPath("serial")}/enable`);
      }
    },
  },
];

export const job: Theme = { name: "the job: what it declares, and what is sent to it", cases };
