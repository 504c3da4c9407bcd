import { BuildFailure } from "./failure.ts";

export interface Copy {
  /** Paths in the build context; may hold `*` and `?`. */
  sources: string[];
  /** Absolute path in the image; ends with a slash where it is meant as a directory. */
  target: string;
}

/** What a Dockerfile asks for. `from` is null for `FROM scratch`; null commands are the base image's. */
export interface ImageRecipe {
  from: string | null;
  copies: Copy[];
  env: Map<string, string>;
  workdir: string | null;
  user: string | null;
  exposed: string[];
  labels: Map<string, string>;
  cmd: string[] | null;
  entrypoint: string[] | null;
}

export function emptyRecipe(from: string | null): ImageRecipe {
  return {
    from,
    copies: [],
    env: new Map(),
    workdir: null,
    user: null,
    exposed: [],
    labels: new Map(),
    cmd: null,
    entrypoint: null,
  };
}

interface Instruction {
  line: number;
  name: string;
  rest: string;
}

function instructions(text: string): Instruction[] {
  const found: Instruction[] = [];
  let pending: Instruction | null = null;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (/^\s*#/.test(raw) || (raw.trim() === "" && pending === null)) continue;
    const continued = /\\\s*$/.test(raw);
    const part = raw.replace(/\\\s*$/, "").trim();
    if (pending) pending.rest = `${pending.rest} ${part}`.trim();
    else {
      const [name = "", ...rest] = part.split(/\s+/);
      pending = { line: index + 1, name: name.toUpperCase(), rest: part.slice(name.length).trim() };
      if (rest.length === 0) pending.rest = "";
    }
    if (!continued) {
      found.push(pending);
      pending = null;
    }
  }
  if (pending) found.push(pending);
  return found;
}

/** Splits at spaces outside of quotes and takes the quotes away. */
function words(text: string): string[] {
  const found = text.match(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? [];
  return found.map((word) =>
    word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g, (_, double, single, escaped) =>
      double === undefined ? (single ?? escaped) : double.replace(/\\(.)/g, "$1"),
    ),
  );
}

/** Replaces `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}`. */
function substitute(text: string, values: Map<string, string>): string {
  return text.replace(
    /\\\$|\$\{(\w+)(?::([-+])([^}]*))?\}|\$(\w+)/g,
    (whole, braced?: string, operator?: string, operand?: string, bare?: string) => {
      if (whole === "\\$") return "$";
      const value = values.get(braced ?? bare ?? "") ?? "";
      if (operator === "-" && value === "") return operand ?? "";
      if (operator === "+") return value === "" ? "" : (operand ?? "");
      return value;
    },
  );
}

function absolute(path: string, workdir: string | null): string {
  return path.startsWith("/")
    ? path
    : `${workdir === null || workdir === "/" ? "" : workdir}/${path.replace(/^\.\//, "")}`;
}

/** `["a","b"]` is taken as it is; anything else is a line for the shell. */
function commandLine(instruction: Instruction): string[] {
  if (instruction.rest.startsWith("[")) return jsonWords(instruction);
  return ["/bin/sh", "-c", instruction.rest];
}

function jsonWords(instruction: Instruction): string[] {
  try {
    const parsed: unknown = JSON.parse(instruction.rest);
    if (Array.isArray(parsed) && parsed.every((word) => typeof word === "string")) return parsed;
  } catch {
    // Said below.
  }
  throw new BuildFailure(
    `Dockerfile line ${instruction.line}: ${instruction.name} is not a JSON list of texts`,
  );
}

function pairs(instruction: Instruction, rest: string): [string, string][] {
  const parts = words(rest);
  const first = parts[0] ?? "";
  // `ENV NAME value with spaces` is the old form.
  if (!first.includes("=")) return [[first, rest.slice(first.length).trim()]];
  return parts.map((part) => {
    const split = part.indexOf("=");
    if (split < 1) throw new BuildFailure(`Dockerfile line ${instruction.line}: ${part} is not NAME=value`);
    return [part.slice(0, split), part.slice(split + 1)];
  });
}

function copyOf(instruction: Instruction, rest: string, workdir: string | null): Copy {
  const parts = rest.startsWith("[") ? jsonWords({ ...instruction, rest }) : words(rest);
  const flags = parts.filter((part) => part.startsWith("--"));
  if (flags.some((flag) => flag.startsWith("--from"))) {
    throw new BuildFailure(`Dockerfile line ${instruction.line}: COPY --from needs a container runtime`);
  }
  const paths = parts.filter((part) => !part.startsWith("--"));
  const target = paths.pop();
  if (target === undefined || paths.length === 0) {
    throw new BuildFailure(`Dockerfile line ${instruction.line}: COPY needs a source and a destination`);
  }
  // "." names the working directory itself, so it is a directory too.
  const directory = target.endsWith("/") || /(^|\/)\.$/.test(target) || paths.length > 1;
  const path = absolute(target.replace(/(^|\/)\.$/, "$1"), workdir);
  return { sources: paths, target: directory && !path.endsWith("/") ? `${path}/` : path };
}

/**
 * Reads a Dockerfile of one stage made of FROM, ARG, WORKDIR, COPY, ENV, EXPOSE, LABEL, USER, CMD and ENTRYPOINT.
 * @param args build arguments; an ARG takes its value from here before its own default.
 * @throws {BuildFailure} for any other instruction: leaving out a RUN would make an image nobody asked for.
 */
export function parseDockerfile(text: string, args: Map<string, string>): ImageRecipe {
  let recipe: ImageRecipe | null = null;
  const scope = new Map<string, string>();
  for (const instruction of instructions(text)) {
    const { name, line } = instruction;
    const rest = substitute(instruction.rest, scope);
    if (name === "ARG") {
      const [key, fallback] = pairs(instruction, rest)[0] ?? ["", ""];
      const value = args.get(key) || fallback || scope.get(key);
      if (value !== undefined) scope.set(key, value);
      continue;
    }
    if (name === "FROM") {
      if (recipe) throw new BuildFailure(`Dockerfile line ${line}: a second stage needs a container runtime`);
      const image = words(rest).find((word) => !word.startsWith("--"));
      if (!image) throw new BuildFailure(`Dockerfile line ${line}: FROM names no image`);
      recipe = emptyRecipe(image === "scratch" ? null : image);
      continue;
    }
    if (!recipe) throw new BuildFailure(`Dockerfile line ${line}: ${name} stands before FROM`);
    if (name === "WORKDIR")
      recipe.workdir = absolute(words(rest)[0] ?? "/", recipe.workdir).replace(/(.)\/$/, "$1");
    else if (name === "COPY") recipe.copies.push(copyOf(instruction, rest, recipe.workdir));
    else if (name === "ENV") {
      for (const [key, value] of pairs(instruction, rest)) {
        recipe.env.set(key, value);
        scope.set(key, value);
      }
    } else if (name === "LABEL")
      for (const [key, value] of pairs(instruction, rest)) recipe.labels.set(key, value);
    else if (name === "EXPOSE")
      recipe.exposed.push(...words(rest).map((port) => (port.includes("/") ? port : `${port}/tcp`)));
    else if (name === "USER") recipe.user = rest;
    // Commands are expanded by the container's own shell, not here.
    else if (name === "CMD") recipe.cmd = commandLine(instruction);
    else if (name === "ENTRYPOINT") recipe.entrypoint = commandLine(instruction);
    else
      throw new BuildFailure(`Dockerfile line ${line}: ${name} needs a container runtime; use BUILD_COMMAND`);
  }
  if (!recipe) throw new BuildFailure("The Dockerfile has no FROM");
  return recipe;
}
