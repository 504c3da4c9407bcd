import { z } from "zod";
import { JOB_KINDS } from "./model.ts";
import { startJenkins } from "./server.ts";

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  DATA_DIR: z.string().min(1),
  JENKINS_USER: z.string().optional(),
  JENKINS_TOKEN: z.string().optional(),
  JENKINS_PASSWORD: z.string().optional(),
  JENKINS_VIEWER_TOKEN: z.string().optional(),
  JENKINS_JOB: z.string().optional(),
  /** PKCS #8, PEM: images that are built are signed with it. */
  JENKINS_SIGNING_KEY: z.string().optional(),
  JENKINS_JOB_KIND: z.enum(JOB_KINDS).optional(),
  JENKINS_EXECUTORS: z.coerce.number().int().min(1).optional(),
  JENKINS_QUIET_PERIOD: z.coerce.number().min(0).optional(),
});

const env = environment.parse(process.env);
const jenkins = await startJenkins({
  port: env.PORT,
  dataDir: env.DATA_DIR,
  user: env.JENKINS_USER,
  token: env.JENKINS_TOKEN,
  password: env.JENKINS_PASSWORD,
  viewerToken: env.JENKINS_VIEWER_TOKEN,
  jobName: env.JENKINS_JOB,
  signingKey: env.JENKINS_SIGNING_KEY,
  jobKind: env.JENKINS_JOB_KIND,
  executors: env.JENKINS_EXECUTORS,
  quietPeriodSeconds: env.JENKINS_QUIET_PERIOD,
});
console.log(JSON.stringify({ url: jenkins.url }));

let ending = false;
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    if (ending) return;
    ending = true;
    jenkins.close().then(() => process.exit(0));
  });
}
