"""One module a family of formats, each with `read(path, found)`: what a file says of itself. Plain Python, run in the
sandbox only; nothing here expands, plays or executes what it reads.
"""
