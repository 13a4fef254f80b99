"""Reading a OneRoster package (CSV in a zip, 1.2 and 1.1): pure, and distrustful of every byte.

`archive` opens the zip, `manifest` says which files count and how, `tables` declares what is read of each, `header` matches
its columns, `rows` checks it row by row. Whatever is wrong becomes a `Finding`, or ends the package as `PackageRefused`.
"""
