//! Brotli and gzip forms beside a file, made once and at the highest level: phones download them a thousand times.

use anyhow::Result;
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// Below this a header costs more than compression saves.
const BYTES_MIN: usize = 1024;
const BROTLI_QUALITY: i32 = 11;
const BROTLI_WINDOW_BITS: i32 = 22;
/// Formats that are compressed already.
const PACKED: [&str; 7] = ["png", "jpg", "jpeg", "webp", "avif", "woff2", "gz"];

/// Writes `<path>.br` and `<path>.gz`, or removes them where they would not help. `keep` says that existing ones fit.
pub fn beside(path: &Path, bytes: &[u8], keep: bool) -> Result<()> {
    let packed = path.extension().is_some_and(|kind| PACKED.iter().any(|packed| kind == *packed));
    let worth_it = bytes.len() >= BYTES_MIN && !packed;
    for (suffix, form) in [(".br", brotli as fn(&[u8]) -> Result<Vec<u8>>), (".gz", gzip)] {
        let target = with_suffix(path, suffix);
        if !worth_it {
            if target.exists() {
                fs::remove_file(target)?;
            }
        } else if !keep || !target.exists() {
            fs::write(target, form(bytes)?)?;
        }
    }
    Ok(())
}

/// The bytes that a browser downloads for this file.
pub fn transfer_bytes(path: &Path) -> Result<u64> {
    let brotli = with_suffix(path, ".br");
    Ok(fs::metadata(if brotli.exists() { &brotli } else { path })?.len())
}

/// `a.js` for `a.js.br`; any other name stays.
pub fn original_of(name: &Path) -> PathBuf {
    let text = name.to_string_lossy();
    text.strip_suffix(".br").or_else(|| text.strip_suffix(".gz")).map_or_else(|| name.to_owned(), PathBuf::from)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: BROTLI_WINDOW_BITS,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params)?;
    Ok(out)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn both_forms_unpack_to_the_file() {
        let text = "Sổ tay Đại biểu ".repeat(200);
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &brotli(text.as_bytes()).unwrap()[..], &mut unpacked).unwrap();
        assert_eq!(unpacked, text.as_bytes());
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(&gzip(text.as_bytes()).unwrap()[..]).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, text);
    }
}
