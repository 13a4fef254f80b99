"""The MongoDB-protocol adapters: MongoDB 8 or FerretDB 2 over DocumentDB, and no code asks which.

They use single-document writes, ordered and unordered bulks and unique indexes; no transactions, no change streams.
"""
