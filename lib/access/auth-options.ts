import type { NextAuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { z } from "zod";
import { env } from "#lib/env.ts";
import { signIn } from "./sign-in.ts";

declare module "next-auth" {
  interface Session {
    userId: string;
    sessionVersion: number;
  }
  interface User {
    sessionVersion: number;
  }
}
declare module "next-auth/jwt" {
  interface JWT {
    sessionVersion?: number;
  }
}

const credentialsSchema = z.object({
  username: z.string().min(1).max(100),
  password: z.string().min(1).max(1000),
});

/** The cookie carries who and which session version, never rights: those are read from the database on each request. */
export const authOptions: NextAuthOptions = {
  get secret() {
    return env.NEXTAUTH_SECRET;
  },
  session: { strategy: "jwt", maxAge: 12 * 3600 },
  pages: { signIn: "/login", error: "/login" },
  providers: [
    CredentialsProvider({
      name: "password",
      credentials: { username: {}, password: {} },
      async authorize(input, request) {
        const parsed = credentialsSchema.safeParse(input);
        if (!parsed.success) return null;
        const forwarded = request.headers?.["x-forwarded-for"];
        const address = typeof forwarded === "string" ? (forwarded.split(",")[0]?.trim() ?? "") : "";
        const outcome = await signIn({ ...parsed.data, address });
        // next-auth hands the message to the page as its error code.
        if (!outcome.ok) throw new Error(outcome.reason);
        return {
          id: outcome.user.id,
          name: outcome.user.displayName,
          sessionVersion: outcome.user.sessionVersion,
        };
      },
    }),
  ],
  callbacks: {
    jwt: ({ token, user }) =>
      user ? { sub: user.id, name: user.name, sessionVersion: user.sessionVersion } : token,
    session: ({ session, token }) => ({
      ...session,
      userId: token.sub ?? "",
      sessionVersion: token.sessionVersion ?? 0,
    }),
  },
};
