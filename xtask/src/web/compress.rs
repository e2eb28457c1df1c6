//! Brotli and gzip copies, made once here so that the server never compresses on a request.

use anyhow::Result;
use std::io::Write;

/// How hard to try.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effort {
    /// While working: a second or two.
    Quick,
    /// To be downloaded many times.
    Best,
}

/// Brotli.
pub fn brotli(data: &[u8], effort: Effort) -> Result<Vec<u8>> {
    let quality = match effort {
        Effort::Quick => 5,
        Effort::Best => 11,
    };
    let parameters = brotli::enc::BrotliEncoderParams {
        quality,
        size_hint: data.len(),
        ..brotli::enc::BrotliEncoderParams::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &data[..], &mut packed, &parameters)?;
    Ok(packed)
}

/// Gzip.
pub fn gzip(data: &[u8], effort: Effort) -> Result<Vec<u8>> {
    let level = match effort {
        Effort::Quick => flate2::Compression::fast(),
        Effort::Best => flate2::Compression::best(),
    };
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
    encoder.write_all(data)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn a_compressed_file_unpacks_to_what_it_was() {
        let text = "من المطبخ إلى الباب ".repeat(500).into_bytes();
        for effort in [Effort::Quick, Effort::Best] {
            let mut unpacked = Vec::new();
            brotli::Decompressor::new(&brotli(&text, effort).unwrap()[..], 4096)
                .read_to_end(&mut unpacked)
                .unwrap();
            assert_eq!(unpacked, text);
            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(&gzip(&text, effort).unwrap()[..])
                .read_to_end(&mut unpacked)
                .unwrap();
            assert_eq!(unpacked, text);
        }
    }
}
