// Fills in the form that leads to an address ending in these letters, and returns
// where its button is. Of several it takes the one that has the fields.
(ending, fields) => {
  const forms = [...document.forms].filter((f) => new URL(f.action).pathname.endsWith(ending))
  const takes = (e, value) => e.type === 'hidden' || e.tagName === 'BUTTON' ? e.value === value : e.tagName !== 'SELECT' || [...e.options].some((o) => o.value === value)
  const fits = (f) => Object.keys(fields).every((name) => [...f.elements].some((e) => e.name === name && takes(e, fields[name])))
  const form = forms.find(fits)
  if (!form) return { there: [...document.forms].map((f) => `${f.action}: ${[...f.elements].map((e) => e.name).join(' ')}`) }
  let button = form.querySelector('button')
  if (!button) return { there: ['a form without a button'] }
  for (const e of form.elements) {
    if (!(e.name in fields)) continue
    if (e.tagName === 'BUTTON') { if (e.value === fields[e.name]) button = e } else if (e.type === 'checkbox' || e.type === 'radio') e.checked = e.value === fields[e.name]
    else e.value = fields[e.name]
  }
  form.noValidate = true // it is the server's answer that tests are about
  form.closest('details')?.setAttribute('open', '')
  button.scrollIntoView({ block: 'center' })
  const r = button.getBoundingClientRect()
  return { x: r.left + r.width / 2, y: r.top + r.height / 2, tag: 'button' }
}
