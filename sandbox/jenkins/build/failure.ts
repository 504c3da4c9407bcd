/** The build failed for a reason that the log tells; anything else thrown by a step is a bug of this server. */
export class BuildFailure extends Error {}

/** The build was stopped. */
export class BuildStopped extends Error {
  constructor() {
    super("Build was aborted");
  }
}
