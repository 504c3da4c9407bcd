import type { BuildServer } from "../../ports.ts";
import { type Exchange, type Replay, readRecording, startReplay } from "../../testing/replay.ts";
import { createJenkins, type JenkinsSettings } from "../server.ts";

/** The recorded exchange of a file, or the labelled steps of a series. */
export const recorded = (file: string, ...labels: string[]): Promise<Exchange[]> =>
  readRecording(new URL(`../fixtures/${file}.json`, import.meta.url), ...labels);

/** An exchange that was not recorded. */
export const answer = (
  method: string,
  path: string,
  status: number,
  body: unknown = "",
  headers = {},
): Exchange => ({
  request: { method, path },
  response: { status, headers: { "content-type": "application/json", ...headers }, body },
});

/** Servers that answer recorded exchanges, and the adapter in front of them; `close` ends them all. */
export function replays() {
  let open: Replay[] = [];
  return {
    async jenkins(
      exchanges: Exchange[],
      own: Partial<JenkinsSettings> = {},
    ): Promise<{ server: BuildServer; requests: Replay["requests"]; close: () => Promise<void> }> {
      const replay = await startReplay(exchanges);
      open.push(replay);
      const settings = { username: "admin", token: "secret", jobName: "refract-build", timeoutMs: 5_000 };
      const server = createJenkins({ url: `${replay.url}/`, ...settings, ...own });
      const close = async () => {
        open = open.filter((one) => one !== replay);
        await replay.close();
      };
      return { server, requests: replay.requests, close };
    },
    async close(): Promise<void> {
      for (const replay of open) await replay.close();
      open = [];
    },
  };
}
