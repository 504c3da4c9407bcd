import { z } from "zod";
import { BUILD_PARAMETERS, SECRETS_PARAMETER, VARIABLES_PARAMETER } from "../default-job.ts";
import type { ParameterValue } from "../model.ts";
import { inheritedEnvironment } from "./environment.ts";
import { BuildFailure } from "./failure.ts";

const variables = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String));

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Reads build variables: a JSON object, or lines `KEY=VALUE` (empty lines and `#` lines are passed over).
 * @throws {BuildFailure} for anything else; the message has no value in it.
 */
function parseVariables(parameter: string, text: string): Map<string, string> {
  const found = new Map<string, string>();
  if (text.trim() === "") return found;
  if (text.trimStart().startsWith("{")) {
    for (const [name, value] of Object.entries(parseObject(parameter, text))) found.set(name, value);
  } else {
    for (const line of text.split(/\r?\n/)) {
      if (line.trim() === "" || line.startsWith("#")) continue;
      const split = line.indexOf("=");
      if (split < 1) throw new BuildFailure(`${parameter}: a line is not KEY=VALUE`);
      found.set(line.slice(0, split).trim(), line.slice(split + 1));
    }
  }
  for (const name of found.keys()) {
    if (!NAME.test(name))
      throw new BuildFailure(`${parameter}: ${JSON.stringify(name)} is not a variable name`);
  }
  return found;
}

function parseObject(parameter: string, text: string): Record<string, string> {
  try {
    return variables.parse(JSON.parse(text));
  } catch {
    // The cause would quote the text, and the text may hold secrets.
    throw new BuildFailure(`${parameter} is not a JSON object of plain values`);
  }
}

/** The values of a build's parameters by name. */
export function parameterMap(parameters: ParameterValue[]): Map<string, string> {
  return new Map(parameters.map((parameter) => [parameter.name, parameter.value]));
}

export interface BuildEnvironment {
  env: NodeJS.ProcessEnv;
  /** Values that the log must not show. */
  secrets: string[];
  /** Variables that were left out because their name is the job's own. */
  refused: string[];
}

/**
 * The environment of a build command: a few variables of the server, Jenkins' own (`jenkins`), the job's
 * parameters, and the component's variables, which cannot override any of these.
 * @throws {BuildFailure} where the variables cannot be read.
 */
export function buildEnvironment(
  parameters: ParameterValue[],
  jenkins: Record<string, string>,
): BuildEnvironment {
  const values = parameterMap(parameters);
  const env = inheritedEnvironment();
  Object.assign(env, jenkins);
  const carriers: string[] = [VARIABLES_PARAMETER, SECRETS_PARAMETER];
  for (const [name, value] of values) if (!carriers.includes(name)) env[name] = value;

  const reserved = new Set<string>([
    ...BUILD_PARAMETERS,
    ...carriers,
    ...Object.keys(jenkins),
    ...values.keys(),
  ]);
  const plain = parseVariables(VARIABLES_PARAMETER, values.get(VARIABLES_PARAMETER) ?? "");
  const secret = parseVariables(SECRETS_PARAMETER, values.get(SECRETS_PARAMETER) ?? "");
  const refused: string[] = [];
  for (const [name, value] of [...plain, ...secret]) {
    if (reserved.has(name)) refused.push(name);
    else env[name] = value;
  }
  return { env, secrets: [...secret.values()], refused };
}
