"""An 802.1Q subinterface in user space, for kernels without 802.1Q: a tap device whose frames are tagged on a trunk.

usage: vlan.py TAP MAC TRUNK VLAN_ID
"""
import fcntl
import os
import select
import socket
import struct
import subprocess
import sys

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
ETH_P_ALL, TAG = 0x0003, b"\x81\x00"
# The kernel takes the tag out of a received frame and hands it over in auxiliary data (struct tpacket_auxdata).
SOL_PACKET, PACKET_AUXDATA, VLAN_VALID = 263, 8, 1 << 4

tap_name, mac, trunk_name, vlan_id = *sys.argv[1:4], int(sys.argv[4])
tap = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH", tap_name.encode(), IFF_TAP | IFF_NO_PI))
subprocess.run(["ip", "link", "set", tap_name, "address", mac, "up"], check=True)
trunk = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
trunk.bind((trunk_name, 0))
trunk.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)

while True:
    ready, _, _ = select.select([tap, trunk], [], [])
    if tap in ready:
        frame = os.read(tap, 2048)
        trunk.send(frame[:12] + TAG + struct.pack(">H", vlan_id) + frame[12:])
    if trunk in ready:
        frame, auxiliary, _, address = trunk.recvmsg(2048, 64)
        outgoing = address[2] == socket.PACKET_OUTGOING
        for level, kind, data in auxiliary:
            status, _, _, _, _, tag = struct.unpack_from("<IIIHHH", data)
            if (level, kind) == (SOL_PACKET, PACKET_AUXDATA) and status & VLAN_VALID and tag & 0xFFF == vlan_id and not outgoing:
                os.write(tap, frame)
