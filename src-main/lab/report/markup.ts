/**
 * HTML and SVG text that can't be broken by what people write: whatever is put into a template is escaped, unless it is
 * markup itself.
 */

export class Markup {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text
  }
}

type Part = string | number | Markup | readonly Markup[] | null

/** `<td>${anything}</td>`; null is nothing, lists are joined. Put every attribute's value in double quotes. */
export function markup(literals: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const texts = parts.map((part, i) => written(part) + (literals[i + 1] ?? ''))
  return new Markup((literals[0] ?? '') + texts.join(''))
}

function written(part: Part): string {
  if (part === null) return ''
  if (part instanceof Markup) return part.text
  if (typeof part === 'object') return part.map(({ text }) => text).join('\n')
  return escapeText(String(part))
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char)
}
