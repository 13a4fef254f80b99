"""Scratch files of an import: the rows sorted by person, and the ledger of findings and progress. The one use of sqlite3 here."""
