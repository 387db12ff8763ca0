"""Send files to a digital evidence store from a shell. The standard library alone; nothing is kept on this machine: what
has arrived, the server knows.
"""

__version__ = "1.0.0"
