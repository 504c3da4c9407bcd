import type { JenkinsSettings } from "../../server.ts";

/** A request on its way through the proxy. */
export type Passing = { method: string; path: string };
/** What the proxy does to a request, as far as this suite asks for it. */
export type Breakage =
  /** Answered in the server's place; with `after` the server has done it all the same. */
  | { answer: { status: number; headers?: Record<string, string>; body?: string }; after?: boolean }
  /** The connection breaks before the server hears of it, or after it did what was asked. */
  | { lose: "request" | "answer" }
  /** The answer ends after so many bytes. */
  | { cut: number }
  /** Nothing comes back. */
  | { silent: true };

/** A proxy before the server that breaks what it is told to break. */
export interface BreakingProxy {
  url: string;
  /** Every request that came, and whether the server heard it. */
  requests: readonly (Passing & { forwarded: boolean })[];
  rule(next: ((request: Passing) => Breakage | null) | null): void;
  close(): Promise<void>;
}

/** What can be done to a server that is ours alone. */
export interface OwnServer {
  executors: number;
  /** Takes the server down and up again; `during` is told when it is down and when it is starting. */
  restart(
    during?: (phase: "down" | "starting") => Promise<void>,
    options?: { leftItemSeconds?: number },
  ): Promise<void>;
}

/** The server that the suite runs against, and what is known of it. */
export interface Target {
  settings: Pick<JenkinsSettings, "url" | "username" | "token">;
  /** Of the same user. */
  password: string | null;
  /** A user with read rights alone. */
  viewer: { username: string; token: string } | null;
  own: OwnServer | null;
  /** Parameters with which a build leaves a result file behind. */
  publishing: Record<string, string>;
  proxyTo(url: string): Promise<BreakingProxy>;
}

export type Need = "pipeline" | "folders" | "viewer" | "password" | "own";

/** Why a case cannot be asked of a server that lacks this. */
export const LACKING: Record<Need, string> = {
  pipeline: "the server has no Pipeline plugins",
  folders: "the server has no Folders plugin",
  viewer: "no user with read rights alone is known",
  password: "no password is known",
  own: "only a server of our own may be restarted, made quiet or filled up",
};
