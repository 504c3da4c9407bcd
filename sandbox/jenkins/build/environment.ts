/** Of the server's own environment a build sees these alone; the rest may hold other people's secrets. */
const INHERITED =
  /^(PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|npm_config_\w+|https?_proxy|no_proxy|SSL_CERT_FILE|NODE_EXTRA_CA_CERTS)$/i;

/** What a command of a build inherits from this server. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of Object.keys(env)) if (!INHERITED.test(name)) delete env[name];
  return env;
}
