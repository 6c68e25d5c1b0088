/** Kinds of addresses, as conditions. */
import { type Address, type Bool, Ipv4Prefix, Ipv6Prefix } from 'p4ts';

type Mac = Address<48, 'mac'>;
type Ipv4 = Address<32, 'ipv4'>;
type Ipv6 = Address<128, 'ipv6'>;

function isInIpv4(address: Ipv4, prefix: Ipv4Prefix): Bool {
  const { value, mask } = Ipv4Prefix.toTernary(prefix);
  return address.and(mask).eq(value);
}
function isInIpv6(address: Ipv6, prefix: Ipv6Prefix): Bool {
  const { value, mask } = Ipv6Prefix.toTernary(prefix);
  return address.and(mask).eq(value);
}

/** IEEE 802.3: the group bit is not set. */
export const isUnicastMac = (address: Mac): Bool => address.and('01:00:00:00:00:00').eq(0);
/** RFC 1112 §6.4. */
export const isIpv4MulticastMac = (address: Mac): Bool => address.and('ff:ff:ff:80:00:00').eq('01:00:5e:00:00:00');
/** RFC 2464 §7. */
export const isIpv6MulticastMac = (address: Mac): Bool => address.and('ff:ff:00:00:00:00').eq('33:33:00:00:00:00');

export const isIpv4Multicast = (address: Ipv4): Bool => isInIpv4(address, '224.0.0.0/4');
export const isIpv6Multicast = (address: Ipv6): Bool => isInIpv6(address, 'ff00::/8');

/** Sources that no packet on a wire has: unspecified, loopback, multicast, broadcast. */
export const isMartianIpv4Source = (address: Ipv4): Bool =>
  address.eq('0.0.0.0').or(isInIpv4(address, '127.0.0.0/8')).or(isIpv4Multicast(address)).or(address.eq('255.255.255.255'));
/** This network, loopback, broadcast. */
export const isMartianIpv4Destination = (address: Ipv4): Bool =>
  isInIpv4(address, '0.0.0.0/8').or(isInIpv4(address, '127.0.0.0/8')).or(address.eq('255.255.255.255'));
export const isMartianIpv6Source = (address: Ipv6): Bool => isMartianIpv6Destination(address).or(isIpv6Multicast(address));
/** :: and ::1 */
export const isMartianIpv6Destination = (address: Ipv6): Bool => isInIpv6(address, '::/127');
