"""The redaction engine: proposes, burns in, and tries to find leaks. Plain Python, no Django; usable by itself.

`boxed` has the verbs that read files, each in the sandbox: `read`, `burn_in`, `check`. `detect.spans` works on a text.
`python -m redaction.engine` is the command line. A format is one folder with the same furniture (`formats.Format`).
"""
