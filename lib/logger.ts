import pino from "pino";

/** Structured log of this process. Secrets are redacted by name as a last resort; they should not be passed at all. */
export const logger = pino({
  level: process.env.LOG_LEVEL ?? "info",
  serializers: { error: pino.stdSerializers.err },
  redact: {
    paths: ["*.password", "*.token", "*.authorization", "*.credential", "*.kubeconfig", "headers.cookie"],
    censor: "(redacted)",
  },
});
