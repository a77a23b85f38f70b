// Says what is wrong with the page, in words. first, wide, light, phone, narrow and dark
// are turns of one page; axe is there already in light, narrow and dark, which are left
// out of a page whose shape is known.
async (turn, width) => {
  const wrong = []
  const where = (e) => e.outerHTML.slice(0, 160)
  const rules = async (options) => {
    const found = await axe.run(document, { preload: false, selectors: false, resultTypes: ['violations', 'incomplete'], ...options })
    const same = (n) => n.any.some((c) => c.data && c.data.messageKey === 'equalRatio') // text of the colour behind it, which axe only suspects
    for (const v of found.violations.concat(found.incomplete)) {
      for (const n of v.nodes.filter((n) => found.violations.includes(v) || same(n))) wrong.push(`axe ${v.id}: ${v.help}: ${n.html.slice(0, 200)} ${n.any.concat(n.all, n.none).map((c) => c.message).join('; ')}`)
    }
  }
  const wide = () => {
    const got = document.documentElement.scrollWidth
    if (got <= width) return
    const by = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > width + 1).map(where)
    wrong.push(`it is ${got} wide at ${width}: ${by.slice(-2).join(' ')}`)
  }
  const shift = () => new Promise((done) => {
    const look = (e) => { if (e.value > 0) wrong.push(`its layout shifts by ${e.value}: ${e.sources.map((s) => s.node && s.node.outerHTML ? where(s.node) : '').join(' ')}`) }
    new PerformanceObserver((list) => list.getEntries().forEach(look)).observe({ type: 'layout-shift', buffered: true })
    const frames = (n) => requestAnimationFrame(() => (n > 0 ? frames(n - 1) : setTimeout(done)))
    frames(3)
  })
  const focus = () => {
    const able = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')]
      .filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility())
    document.activeElement.blur() // what has it by the mouse is not marked
    for (const e of able) {
      if (e.tabIndex > 0) wrong.push(`the order of focus is not that of the page: ${where(e)}`)
      e.focus({ preventScroll: true, focusVisible: true })
      const s = getComputedStyle(e)
      if (document.activeElement !== e) wrong.push(`focus does not reach ${where(e)}`)
      else if (s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 2) wrong.push(`focus cannot be seen on ${where(e)}`)
    }
    document.activeElement.blur()
  }
  if (turn === 'first') await shift()
  if (turn === 'wide' || turn === 'phone') wide()
  if (turn === 'light') {
    await rules({ rules: { 'target-size': { enabled: true } } })
    focus()
  }
  if (turn === 'dark') await rules({ runOnly: ['color-contrast'] })
  if (turn === 'narrow') await rules({ runOnly: ['target-size', 'scrollable-region-focusable'], rules: { 'target-size': { enabled: true } } })
  return wrong
}
