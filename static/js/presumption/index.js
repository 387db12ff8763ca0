// Presumption material: p confirms what is proposed first, x declines it.
const KEYS = { p: '[data-confirm]', x: '[data-decline]' }

function typing (target) {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !['radio', 'checkbox', 'button', 'submit'].includes(target.type))
}

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || typing(event.target) || !(event.key in KEYS)) return
  document.querySelector(KEYS[event.key])?.click()
})
