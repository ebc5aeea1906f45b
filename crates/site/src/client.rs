//! Telling clients apart, so that they can take turns, without keeping who they are.

use std::fmt::Write;
use std::net::{IpAddr, Ipv6Addr};

use axum::http::HeaderMap;
use domain::Id;
use sha2::{Digest, Sha256};

/// The address at the other end of a connection.
#[derive(Clone, Copy)]
pub struct Peer(pub IpAddr);

/// Makes owners of addresses. The key is random, in memory only and gone with the process, so that
/// nobody who has the database can tell which address an owner was.
pub struct Clients {
    key: [[u8; 16]; 2],
    /// Whether a proxy of ours says who they are.
    pub(crate) trust_proxy: bool,
}

impl Default for Clients {
    fn default() -> Self {
        Self {
            key: [Id::random().to_bytes(), Id::random().to_bytes()],
            trust_proxy: false,
        }
    }
}

impl Clients {
    /// Clients whose addresses a proxy of ours tells.
    pub fn behind_a_proxy() -> Self {
        Self {
            trust_proxy: true,
            ..Self::default()
        }
    }

    /// The owner of what this client sends.
    pub fn owner(&self, peer: Option<Peer>, headers: &HeaderMap) -> String {
        let told = self.trust_proxy.then(|| forwarded(headers)).flatten();
        let address = told.or(peer.map(|Peer(address)| address));
        // A fixed length each, so that the digest of one says nothing about that of another.
        let bytes = address.map_or([0; 16], |address| network(address).octets());
        let mut digest = Sha256::new();
        digest.update(self.key.concat());
        digest.update(bytes);
        let mut owner = String::new();
        for byte in &digest.finalize()[..16] {
            let _ = write!(owner, "{byte:02x}");
        }
        owner
    }
}

/// The last entry is our proxy's own; those before it are whatever the client made up.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// Who has an IPv6 address has the other 2⁶⁴ of its network as well.
fn network(address: IpAddr) -> Ipv6Addr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(clients: &Clients, peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        clients.owner(Some(Peer(peer.parse().unwrap())), &headers)
    }

    #[test]
    fn owners_are_addresses_and_ipv6_networks_under_a_key_that_goes_with_the_process() {
        let clients = Clients::default();
        let one = owner(&clients, "192.0.2.1", &[]);
        assert_eq!(
            one,
            owner(&clients, "192.0.2.1", &["198.51.100.7"]),
            "not trusted"
        );
        assert_eq!(one, owner(&clients, "::ffff:192.0.2.1", &[]));
        assert_ne!(one, owner(&clients, "192.0.2.2", &[]));
        assert_ne!(one, owner(&Clients::default(), "192.0.2.1", &[]));
        let six = owner(&clients, "2001:db8:0:1::1", &[]);
        assert_eq!(six, owner(&clients, "2001:db8:0:1:ffff::2", &[]));
        assert_ne!(six, owner(&clients, "2001:db8:0:2::1", &[]));
    }

    #[test]
    fn behind_a_proxy_only_what_the_proxy_adds_is_believed() {
        let clients = Clients::behind_a_proxy();
        let one = owner(&clients, "127.0.0.1", &["192.0.2.1"]);
        assert_eq!(
            one,
            owner(&clients, "127.0.0.1", &["203.0.113.9, 192.0.2.1"])
        );
        assert_eq!(
            one,
            owner(&clients, "127.0.0.1", &["203.0.113.9", "192.0.2.1"])
        );
        assert_ne!(
            one,
            owner(&clients, "127.0.0.1", &["192.0.2.1, 203.0.113.9"])
        );
        let direct = owner(&clients, "127.0.0.1", &[]);
        assert_eq!(direct, owner(&clients, "127.0.0.1", &["nonsense"]));
    }
}
