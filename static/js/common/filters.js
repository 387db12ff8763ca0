// The filter panel is open where there is room beside the list, and closed on a phone, where it would hide the list.
const narrow = window.matchMedia('(max-width: 40.0525em)')

/** Closes filter panels on a narrow screen, unless a filter is in use. */
export function collapseFilters () {
  if (!narrow.matches) return
  for (const panel of document.querySelectorAll('details.app-filter')) {
    if (panel.dataset.inUse !== 'true') panel.open = false
  }
}
