import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Permission } from "./pages.ts";

export interface Account {
  name: string;
  token: string;
  password: string;
  /** False: may read only. */
  mayChange: boolean;
}

/** Who asks, and how that was proved; `null` account means no credentials were sent. */
export interface Identity {
  account: Account | null;
  proof: "none" | "password" | "token";
}

const IMPLIED =
  "hudson.security.Permission.GenericUpdate, hudson.security.Permission.GenericWrite, hudson.model.Hudson.Administer";

function itemPermission(name: string): Permission {
  return { id: `hudson.model.Item.${name}`, title: `Job/${name}`, impliedBy: IMPLIED };
}

export const PERMISSIONS = {
  build: itemPermission("Build"),
  cancel: itemPermission("Cancel"),
  configure: itemPermission("Configure"),
  create: itemPermission("Create"),
  delete: itemPermission("Delete"),
  extendedRead: itemPermission("ExtendedRead"),
  deleteRun: { id: "hudson.model.Run.Delete", title: "Run/Delete", impliedBy: IMPLIED },
  administer: { id: "hudson.model.Hudson.Administer", title: "Overall/Administer", impliedBy: null },
} as const satisfies Record<string, Permission>;

function same(given: string, expected: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}

/** The users of the server, their sessions, and the crumbs that belong to those sessions. */
export class Accounts {
  readonly #accounts: Account[];
  readonly #sessions = new Set<string>();
  readonly #salt = randomBytes(16).toString("hex");
  readonly #cookieName = `JSESSIONID.${randomBytes(4).toString("hex")}`;

  constructor(accounts: Account[]) {
    this.#accounts = accounts;
  }

  /** Reads the credentials of a request; null where they are wrong. Only Basic is spoken. */
  identify(request: IncomingMessage): Identity | null {
    const header = /^Basic\s+(.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (header === undefined) return { account: null, proof: "none" };
    const [name = "", ...rest] = Buffer.from(header, "base64").toString("utf8").split(":");
    const secret = rest.join(":");
    const account = this.#accounts.find((candidate) => candidate.name === name);
    if (account && same(secret, account.token)) return { account, proof: "token" };
    if (account && same(secret, account.password)) return { account, proof: "password" };
    return null;
  }

  #session(request: IncomingMessage): string | null {
    for (const cookie of (request.headers.cookie ?? "").split(/;\s*/)) {
      const [name, value] = cookie.split("=", 2);
      if (name === this.#cookieName && value !== undefined && this.#sessions.has(value)) return value;
    }
    return null;
  }

  #crumb(user: string, session: string): string {
    return createHash("sha256").update(`${user};${session};${this.#salt}`).digest("hex");
  }

  /** Gives out a crumb; `setCookie` is null where the request already brought its session. */
  issueCrumb(request: IncomingMessage, user: string): { crumb: string; setCookie: string | null } {
    const known = this.#session(request);
    if (known !== null) return { crumb: this.#crumb(user, known), setCookie: null };
    const session = `node0${randomBytes(14).toString("hex")}.node0`;
    this.#sessions.add(session);
    return {
      crumb: this.#crumb(user, session),
      setCookie: `${this.#cookieName}=${session}; Path=/; HttpOnly`,
    };
  }

  /** Whether the request carries the crumb of its own session; an API token needs none. */
  crumbAccepted(request: IncomingMessage, identity: Identity, formCrumb: string | null): boolean {
    if (identity.proof === "token") return true;
    const session = this.#session(request);
    const header = request.headers["jenkins-crumb"];
    const given = typeof header === "string" ? header : formCrumb;
    if (session === null || given === null) return false;
    return same(given, this.#crumb(identity.account?.name ?? "anonymous", session));
  }
}
