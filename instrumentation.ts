/** Runs once when a web process starts: a missing setting ends it with one clear message. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { checkEnvOrExit } = await import("#lib/env.ts");
  checkEnvOrExit();
  const { setSendsAtOnce } = await import("#lib/builds/sending-process.ts");
  setSendsAtOnce(true);
}
