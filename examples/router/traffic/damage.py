"""Copies a capture and appends damaged copies of its first routed ping, one millisecond apart.

usage: damage.py IN.pcap OUT.pcap
"""
import struct
import sys

FILE_HEADER, RECORD_HEADER, ETHERNET = 24, 16, 14


def records(capture):
    at = FILE_HEADER
    while at < len(capture):
        seconds, micros, length, _ = struct.unpack_from("<IIII", capture, at)
        at += RECORD_HEADER
        yield seconds, micros, capture[at : at + length]
        at += length


def checksum(header):
    total = sum(struct.unpack(f">{len(header) // 2}H", header))
    while total > 0xFFFF:
        total = (total >> 16) + (total & 0xFFFF)
    return ~total & 0xFFFF


def with_field(frame, offset, value):
    """The frame with two bytes of its IPv4 header replaced."""
    return frame[: ETHERNET + offset] + struct.pack(">H", value) + frame[ETHERNET + offset + 2 :]


def damaged(frame):
    """The checksum is at offset 10 of the IPv4 header, the total length at offset 2."""
    good = struct.unpack_from(">H", frame, ETHERNET + 10)[0]
    yield with_field(frame, 10, good ^ 0xFFFF)  # wrong IPv4 checksum
    yield frame[: ETHERNET + 10]  # half an IPv4 header
    longer = with_field(with_field(frame, 2, 1500), 10, 0)
    yield with_field(longer, 10, checksum(longer[ETHERNET : ETHERNET + 20]))  # a total length beyond the frame
    yield frame[:10]  # a runt: not even an Ethernet header


source, target = sys.argv[1:]
capture = open(source, "rb").read()
assert capture[:4] == bytes.fromhex("d4c3b2a1"), "a little-endian capture in microseconds is expected"
all_records = list(records(capture))
h1_to_h2 = bytes([10, 0, 1, 10, 10, 0, 2, 10])
ping = next(frame for _, _, frame in all_records if frame[12:14] == b"\x08\x00" and frame[26:34] == h1_to_h2)
last = all_records[-1][0] * 1_000_000 + all_records[-1][1]
with open(target, "wb") as out:
    out.write(capture)
    for n, frame in enumerate(damaged(ping), 1):
        out.write(struct.pack("<IIII", *divmod(last + 1000 * n, 1_000_000), len(frame), len(frame)) + frame)
