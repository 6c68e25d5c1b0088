/** Kinds of addresses, as conditions. */
import type { Bool, Expr } from 'p4ts';

/** IEEE 802.3: the group bit is not set. */
export const isUnicastMac = (address: Expr<48>): Bool => address.bits(40, 1).eq(0);
/** RFC 1112 §6.4. */
export const isIpv4MulticastMac = (address: Expr<48>): Bool => address.bits(23, 25).eq(0x01005e << 1);
/** RFC 2464 §7. */
export const isIpv6MulticastMac = (address: Expr<48>): Bool => address.bits(32, 16).eq(0x3333);

/** 224.0.0.0/4 */
export const isIpv4Multicast = (address: Expr<32>): Bool => address.bits(28, 4).eq(0xe);
/** ff00::/8 */
export const isIpv6Multicast = (address: Expr<128>): Bool => address.bits(120, 8).eq(0xff);

/** Sources that no packet on a wire has: unspecified, loopback, multicast, broadcast. */
export const isMartianIpv4Source = (address: Expr<32>): Bool =>
  address.eq(0).or(isIpv4Loopback(address)).or(isIpv4Multicast(address)).or(address.eq(0xffffffff));
/** 0.0.0.0/8, loopback, broadcast. */
export const isMartianIpv4Destination = (address: Expr<32>): Bool =>
  address.bits(24, 8).eq(0).or(isIpv4Loopback(address)).or(address.eq(0xffffffff));
export const isMartianIpv6Source = (address: Expr<128>): Bool => isMartianIpv6Destination(address).or(isIpv6Multicast(address));
/** :: and ::1 */
export const isMartianIpv6Destination = (address: Expr<128>): Bool => address.bits(1, 127).eq(0);

/** 127.0.0.0/8 */
const isIpv4Loopback = (address: Expr<32>): Bool => address.bits(24, 8).eq(127);
