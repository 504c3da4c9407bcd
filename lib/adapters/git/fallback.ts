import { AdapterError } from "#lib/errors.ts";
import type { CallOptions, SourceHost } from "../ports.ts";

/**
 * Asks an API first and Git where that cannot answer: it has no such question, refuses, is down, or was asked too
 * often. When Git fails too both are told. A page that an API has begun is its own to go on with.
 */
export function withFallback(api: SourceHost, git: SourceHost): SourceHost {
  async function ask<Answer>(
    question: (host: SourceHost) => Promise<Answer>,
    { signal }: CallOptions = {},
    cursor = "",
  ): Promise<Answer> {
    try {
      return await question(api);
    } catch (first) {
      if (!(first instanceof AdapterError) || cursor.startsWith("p") || signal?.aborted) throw first;
      try {
        return await question(git);
      } catch (second) {
        if (!(second instanceof AdapterError)) throw second;
        throw new AdapterError(second.failure, `${second.message}; ${first.message}`, {
          retryable: second.retryable || first.retryable,
          cause: second,
        });
      }
    }
  }
  return {
    refs: (input, options) => ask((host) => host.refs(input, options), options, input.cursor),
    commits: (input, options) => ask((host) => host.commits(input, options), options, input.cursor),
    resolve: (input, options) => ask((host) => host.resolve(input, options), options),
    commit: (input, options) => ask((host) => host.commit(input, options), options),
    between: (input, options) => ask((host) => host.between(input, options), options),
  };
}
