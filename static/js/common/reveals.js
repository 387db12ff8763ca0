// Radios that reveal a further question. GOV.UK Frontend's own script puts aria-expanded on the radio, which ARIA does
// not allow there; ours shows and hides the same elements without it.

function sync (group) {
  for (const radio of group.querySelectorAll('input[type="radio"][data-reveals]')) {
    document.getElementById(radio.dataset.reveals)?.classList.toggle('govuk-radios__conditional--hidden', !radio.checked)
  }
}

/** Keeps what each radio reveals in step with it, within an element or the whole page. */
export function startReveals (scope) {
  for (const group of scope.querySelectorAll('.govuk-radios')) {
    if (!group.querySelector('[data-reveals]')) continue
    sync(group)
    group.addEventListener('change', () => sync(group))
  }
}

// Going back shows the answers again, but not the elements that depend on them
window.addEventListener('pageshow', () => document.querySelectorAll('.govuk-radios').forEach(sync))
