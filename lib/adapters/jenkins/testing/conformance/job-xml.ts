import { JOB_PARAMETERS } from "../../../ports.ts";

/** What the suite's jobs do on a server that reads it: the command, and a result file where an image is named. */
const COMMAND = 'if [ -n "$BUILD_COMMAND" ]; then sh -c "$BUILD_COMMAND"; fi';
const RESULT =
  'rm -f refract-result.json; if [ -n "$IMAGE" ]; then printf \'{"attemptId":"%s","commit":"%s","image":"%s",' +
  '"digest":"sha256:%064d"}\' "$REFRACT_ATTEMPT_ID" "$GIT_COMMIT" "$IMAGE" 0 > refract-result.json; fi';
const PLUGINS = "org.jenkinsci.plugins.workflow";

const escaped = (text: string): string =>
  text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);

function parameters(): string {
  const definitions = JOB_PARAMETERS.map((name) => {
    const kind =
      name === "SECRET_BUILD_VARIABLES" ? "Password" : name === "BUILD_VARIABLES" ? "Text" : "String";
    const value = name === "SUB_PATH" ? "." : "";
    return `<hudson.model.${kind}ParameterDefinition><name>${name}</name><defaultValue>${value}</defaultValue></hudson.model.${kind}ParameterDefinition>`;
  });
  return `<hudson.model.ParametersDefinitionProperty><parameterDefinitions>${definitions.join("")}</parameterDefinitions></hudson.model.ParametersDefinitionProperty>`;
}

const rotation = (keep: number | undefined): string =>
  keep === undefined
    ? ""
    : `<jenkins.model.BuildDiscarderProperty><strategy class="hudson.tasks.LogRotator"><daysToKeep>-1</daysToKeep><numToKeep>${keep}</numToKeep><artifactDaysToKeep>-1</artifactDaysToKeep><artifactNumToKeep>-1</artifactNumToKeep></strategy></jenkins.model.BuildDiscarderProperty>`;

/** A freestyle job; `label` is what its node must have, `keep` how many builds stay. */
export function freestyleXml(own: { concurrent?: boolean; label?: string; keep?: number } = {}): string {
  const { concurrent = true, label, keep } = own;
  return [
    "<?xml version='1.1' encoding='UTF-8'?>",
    `<project><description>Made by a conformance run</description><properties>${rotation(keep)}${parameters()}</properties>`,
    label === undefined
      ? "<canRoam>true</canRoam>"
      : `<assignedNode>${label}</assignedNode><canRoam>false</canRoam>`,
    `<disabled>false</disabled><concurrentBuild>${concurrent}</concurrentBuild>`,
    `<builders><hudson.tasks.Shell><command>${escaped(`#!/bin/sh\nset -e\n${COMMAND}\n${RESULT}\n`)}</command></hudson.tasks.Shell></builders>`,
    "<publishers><hudson.tasks.ArtifactArchiver><artifacts>refract-result.json</artifacts><allowEmptyArchive>true</allowEmptyArchive></hudson.tasks.ArtifactArchiver></publishers>",
    "</project>",
  ].join("\n");
}

/** A declarative Pipeline that does the same in three stages. */
export function pipelineXml({ concurrent = true } = {}): string {
  const sh = (command: string): string => `sh '''#!/bin/sh\nset -e\n${command.replaceAll("\\", "\\\\")}\n'''`;
  const stage = (name: string, ...steps: string[]): string =>
    `stage('${name}') { steps { ${steps.join("\n")} } }`;
  const script = `pipeline { agent any
options { skipDefaultCheckout() }
stages { ${stage("Checkout", "echo 'nothing to check out'")}
${stage("Build", sh(COMMAND))}
${stage("Push", sh(RESULT), "archiveArtifacts artifacts: 'refract-result.json', allowEmptyArchive: true")} } }`;
  const blocked = concurrent ? "" : `<${PLUGINS}.job.properties.DisableConcurrentBuildsJobProperty/>`;
  return [
    "<?xml version='1.1' encoding='UTF-8'?>",
    "<flow-definition><description>Made by a conformance run</description>",
    `<properties>${blocked}${parameters()}</properties>`,
    `<definition class="${PLUGINS}.cps.CpsFlowDefinition"><script>${escaped(script)}</script><sandbox>true</sandbox></definition>`,
    "<disabled>false</disabled></flow-definition>",
  ].join("\n");
}

/** A folder of the Folders plugin. */
export const FOLDER_XML =
  "<?xml version='1.1' encoding='UTF-8'?>\n<com.cloudbees.hudson.plugins.folder.Folder></com.cloudbees.hudson.plugins.folder.Folder>";
