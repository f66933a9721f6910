//! How often one address may try to enrol. Everything else is limited by being one device's.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::limits::{ADDRESSES_MAX, ENROL_BURST, ENROL_PER_SECOND, WRONG_CODES_BURST, WRONG_CODES_PER_MINUTE};

pub struct EnrolLimiter {
    attempts: DefaultKeyedRateLimiter<IpAddr>,
    wrong_codes: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for EnrolLimiter {
    fn default() -> Self {
        let attempts = Quota::per_second(at_least_one(ENROL_PER_SECOND)).allow_burst(at_least_one(ENROL_BURST));
        let wrong =
            Quota::per_minute(at_least_one(WRONG_CODES_PER_MINUTE)).allow_burst(at_least_one(WRONG_CODES_BURST));
        Self { attempts: RateLimiter::keyed(attempts), wrong_codes: RateLimiter::keyed(wrong) }
    }
}

impl EnrolLimiter {
    /// Counts an attempt. `false`: turn it away.
    pub fn allows_attempt(&self, address: IpAddr) -> bool {
        allows(&self.attempts, address)
    }

    /// Counts a wrong code. `false`: say only that there were too many.
    pub fn allows_wrong_code(&self, address: IpAddr) -> bool {
        allows(&self.wrong_codes, address)
    }
}

fn allows(limiter: &DefaultKeyedRateLimiter<IpAddr>, address: IpAddr) -> bool {
    if limiter.len() > ADDRESSES_MAX {
        limiter.retain_recent();
    }
    limiter.check_key(&network(address)).is_ok()
}

/// One customer holds a whole /64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from(u128::from(address) >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

fn at_least_one(count: u32) -> NonZeroU32 {
    NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_codes_of_one_address_run_out_and_others_are_not_touched() {
        let limiter = EnrolLimiter::default();
        let (one, other): (IpAddr, IpAddr) = ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        let allowed = (0..2 * WRONG_CODES_BURST).filter(|_| limiter.allows_wrong_code(one)).count();
        assert_eq!(allowed, WRONG_CODES_BURST as usize);
        assert!(limiter.allows_wrong_code(other));
        assert!(limiter.allows_attempt(one));
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:2"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
    }
}
