// The shape of the page: what rules of accessibility and of contrast look at, without
// what it says, where it leads and how often a row is repeated. Pages of one shape pass
// or fail together.
() => {
  const doc = document.documentElement
  const said = (s) => (s || '').trim() !== '' ? 'x' : ''
  const kept = new Set(['class', 'style', 'role', 'type', 'scope', 'tabindex', 'autocomplete', 'rel', 'fill', 'http-equiv', 'media',
    'open', 'checked', 'disabled', 'readonly', 'required', 'multiple', 'hidden', 'colspan', 'rowspan', 'headers'])
  const referring = new Set(['for', 'aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-owns', 'aria-activedescendant', 'aria-errormessage'])
  const worded = new Set(['aria-label', 'aria-description', 'alt', 'title', 'placeholder', 'value', 'label', 'name', 'id', 'src'])
  const points = (list) => list.split(/\s+/).map((id) => document.getElementById(id) ? 'there' : 'nowhere').join(' ')
  const attribute = (e, { name, value }) => {
    if (e.namespaceURI !== doc.namespaceURI && name !== 'class' && name !== 'role' && name !== 'fill' && !name.startsWith('aria-')) return ''
    if (referring.has(name)) return name + '=' + points(value)
    if (worded.has(name)) return name + '=' + said(value)
    if (name === 'href' && e.localName === 'link') return name + '=' + value
    if (name === 'href') return name + '=' + (value.startsWith('#') ? points(value.slice(1)) : said(value))
    if (name === 'lang') return e === doc ? '' : name + '=' + (value === doc.lang ? 'same' : ['en', 'zh-CN'].includes(value) ? 'other' : value)
    if (name === 'content' && e.name === 'viewport') return name + '=' + value
    if (kept.has(name) || name.startsWith('aria-')) return name + '=' + value
    return ''
  }
  const shape = (e) => {
    const inner = new Set() // each once, in the order in which they first come
    for (const n of e.childNodes) {
      if (n.nodeType === 3 && said(n.data)) inner.add(e.localName === 'style' ? n.data : 't')
      else if (n.nodeType === 1) inner.add(shape(n))
    }
    const parts = e.localName === 'nav' ? [...inner].sort() : [...inner] // which of its links is the page itself
    const attributes = [...e.attributes].map((a) => attribute(e, a)).filter(Boolean).sort()
    return `<${e.localName} ${attributes.join(' ')}>${parts.join('')}</>`
  }
  // What the order of rows and the words themselves can break.
  const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((h) => h.localName)
  const steps = new Set(levels.map((l, i) => `${levels[i - 1] || ''}>${l}`))
  const label = (e) => e.getAttribute('aria-label') || (document.getElementById(e.getAttribute('aria-labelledby')) || { textContent: '' }).textContent.trim()
  const marks = [...document.querySelectorAll('nav, aside, header, footer, main, form, section, [role]')].map((e) => `${e.localName} ${e.getAttribute('role')} ${label(e)}`)
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id)
  const scrolls = [...document.body.querySelectorAll('*')].filter((e) => {
    if (e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight) return false
    const s = getComputedStyle(e)
    return /auto|scroll/.test(s.overflowX + s.overflowY)
  }).map((e) => `${e.localName}.${e.className}`)
  const same = (list) => list.length - new Set(list).size > 0
  const sectionNames = marks.filter((m) => !m.endsWith(' '))
  const text = [shape(doc), [...steps].sort().join(), same(sectionNames), same(ids), [...new Set(scrolls)].sort().join()].join('\n')
  let a = 0xdeadbeef, b = 0x41c6ce57 // cyrb53, a hash of 53 bits
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    a = Math.imul(a ^ c, 2654435761)
    b = Math.imul(b ^ c, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return ((b >>> 0).toString(16) + (a >>> 0).toString(16))
}
