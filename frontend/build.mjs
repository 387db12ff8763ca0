// Builds what the browser gets: one style sheet, the scripts, the icons → static/build/.
//
//   frontend/sass/app.scss           → static/build/app.css
//   static/js/common/app.js          → static/build/js/app.js          every page: GOV.UK, MoJ and htmx
//   static/js/common/enabled.js      → static/build/js/enabled.js      every page, first thing in <body>
//   static/js/<name>/index.js        → static/build/js/<name>.js       a page's own ES module
//   pdfjs-dist                       → static/build/pdf/               what PDFs need to be drawn
//   static/js/<name>/worker.js       → static/build/js/<name>-worker.js  its Web Worker
//
// Style sheets name their images relative to themselves, so that Django's hashed file names work.
import { cp, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import * as esbuild from 'esbuild'
import * as sass from 'sass'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const modules = path.join(root, 'node_modules')
const target = path.join(root, 'static/build')
// Built beside the target and moved over it: a server that runs meanwhile never sees half a build.
const fresh = path.join(root, 'static/.build-new')

// Only what the style sheet names. The crests, crowns and touch icons of both packages stay out.
const icons = /^icon-.*\.svg$/

async function isFile (file) {
  return stat(file).then(found => found.isFile(), () => false)
}

async function styles () {
  const compiled = sass.compile(path.join(root, 'frontend/sass/app.scss'), {
    loadPaths: [root, path.join(root, 'frontend/sass')],
    style: 'compressed',
    // MoJ Frontend 11 still uses Sass features that will go; nothing here can change that.
    quietDeps: true,
    logger: sass.Logger.silent
  })
  // The only rules of GOV.UK Frontend that draw a crest: its copyright logo, which no page of ours has
  const css = compiled.css.replace(/\.govuk-footer__copyright-logo[^{}]*\{[^{}]*\}/g, '')
  if (/url\([^)]*(crown|crest)|GDS Transport|@font-face/i.test(css)) {
    throw new Error('The style sheet brings in a crown, a crest or GDS Transport')
  }
  await writeFile(path.join(fresh, 'app.css'), css)
}

async function images () {
  const from = path.join(modules, '@ministryofjustice/frontend/moj/assets/images')
  await mkdir(path.join(fresh, 'images'))
  for (const name of await readdir(from)) {
    if (icons.test(name)) await cp(path.join(from, name), path.join(fresh, 'images', name))
  }
}

// What PDFs ask for while they are drawn: fonts that they don't bring, character maps, decoders
async function pdfAssets () {
  const from = path.join(modules, 'pdfjs-dist')
  for (const name of ['cmaps', 'standard_fonts', 'wasm', 'iccs']) {
    await cp(path.join(from, name), path.join(fresh, 'pdf', name), { recursive: true })
  }
}

async function entries () {
  const found = [{ in: path.join(root, 'static/js/common/app.js'), out: 'app' }]
  const folder = path.join(root, 'static/js')
  for (const item of await readdir(folder, { withFileTypes: true })) {
    if (!item.isDirectory() || item.name === 'common') continue
    for (const [file, out] of [['index.js', item.name], ['worker.js', `${item.name}-worker`]]) {
      const source = path.join(folder, item.name, file)
      if (await isFile(source)) found.push({ in: source, out })
    }
  }
  return found
}

async function scripts () {
  const common = { bundle: true, minify: true, target: 'es2022', outdir: path.join(fresh, 'js'), legalComments: 'eof', logLevel: 'warning' }
  await esbuild.build({ ...common, entryPoints: await entries(), format: 'esm', nodePaths: [modules] })
  await esbuild.build({
    ...common,
    entryPoints: [{ in: path.join(root, 'static/js/common/enabled.js'), out: 'enabled' }],
    format: 'iife'
  })
}

const start = performance.now()
await rm(fresh, { recursive: true, force: true })
await mkdir(fresh, { recursive: true })
await Promise.all([styles(), images(), scripts(), pdfAssets()])
await rm(target, { recursive: true, force: true })
await rename(fresh, target)
console.log(`static/build is ready (${Math.round(performance.now() - start)} ms)`)
