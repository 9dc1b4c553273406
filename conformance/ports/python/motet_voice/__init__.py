"""Motet, version 1, in Python: written from ``spec/``, ``proto/`` and ``vectors/`` alone, standard library only.

The modules and their layers are in ``README.md`` beside this package.
"""

NAME = "motet-voice"
VERSION = "0.1.0"
