// Messages of the set-up. They go to stderr: stdout belongs to what the user asked for.

/** @param {string} line */
export const say = (line) => void process.stderr.write(`faultline: ${line}\n`)

/** @param {number} sinceMs a Date.now() @returns {string} such as "2.4 s" */
export const lasted = (sinceMs) => `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`
