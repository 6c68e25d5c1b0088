#!/bin/sh
# Captures what two hosts send into a router between them: port1.pcap and port2.pcap, beside this script.
# Needs root and: iproute2, ethtool, tcpdump, iputils-ping, bind9-dnsutils (dig), dnsmasq, python3.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)

in_ns() { host=$1; shift; ip netns exec "p4ts-$host" "$@"; }
clean_up() {
  for ns in h1 r h2; do
    ip netns pids "p4ts-$ns" 2>/dev/null | xargs -r kill 2>/dev/null || true
    ip netns del "p4ts-$ns" 2>/dev/null || true
  done
  rm -rf "$scratch"
}
trap clean_up EXIT

# Two hosts and a router, each a namespace. Addresses are those of the README beside this script.
for ns in h1 r h2; do
  ip netns add "p4ts-$ns"
  in_ns "$ns" sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.router_solicitations=0
  in_ns "$ns" ip link set lo up
done
for n in 1 2; do
  ip link add "host$n" netns "p4ts-h$n" address "02:00:00:00:00:$n$n" type veth peer name "port$n" netns p4ts-r address "02:00:00:00:00:0$n"
  # The kernel would leave checksums and segmentation to hardware that a veth pair does not have.
  in_ns "h$n" ethtool -K "host$n" tx off rx off tso off gso off gro off txvlan off rxvlan off >/dev/null 2>&1
  in_ns r ethtool -K "port$n" tx off rx off tso off gso off gro off txvlan off rxvlan off >/dev/null 2>&1
  in_ns "h$n" ip link set "host$n" up
  in_ns r ip link set "port$n" up
  in_ns "h$n" ip address add "10.0.$n.10/24" dev "host$n"
  in_ns "h$n" ip address add "2001:db8:$n::10/64" dev "host$n" nodad
  in_ns r ip address add "10.0.$n.1/24" dev "port$n"
  in_ns r ip address add "2001:db8:$n::1/64" dev "port$n" nodad
  in_ns "h$n" ip route add default via "10.0.$n.1"
  in_ns "h$n" ip route add default via "2001:db8:$n::1"
done
vlan() {  # HOST TRUNK ADDRESS MAC: a subinterface TRUNK.10 in VLAN 10
  in_ns "$1" python3 "$here/vlan.py" "$2.10" "$4" "$2" 10 &
  sleep 1
  in_ns "$1" ip address add "$3" dev "$2.10"
}
vlan h1 host1 10.0.10.10/24 02:00:00:00:00:11
vlan r port1 10.0.10.1/24 02:00:00:00:00:01
in_ns r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
sleep 3

in_ns h2 dnsmasq --keep-in-foreground --no-resolv --no-hosts --no-daemon --pid-file= --user=root --group=root \
  --host-record=www.example.test,10.0.2.10,2001:db8:2::10 >/dev/null 2>&1 &
head -c 20000 /dev/zero | tr '\0' 'x' >"$scratch/page.txt"
in_ns h2 python3 -m http.server --directory "$scratch" 8080 >/dev/null 2>&1 &
for n in 1 2; do
  in_ns r tcpdump --immediate-mode -Q in -i "port$n" -s 0 -w "$scratch/port$n.pcap" >/dev/null 2>&1 &
done
sleep 1

quiet() { "$@" >/dev/null 2>&1 || true; }
quiet in_ns h1 ping -c 2 -i 0.2 10.0.1.1                                   # ARP, then the router itself
quiet in_ns h1 ping -c 3 -i 0.2 10.0.2.10                                  # routed
quiet in_ns h1 ping -c 1 -s 1472 10.0.2.10                                 # routed, frames of 1514 bytes
quiet in_ns h1 dig +tries=1 @10.0.2.10 www.example.test A                  # DNS over UDP
quiet in_ns h1 dig +tries=1 @2001:db8:2::10 www.example.test AAAA          # DNS over IPv6
quiet in_ns h1 python3 -c 'import urllib.request as u; u.urlopen("http://10.0.2.10:8080/page.txt").read()'   # TCP
quiet in_ns h1 ping -6 -c 2 -i 0.2 2001:db8:1::1                           # neighbour solicitation, then the router itself
quiet in_ns h1 ping -6 -c 3 -i 0.2 2001:db8:2::10                          # routed
quiet in_ns h1 ping -c 2 -i 0.2 -I 10.0.10.10 10.0.10.1                    # tagged: VLAN 10, to the router itself
quiet in_ns h1 ip route replace 10.0.2.0/24 via 10.0.10.1
quiet in_ns h1 ping -c 2 -i 0.2 -I 10.0.10.10 10.0.2.10                    # tagged, routed
quiet in_ns h1 ip route del 10.0.2.0/24
quiet in_ns h1 ping -c 1 -W 1 -t 1 10.0.2.10                               # TTL 1, as traceroute begins
quiet in_ns h1 ping -6 -c 1 -W 1 -t 1 2001:db8:2::10                       # hop limit 1
quiet in_ns h1 ping -c 1 -W 1 192.0.2.1                                    # no route
quiet in_ns h1 ping -6 -c 1 -W 1 2001:db8:ffff::1                          # no route
quiet in_ns h1 ping -c 1 -W 1 -R 10.0.2.10                                 # IPv4 options (record route)
quiet in_ns h2 ping -c 2 -i 0.2 10.0.1.10                                  # from the other side
quiet in_ns h2 ping -c 1 10.0.2.1
sleep 1
ip netns pids p4ts-r | xargs kill 2>/dev/null
sleep 1

python3 "$here/damage.py" "$scratch/port1.pcap" "$here/port1.pcap"
cp "$scratch/port2.pcap" "$here/port2.pcap"
