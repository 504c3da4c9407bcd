type File = { name: string; text: string };

/** Parameters of a Pipeline stand one a line in the Jenkinsfile. */
const inPipeline = (text: string, name: string): string | undefined =>
  text.split("\n").find((line) => new RegExp(`^\\s*\\w+\\(name: '${name}'`).test(line));

/** Those of a freestyle job are elements of config.xml. */
const inXml = (text: string, name: string): string | undefined =>
  text
    .split(/(?=^ *<hudson\.model\.\w+ParameterDefinition>)/m)
    .find((part) => part.includes(`<name>${name}</name>`))
    ?.replace(/(<\/hudson\.model\.\w+ParameterDefinition>)[\s\S]*$/, "$1");

/**
 * The declarations of some parameters, as they stand in the job's own files, to be pasted into a job that lacks them;
 * without the indentation they have there.
 * @param names as Jenkins has them, such as GIT_COMMIT
 */
export function declarationsOf(
  files: readonly File[],
  names: readonly string[],
  kind: "pipeline" | "freestyle",
): string {
  const wanted = kind === "pipeline" ? "Jenkinsfile" : "config.xml";
  const text = files.find(({ name }) => name === wanted)?.text ?? "";
  const find = kind === "pipeline" ? inPipeline : inXml;
  const found = names.flatMap((name) => find(text, name)?.split("\n") ?? []);
  const indent = Math.min(...found.map((line) => line.search(/\S/)));
  return found.map((line) => line.slice(indent)).join("\n");
}

/** The rights that the portal's account needs, as Configuration as Code has them (plugin Matrix Authorization). */
export function rightsAsCode(user: string): string {
  const rights = ["Overall/Read", "Job/Read", "Job/Build", "Job/Cancel"];
  return `jenkins:
  authorizationStrategy:
    projectMatrix:
      entries:
        - user:
            name: ${JSON.stringify(user)}
            permissions:
${rights.map((right) => `              - "${right}"`).join("\n")}
`;
}
