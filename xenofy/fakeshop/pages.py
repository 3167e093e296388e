"""The look of the double's own pages: plain HTML without scripts."""

from __future__ import annotations

from html import escape

from xenofy.fakeshop.http import Answer

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
form { display: inline-flex; flex-wrap: wrap; gap: .5rem; margin: .25rem .75rem .25rem 0; }
button, input, select { font: inherit; padding: .3rem .7rem; }
table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8884; }
td { white-space: nowrap; font-variant-numeric: tabular-nums; }
code { overflow-wrap: anywhere; }
"""


def page(title: str, content: str, *, status: int = 200) -> Answer:
    """Return a page; `content` is HTML."""
    text = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>"
        f"<main><h1>{escape(title)}</h1>{content}</main></html>"
    )
    return Answer(status, text.encode(), "text/html; charset=utf-8")
