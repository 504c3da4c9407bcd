/** What is spoken beside the distribution API. */
export type RegistryKind = "oci" | "harbor";

/** What a registry client needs to know; read from settings by its caller. */
export type RegistryConfig = {
  /** `http(s)://host[:port]`, without path. */
  url: string;
  /** For Basic, and for the token server where the registry wants Bearer. */
  credentials?: { username: string; password: string };
  /** Longest time for one small HTTP exchange, milliseconds. */
  timeoutMs: number;
  /** Longest silence while a blob is on its way, and longest time for a registry to store it, milliseconds. */
  patienceMs: number;
};
