import { z } from "zod";
import { AppError } from "#lib/errors.ts";

const MAX_BODY = 2 * 1024 * 1024;

/**
 * The body's text, which is JSON by its own word.
 * @throws AppError INVALID_INPUT as `readText` does, and for a body of another media type
 */
export async function readBody(request: Request): Promise<string> {
  const text = await readText(request);
  const type = request.headers.get("content-type") ?? "";
  if (text !== "" && !/^application\/(json|[\w.-]+\+json)\s*(;|$)/i.test(type)) {
    throw new AppError("INVALID_INPUT", "the body must be sent as application/json");
  }
  return text;
}

/**
 * The body's text, read to at most 2 MiB: what comes after is not waited for, whatever length was announced.
 * @throws AppError INVALID_INPUT when it is larger (with the fact `maxBytes`), or no UTF-8
 */
export async function readText(request: Request): Promise<string> {
  const tooLarge = new AppError("INVALID_INPUT", "the body is larger than 2 MiB", {
    facts: { maxBytes: MAX_BODY },
  });
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY) throw tooLarge;
  const reader = request.body?.getReader();
  if (!reader) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > MAX_BODY) {
      await reader.cancel();
      throw tooLarge;
    }
    chunks.push(value);
  }
  if (size === 0) return "";
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new AppError("INVALID_INPUT", "the body is not UTF-8");
  }
}

/**
 * Whether every text in a parsed value is one that PostgreSQL can keep: no NUL, no half of a surrogate pair. Walks with
 * a list instead of recursion, because the depth is the caller's choice.
 */
export function isText(value: unknown): boolean {
  const open: unknown[] = [value];
  for (let at = open.pop(); at !== undefined || open.length > 0; at = open.pop()) {
    if (typeof at === "string") {
      if (at.includes("\0") || !at.isWellFormed()) return false;
    } else if (typeof at === "object" && at !== null) {
      for (const [key, entry] of Object.entries(at)) open.push(key, entry);
    }
  }
  return true;
}

/** A part of a call as its schema says. @param where names the part @throws AppError INVALID_INPUT */
export function parseInput<S extends z.ZodType>(
  schema: S | undefined,
  value: unknown,
  where: string,
): z.output<S> {
  if (!isText(value)) throw new AppError("INVALID_INPUT", `the ${where} holds characters that are no text`);
  const parsed = (schema ?? z.unknown()).safeParse(value);
  if (parsed.success) return parsed.data as z.output<S>;
  throw new AppError("INVALID_INPUT", `the ${where} is not as the API document says`, {
    facts: {
      issues: parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })),
    },
  });
}

/** The value of a JSON text; an empty one is an empty object. @throws AppError INVALID_INPUT */
export function parseJson(text: string): unknown {
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    throw new AppError("INVALID_INPUT", "the body is not JSON");
  }
}
