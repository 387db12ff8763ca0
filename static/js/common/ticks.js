// A long list of boxes gets a button that ticks all of them; once all are ticked, none.

/** Shows the button of each list within an element, or in the whole page: `data-ticks` is the name of the boxes in its form. */
export function startTicks (scope) {
  for (const button of scope.querySelectorAll('button[data-ticks]')) {
    const boxes = [...button.form.querySelectorAll(`input[type="checkbox"][name="${button.dataset.ticks}"]`)]
    const all = () => boxes.every(box => box.checked)
    const show = () => { button.textContent = all() ? 'Tick none' : `Tick all ${boxes.length}` }
    button.hidden = boxes.length < 2
    button.addEventListener('click', () => {
      const wanted = !all()
      for (const box of boxes) box.checked = wanted
      show()
    })
    button.form.addEventListener('change', show)
    show()
  }
}
