import type { Job, JobKind, ParameterDefinition, ParameterKind } from "./model.ts";
import { JOB_KINDS } from "./model.ts";

/** Thrown where a `config.xml` is neither a freestyle project nor a Pipeline. */
export class JobXmlError extends Error {}

const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, (whole, name: string) => {
    if (name.startsWith("#x")) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith("#")) return String.fromCodePoint(Number.parseInt(name.slice(1), 10));
    return ENTITIES[name] ?? whole;
  });
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function textOf(xml: string, tag: string): string | null {
  const match = new RegExp(`<${tag}(?:\\s[^>]*)?>([\\s\\S]*?)</${tag}>`).exec(xml);
  return match?.[1] === undefined ? null : unescapeXml(match[1]);
}

function parameterDefinitions(xml: string): ParameterDefinition[] {
  const found: ParameterDefinition[] = [];
  const pattern =
    /<hudson\.model\.(\w+)ParameterDefinition(?:\s[^>]*)?>([\s\S]*?)<\/hudson\.model\.\1Parameter/g;
  for (const [, type = "", body = ""] of xml.matchAll(pattern)) {
    const name = textOf(body, "name");
    if (name === null) throw new JobXmlError("a parameter has no name");
    const description = textOf(body, "description");
    found.push({
      kind: parameterKind(type),
      name,
      defaultValue: textOf(body, "defaultValue") ?? "",
      description: description === "" ? null : description,
    });
  }
  return found;
}

function parameterKind(type: string): ParameterKind {
  if (type === "String" || type === "Text" || type === "Password") return type;
  throw new JobXmlError(`unsupported parameter type ${type}`);
}

const ROOTS: Record<JobKind, string> = { freestyle: "project", pipeline: "flow-definition" };

function kindOf(body: string): JobKind {
  const kind = JOB_KINDS.find((one) =>
    new RegExp(`^\\s*<${ROOTS[one]}(\\s[^>]*)?>[\\s\\S]*</${ROOTS[one]}>\\s*$`).test(body),
  );
  if (kind === undefined) throw new JobXmlError("neither a freestyle project nor a Pipeline");
  return kind;
}

function numberOf(xml: string, tag: string): number | null {
  const text = textOf(xml, tag);
  // Jenkins writes -1 where nothing is limited.
  return text === null || !/^\d+$/.test(text) ? null : Number(text);
}

/**
 * Reads the configuration of a freestyle project or a Pipeline, the way `POST /createItem` sends it.
 * Neither builders nor scripts are read: every job of this server runs the Refract build.
 * @throws {JobXmlError} for any other kind of job.
 */
export function parseJobXml(name: string, xml: string): Job {
  const body = xml.replace(/<\?xml[^>]*\?>/, "").replace(/<!--[\s\S]*?-->/g, "");
  const kind = kindOf(body);
  // Builders and scripts may contain any text, so they are taken away before looking for settings.
  const settings = body.replace(/<(builders|definition)(?:\s[^>]*)?>[\s\S]*<\/\1>/, "");
  const outside = settings.replace(/<properties>[\s\S]*<\/properties>/, "");
  const concurrent =
    kind === "freestyle"
      ? textOf(outside, "concurrentBuild") === "true"
      : !settings.includes("DisableConcurrentBuildsJobProperty");
  return {
    name,
    kind,
    xml,
    description: textOf(outside, "description") ?? "",
    concurrent,
    disabled: textOf(outside, "disabled") === "true",
    quietPeriod: numberOf(outside, "quietPeriod"),
    label: textOf(outside, "assignedNode"),
    keepBuilds: numberOf(settings, "numToKeep"),
    parameters: parameterDefinitions(settings),
    nextBuildNumber: 1,
    builds: new Map(),
  };
}

const BLOCKED_TWIN =
  "      <org.jenkinsci.plugins.workflow.job.properties.DisableConcurrentBuildsJobProperty/>\n";

/** Writes the configuration of a job with these parameters. */
export function renderJobXml(
  job: Pick<Job, "description" | "concurrent" | "parameters"> & { kind?: JobKind },
): string {
  const { kind = "freestyle" } = job;
  const parameters = job.parameters.map(
    (parameter) => `        <hudson.model.${parameter.kind}ParameterDefinition>
          <name>${escapeXml(parameter.name)}</name>
          <description>${escapeXml(parameter.description ?? "")}</description>
          <defaultValue>${escapeXml(parameter.defaultValue)}</defaultValue>
        </hudson.model.${parameter.kind}ParameterDefinition>`,
  );
  const own =
    kind === "freestyle"
      ? `  <concurrentBuild>${job.concurrent}</concurrentBuild>\n  <builders/>\n  <publishers/>`
      : '  <definition class="org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition"/>';
  return `<?xml version='1.1' encoding='UTF-8'?>
<${ROOTS[kind]}>
  <description>${escapeXml(job.description)}</description>
  <properties>
${kind === "pipeline" && !job.concurrent ? BLOCKED_TWIN : ""}    <hudson.model.ParametersDefinitionProperty>
      <parameterDefinitions>
${parameters.join("\n")}
      </parameterDefinitions>
    </hudson.model.ParametersDefinitionProperty>
  </properties>
  <disabled>false</disabled>
${own}
</${ROOTS[kind]}>
`;
}
