import type { Job, ParameterDefinition, ParameterKind } from "./model.ts";

/** Thrown where a `config.xml` cannot be read as a freestyle project. */
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

/**
 * Reads a freestyle project's configuration, the way `POST /createItem` sends it.
 * The builders are not read: every job of this server runs the Refract build.
 * @throws {JobXmlError} for anything but a freestyle `<project>`.
 */
export function parseJobXml(name: string, xml: string): Job {
  const body = xml.replace(/<\?xml[^>]*\?>/, "").replace(/<!--[\s\S]*?-->/g, "");
  if (!/^\s*<project(\s[^>]*)?>[\s\S]*<\/project>\s*$/.test(body)) {
    throw new JobXmlError("not a freestyle project");
  }
  // The builders may contain any text, so they are taken away before looking for settings.
  const settings = body.replace(/<builders>[\s\S]*<\/builders>/, "");
  const outside = settings.replace(/<properties>[\s\S]*<\/properties>/, "");
  const quietPeriod = textOf(outside, "quietPeriod");
  return {
    name,
    xml,
    description: textOf(outside, "description") ?? "",
    concurrent: textOf(outside, "concurrentBuild") === "true",
    disabled: textOf(outside, "disabled") === "true",
    quietPeriod: quietPeriod === null ? null : Number(quietPeriod),
    parameters: parameterDefinitions(settings),
    nextBuildNumber: 1,
    builds: new Map(),
  };
}

/** Writes the configuration of a freestyle project with these parameters. */
export function renderJobXml(job: Pick<Job, "description" | "concurrent" | "parameters">): string {
  const parameters = job.parameters.map(
    (parameter) => `        <hudson.model.${parameter.kind}ParameterDefinition>
          <name>${escapeXml(parameter.name)}</name>
          <description>${escapeXml(parameter.description ?? "")}</description>
          <defaultValue>${escapeXml(parameter.defaultValue)}</defaultValue>
        </hudson.model.${parameter.kind}ParameterDefinition>`,
  );
  return `<?xml version='1.1' encoding='UTF-8'?>
<project>
  <description>${escapeXml(job.description)}</description>
  <properties>
    <hudson.model.ParametersDefinitionProperty>
      <parameterDefinitions>
${parameters.join("\n")}
      </parameterDefinitions>
    </hudson.model.ParametersDefinitionProperty>
  </properties>
  <disabled>false</disabled>
  <concurrentBuild>${job.concurrent}</concurrentBuild>
  <builders/>
  <publishers/>
</project>
`;
}
