/** Over HTTP(S) a name with a password or token; over SSH a private key, with the lines of known_hosts that are believed. */
export type GitCredential = { host: string } & (
  | { username: string; password: string }
  | { privateKey: string; knownHosts: string }
);

/** What the Git client needs to know; read from settings by its caller. */
export type GitConfig = {
  /** Folder for the mirrors; made if missing, may be emptied at any time, may be shared by processes. */
  cacheDir: string;
  /** Used with these hosts (`host` or `host:port`) and with no other. */
  credentials?: readonly GitCredential[];
  /**
   * Looks at where a server is before git connects, `ssh://host` or `http(s)://host`: the addresses at which it may be
   * asked. Throws AdapterError where it may not. Left out: anywhere.
   */
  admit?: (server: string) => Promise<readonly string[]>;
  /** Also accept `file://` URLs. */
  allowFile?: boolean;
  /** Longest time for one question (refs, log), milliseconds. Default 30 s. */
  timeoutMs?: number;
  /** Longest time to bring a mirror up to date, milliseconds; its first time reads the whole history. Default 3 min. */
  fetchTimeoutMs?: number;
  /** How long a list of refs waits for the mirror to know their commits, milliseconds. Default 5 s. */
  headsWaitMs?: number;
};
