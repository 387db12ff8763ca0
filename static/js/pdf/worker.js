// The parser of PDFs, in a worker of its own.
import 'pdfjs-dist/legacy/build/pdf.worker.mjs'
