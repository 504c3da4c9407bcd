import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const development = process.env.NODE_ENV === "development";

/*
 * Nothing is loaded from elsewhere, nothing may frame the portal, nothing may be sent elsewhere. Next writes inline
 * scripts (the page's data, and the theme is set before the first paint), so `script-src` needs 'unsafe-inline' as long
 * as no proxy gives each request a nonce; all text of users goes through React, never through HTML.
 */
const policy = [
  "default-src 'self'",
  `script-src 'self' 'unsafe-inline'${development ? " 'unsafe-eval'" : ""}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  `connect-src 'self'${development ? " ws:" : ""}`,
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const config: NextConfig = {
  output: "standalone",
  poweredByHeader: false,
  reactStrictMode: true,
  images: { unoptimized: true },
  // Types are a check of their own (npm test), over everything and not only what is built here; a build in front of a
  // demo must not fail for a test's types.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: [
    "@kubernetes/client-node",
    "@prisma/client",
    "@prisma/adapter-pg",
    "pg",
    "pg-boss",
    "pino",
    "minijinja-js",
    "prom-client",
  ],
  // Templates are rendered in a worker whose code is a text: what it loads is not seen in any import. The build job is
  // read as text.
  outputFileTracingIncludes: {
    "/**": ["./node_modules/minijinja-js/**/*"],
    "/api/v1/build-servers/*/job": ["./deploy/jenkins/*"],
  },
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "Content-Security-Policy", value: policy },
        { key: "X-Content-Type-Options", value: "nosniff" },
        { key: "X-Frame-Options", value: "DENY" },
        { key: "Referrer-Policy", value: "same-origin" },
        { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
        { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=()" },
      ],
    },
  ],
};

export default createNextIntlPlugin("./lib/i18n/request.ts")(config);
