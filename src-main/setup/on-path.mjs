// Finds a program the way a shell would.
import fs from 'node:fs'
import path from 'node:path'

/**
 * @param {string} program without folder and without .exe
 * @param {string} [searchPath]
 * @returns {string | null} its file
 */
export function findOnPath(program, searchPath = process.env['PATH'] ?? '') {
  const name = process.platform === 'win32' ? `${program}.exe` : program
  for (const folder of searchPath.split(path.delimiter).filter((entry) => path.isAbsolute(entry))) {
    const file = path.join(folder, name)
    if (isProgram(file)) return file
  }
  return null
}

/** @param {string} file */
function isProgram(file) {
  if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return false
  try {
    fs.accessSync(file, fs.constants.X_OK)
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EACCES') return false
    throw error
  }
}
