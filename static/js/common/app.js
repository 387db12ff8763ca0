// Every page: GOV.UK Frontend and MoJ Frontend components, htmx, and the few habits of our own.
import { createAll, initAll as initGovuk } from 'govuk-frontend'
import { AddAnother, Alert, ButtonMenu, MultiSelect, SortableTable } from '@ministryofjustice/frontend'
import htmx from 'htmx.org'

import { collapseFilters } from './filters.js'
import { startReveals } from './reveals.js'
import { warnBeforeSignOut } from './session.js'
import { startTicks } from './ticks.js'

/** Starts the components within an element, or in the whole page. */
function start (scope) {
  initGovuk({ scope })
  startReveals(scope)
  startTicks(scope)
  // Only those that our pages have: the rich text editor and the date picker stay out of the bundle
  for (const Component of [AddAnother, Alert, ButtonMenu, MultiSelect, SortableTable]) createAll(Component, undefined, scope)
}

// htmx reads its settings from <meta name="htmx-config"> in base.html, before it does anything.
window.htmx = htmx

start(document)
collapseFilters()
warnBeforeSignOut()

// What htmx brings into the page needs the same start.
document.addEventListener('htmx:load', event => {
  if (event.detail.elt !== document.body) start(event.detail.elt)
})

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}
