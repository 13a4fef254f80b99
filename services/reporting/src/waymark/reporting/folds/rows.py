"""Columns of fixed-width rows and of bits, as bytes. Nothing changes in place: a fold that raises leaves no trace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def inserted(column: bytes, width: int, at: int, row: bytes) -> bytes:
    return column[: at * width] + row + column[at * width :]


def replaced(column: bytes, width: int, at: int, row: bytes) -> bytes:
    return column[: at * width] + row + column[(at + 1) * width :]


def deleted(column: bytes, width: int, at: int) -> bytes:
    return column[: at * width] + column[(at + 1) * width :]


def bit_inserted(bits: bytes, at: int, bit: bool) -> bytes:
    """Bits are stored lowest first, without zero bytes at the end: equal sets of bits are equal bytes."""
    number = int.from_bytes(bits, "little")
    low = number & ((1 << at) - 1)
    return _bits(low | bit << at | number >> at << (at + 1))


def bit_replaced(bits: bytes, at: int, bit: bool) -> bytes:
    number = int.from_bytes(bits, "little")
    return _bits(number & ~(1 << at) | bit << at)


def bit_deleted(bits: bytes, at: int) -> bytes:
    number = int.from_bytes(bits, "little")
    low = number & ((1 << at) - 1)
    return _bits(low | number >> (at + 1) << at)


def microseconds(at: datetime) -> int:
    """Since 1970, UTC."""
    return (at - _EPOCH) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def _bits(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "little")
