const NOTHING_NEW = [
  /^(?:\[?\w+\]?:? +)?script returned exit code \d+$/i,
  /^(?:\[?\w+\]?:? +)?BUILD FAIL(?:URE|ED)\b/i,
  /^make(?:\[\d+\])?: \*\*\* .* Error \d+$/,
  /^npm (?:ERR!|error) (?:code|errno|A complete log)\b/i,
  /^Stage ".*" skipped due to earlier failure\(s\)$/,
  /^Finished: [A-Z_]+$/,
];

/** Whether a plain line of a log is true of every failed build: what a tool or the build server says once it is over. */
export const saysNothingNew = (line: string): boolean => NOTHING_NEW.some((form) => form.test(line.trim()));
