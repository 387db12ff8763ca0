// Sizes and times in plain words.

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB']

/** 1536 → "1.5 KB": in steps of 1,024, as the pages say it too. */
export function size (bytes) {
  let unit = 0
  while (bytes >= 1024 && unit < UNITS.length - 1) {
    bytes /= 1024
    unit++
  }
  return `${unit && bytes < 100 ? bytes.toFixed(1) : Math.round(bytes)} ${UNITS[unit]}`
}

/** Seconds → "about 5 minutes left". */
export function left (seconds) {
  if (!Number.isFinite(seconds)) return ''
  if (seconds < 60) return 'less than a minute left'
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `about ${minutes} minute${minutes === 1 ? '' : 's'} left`
  return `about ${Math.round(minutes / 60)} hours left`
}
