/** What stands between the markers of a handbook page, and what takes its place. */

const begin = (name: string): string => `<!-- begin ${name} -->`
const end = (name: string): string => `<!-- end ${name} -->`

/** @throws Error when the page has no such markers */
export function marked(page: string, name: string): string {
  const from = page.indexOf(begin(name))
  const to = page.indexOf(end(name))
  if (from < 0 || to < from) throw new Error(`the page has no markers "${begin(name)}" and "${end(name)}"`)
  return page.slice(from + begin(name).length, to).trim()
}

export function withMarked(page: string, name: string, text: string): string {
  marked(page, name)
  const [before, rest] = [page.slice(0, page.indexOf(begin(name))), page.slice(page.indexOf(end(name)) + end(name).length)]
  return `${before}${begin(name)}\n${text.trim()}\n${end(name)}${rest}`
}
