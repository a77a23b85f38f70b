// Finds what a person would use: a field by its label, a button or link by its
// words or its accessible name. Returns where to click, or what is there instead.
(kind, name) => {
  const clean = (s) => (s || '').replace(/\s+/g, ' ').trim()
  const seen = (e) => e.checkVisibility() && e.getClientRects().length > 0
  const kinds = { button: 'button, summary', link: 'a[href]', field: 'input, select, textarea' }
  const names = (e) => kind === 'field'
    ? [...(e.labels || [])].map((l) => clean(l.textContent)).concat(clean(e.getAttribute('aria-label')))
    : [clean(e.getAttribute('aria-label')), clean(e.textContent)]
  const all = [...document.querySelectorAll(kinds[kind])].filter(seen)
  const fits = all.filter((e) => names(e).includes(name))
  const found = fits.find((e) => e.closest('main')) || fits[0] // a page's own, before its frame's
  if (!found) return { there: all.flatMap(names).filter(Boolean) }
  found.scrollIntoView({ block: 'center', inline: 'nearest' })
  const r = found.getClientRects()[0]
  const x = r.left + r.width / 2
  const y = r.top + r.height / 2
  const top = document.elementFromPoint(x, y)
  const covered = top && !(found.contains(top) || top.contains(found))
  document.querySelectorAll('[data-hand]').forEach((e) => e.removeAttribute('data-hand'))
  found.setAttribute('data-hand', '')
  return { x, y, covered, tag: found.tagName.toLowerCase(), options: [...(found.options || [])].map((o) => clean(o.textContent)) }
}
