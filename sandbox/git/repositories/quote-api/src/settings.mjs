/** Everything that an environment may change. */
export const settings = {
  host: process.env.HOST || "0.0.0.0",
  port: Number(process.env.PORT || 8080),
  environment: process.env.APP_ENV || "local",
  logLevel: process.env.LOG_LEVEL || "info",
  /** Seconds for which a client may keep a quote. */
  cacheSeconds: Number(process.env.QUOTE_CACHE_SECONDS || 3),
  shutdownMs: 5000,
};
