//! The cookie that carries a device's token. The browser alone reads it; scripts cannot.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::app::{Config, CookieSecurity};
use crate::limits::COOKIE_MAX_AGE_S;

const NAME: &str = "sotay";

/// The token of a request, if it carries one.
pub fn token_of(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == NAME).map(|(_, value)| value)
}

/// `None` only for a congress whose id cannot stand in a header; the importer lets none through.
pub fn device_cookie(config: &Config, headers: &HeaderMap, congress: &str, token: &str) -> Option<HeaderValue> {
    let secure = if is_secure(config, headers) { "; Secure" } else { "" };
    cookie(congress, token, COOKIE_MAX_AGE_S, secure)
}

pub fn clear_cookie(config: &Config, headers: &HeaderMap, congress: &str) -> Option<HeaderValue> {
    let secure = if is_secure(config, headers) { "; Secure" } else { "" };
    cookie(congress, "", 0, secure)
}

fn cookie(congress: &str, token: &str, max_age_s: u64, secure: &str) -> Option<HeaderValue> {
    let path = format!("/api/v1/congresses/{congress}");
    let text = format!("{NAME}={token}; Path={path}; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).ok()
}

fn is_secure(config: &Config, headers: &HeaderMap) -> bool {
    match config.cookie {
        CookieSecurity::Secure => true,
        CookieSecurity::Insecure => false,
        CookieSecurity::Auto => {
            let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
            let forwarded = text("x-forwarded-proto").filter(|_| config.behind_proxy);
            match (forwarded, &config.public_url) {
                (Some(protocol), _) => protocol.eq_ignore_ascii_case("https"),
                (None, Some(url)) => url.starts_with("https:"),
                (None, None) => !is_hall_host(text("host").unwrap_or_default()),
            }
        }
    }
}

/// A host that is reached without TLS in a hall: this machine, an address, or a name of the local network.
fn is_hall_host(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost" || name.ends_with(".local") || name.parse::<std::net::IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        let found = |line: &'static str| token_of(&headers(&[("cookie", line)])).map(str::to_owned);
        assert_eq!(found("a=b; sotay=xyz; c=d"), Some("xyz".to_owned()));
        assert_eq!(found("sotay2=xyz"), None);
        assert_eq!(token_of(&HeaderMap::new()), None);
    }

    #[test]
    fn a_cookie_is_secure_unless_the_hall_has_no_tls() {
        let auto = Config::default();
        for (host, secure) in [
            ("localhost:8080", false),
            ("127.0.0.1", false),
            ("[::1]:8080", false),
            ("192.168.1.7:8080", false),
            ("hoi-truong.local", false),
            ("daihoi.example.vn", true),
        ] {
            assert_eq!(is_secure(&auto, &headers(&[("host", host)])), secure, "{host}");
        }
        let public = |url: &str| Config { public_url: Some(url.to_owned()), ..Config::default() };
        assert!(is_secure(&public("https://a.vn"), &headers(&[("host", "localhost")])));
        assert!(!is_secure(&public("http://a.vn"), &headers(&[("host", "a.vn")])));
        let proxy = Config { behind_proxy: true, ..Config::default() };
        assert!(is_secure(&proxy, &headers(&[("host", "localhost"), ("x-forwarded-proto", "https")])));
        assert!(!is_secure(&auto, &headers(&[("host", "localhost"), ("x-forwarded-proto", "https")])));
    }

    #[test]
    fn a_cookie_serves_one_congress_and_no_script() {
        let config = Config { cookie: CookieSecurity::Secure, ..Config::default() };
        let cookie = device_cookie(&config, &HeaderMap::new(), "dai-hoi", "abc").unwrap();
        let wanted = "sotay=abc; Path=/api/v1/congresses/dai-hoi; Max-Age=31536000; HttpOnly; SameSite=Strict; Secure";
        assert_eq!(cookie, wanted);
    }
}
