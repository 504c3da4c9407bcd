/** What the portal talks to; each has its texts under this name in `settings`. */
export type ServerNoun = "cluster" | "buildServer" | "sourceHost" | "registry";
